import { execFileSync } from "node:child_process";
import type { Command } from "commander";
import { beforeAll, describe, expect, test } from "vitest";
import { completionScript } from "../src/completion.ts";
import { createOutput } from "../src/output.ts";
import { createWholeProgram } from "../src/program.ts";

let program: Command;

beforeAll(async () => {
  program = await createWholeProgram({ output: createOutput({ json: false }), exit: () => {} });
});

/** What a real bash offers for a line that is being typed. */
function offered(...words: string[]): string[] {
  const call = `COMP_WORDS=(memomesh "$@"); COMP_CWORD=$#; _memomesh; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync(
    "bash",
    ["--norc", "-c", `${completionScript(program, "bash")}\n${call}`, "bash", ...words],
    { encoding: "utf8" },
  );
  return out.trim().split("\n");
}

describe("completion", () => {
  test("bash offers commands, then those of a group, then options", () => {
    expect(offered("st")).toEqual(["stage", "status"]);
    expect(offered("memo", "s")).toEqual(["send", "show"]);
    expect(offered("memo", "new", "--pri")).toEqual(["--priority"]);
    expect(offered("completion", "f")).toEqual(["fish"]);
  });

  test("zsh and fish know every command", () => {
    for (const shell of ["zsh", "fish"] as const) {
      const script = completionScript(program, shell);
      for (const command of program.commands) expect(script, shell).toContain(command.name());
      expect(script).toContain("--priority".slice(shell === "fish" ? 2 : 0));
    }
  });
});
