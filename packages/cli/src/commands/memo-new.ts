import { type MemoType, memoTypes, type Priority, priorities, withHeader } from "@memomesh/core";
import { memoText } from "@memomesh/mesh";
import { Option } from "commander";
import type { CommandModule } from "../commands.ts";
import { compose } from "../compose.ts";
import { withExamples } from "../help.ts";
import { meshHere } from "../here.ts";
import { readNames } from "../option-values.ts";
import { tellSent } from "../sent.ts";
import { signingOf, signOption } from "../sign-option.ts";
import { text } from "../text.ts";

interface Options {
  to?: string[];
  type: MemoType;
  priority: Priority;
  re?: string;
  from?: string;
  sign?: boolean;
}

/** Ctrl-C belongs to the editor. */
export const ownInterrupt = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    [
      "memomesh memo new 'Deploy shop 1.4.2 to staging' --to sysadmin --type deployment",
      "from the deployment template",
    ],
    ["memomesh memo new --to '*' --type notice", "to everyone"],
  ])
    .argument("[subject...]", "what it is about")
    .option("--to <nodes>", "who gets it, several with commas; '*' for everyone", readNames)
    .addOption(new Option("--type <type>", "which template to start from").choices(memoTypes).default("ask"))
    .addOption(new Option("--priority <priority>", "how soon it matters").choices(priorities).default("normal"))
    .option("--re <id>", "the memo that this one answers")
    .option("--from <node>", "who sends it (default: the node whose folder you are in, else operator)")
    .addOption(signOption())
    .action(async (words: string[], { to = [], type, priority, re, from, sign }: Options) => {
      const { mesh, node } = await meshHere(from);
      const template = await memoText(mesh.root, type, { to, priority, subject: words.join(" ") || "Subject" });
      const started = re === undefined ? template : withHeader(template, { re });
      const sent = await compose(mesh, node, started, signingOf(sign));
      if (sent !== undefined) return tellSent(output, sent);
      output.note(text`The text was left as it was; nothing was sent.`);
      exit(1);
    });
};
