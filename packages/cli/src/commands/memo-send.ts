import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { Exit, MeshError, type Priority, priorities, withHeader } from "@memomesh/core";
import { sendMemo } from "@memomesh/mesh";
import { Option } from "commander";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { meshHere } from "../here.ts";
import { readNames } from "../option-values.ts";
import { tellSent } from "../sent.ts";
import { signingOf, signOption } from "../sign-option.ts";

interface Options {
  to?: string[];
  priority?: Priority;
  re?: string;
  from?: string;
  sign?: boolean;
}

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh memo send deploy.md", "a finished memo"],
    ["git log -1 --format='# Released %s%n%n%b' | memomesh memo send - --to writer", "from another program"],
  ])
    .argument("<file>", "the memo; - for standard input")
    .option("--to <nodes>", "who gets it, whatever the file says; several with commas", readNames)
    .addOption(new Option("--priority <priority>", "how soon it matters, whatever the file says").choices(priorities))
    .option("--re <id>", "the memo that this one answers")
    .option("--from <node>", "who sends it (default: the node whose folder you are in, else operator)")
    .addOption(signOption())
    .action(async (file: string, { from, sign, ...changes }: Options) => {
      const { mesh, node } = await meshHere(from);
      const source = file === "-" ? await standardInput() : await readFile(file, "utf8");
      const memo = Object.keys(changes).length === 0 ? source : withHeader(source, { ...changes });
      const name = file === "-" ? "standard input" : file;
      tellSent(output, await sendMemo(mesh, node, memo, name, new Date(), signingOf(sign)));
    });
};

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new MeshError(
      "memo.no-input",
      "nothing was piped in; give a file, pipe a memo in, or use `memomesh memo new`",
      { exit: Exit.usage },
    );
  }
  return readAll(process.stdin);
}
