import * as z from "zod";
import { cost, type Flaw } from "../finding.ts";
import type { ShellText } from "../material.ts";
import { silence } from "./answer.ts";
import { parsedJson } from "./parsed-json.ts";
import type { Tool } from "./tool.ts";

const comments = z.array(z.object({ line: z.number(), level: z.string(), code: z.number(), message: z.string() }));

/** In steps, which run with `set -e` and get `$SITE` and others from outside. */
const meantForScripts = ["SC2164", "SC2148", "SC2154"];

export const shellcheck: Tool = {
  name: "shellcheck",
  programs: ["shellcheck"],
  kinds: ["shell", "runbook"],
  acts: false,
  async look(file, { program, place, material }) {
    const texts = material.shell.filter((text) => text.file === file.path);
    const flaws: Flaw[] = [];
    for (const text of texts) {
      const excluded = text.origin === "script" ? [] : ["-e", meantForScripts.join(",")];
      const shell = text.origin === "script" && /^#!.*\/(?:env )?(?:da)?sh\b/.test(text.text) ? "sh" : "bash";
      const ended = await place.run(program, ["--norc", "-f", "json", "-s", shell, ...excluded, "-"], text.text);
      // 0: nothing, 1: something to say.
      if (ended.code !== 0 && ended.code !== 1) return [...flaws, ...silence("shellcheck", file, ended)];
      flaws.push(...read(ended.out, text));
    }
    return flaws;
  },
};

function read(out: string, { file, line }: ShellText): Flaw[] {
  const parsed = comments.safeParse(parsedJson(out));
  return (parsed.data ?? [])
    .filter(({ level }) => level === "error" || level === "warning")
    .map((comment) => ({
      file,
      line: line + comment.line - 1,
      text: `shellcheck: ${comment.message.replace(/\.$/, "")} (SC${comment.code})`,
      cost: comment.level === "error" ? cost.serious : cost.slight,
    }));
}
