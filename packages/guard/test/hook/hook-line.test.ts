import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { guardLine } from "../../src/index.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "memomesh-line-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that is a shell text. */
function program(text: string): readonly string[] {
  const path = join(folder, "it's a hook.sh");
  writeFileSync(path, text);
  return ["/bin/sh", path];
}

function run(shell: string, line: string, path = process.env.PATH ?? "") {
  const quiet = shell.endsWith("bash") ? ["--norc"] : [];
  const { status, stderr } = spawnSync(shell, [...quiet, "-c", line], {
    input: "{}",
    encoding: "utf8",
    env: { PATH: path },
  });
  return { status, stderr };
}

const shells = ["/bin/sh", "/bin/bash"];

describe.each(shells)("a guard's hook under %s", (shell) => {
  test("allows and denies as the guard says", () => {
    expect(run(shell, guardLine(program("exit 0"), ["guard"]))).toEqual({ status: 0, stderr: "" });
    expect(run(shell, guardLine(program("echo no >&2; exit 2"), ["guard"]))).toEqual({ status: 2, stderr: "no\n" });
  });

  test.each([
    ["crashes", "exit 1"],
    ["ends as a program that is missing", "exit 127"],
    ["is killed", "kill -9 $$"],
    ["is ended for being late", "exit 124"],
  ])("denies when the guard %s", (_, text) => {
    const { status, stderr } = run(shell, guardLine(program(text), ["guard"]));
    expect(status).toBe(2);
    expect(stderr).toContain("gave no decision");
  });

  test("denies when the guard is gone", () => {
    expect(run(shell, guardLine(["/nonexistent/memomesh"], ["guard"]))).toMatchObject({ status: 2 });
  });

  test("denies and allows where there is no timeout, as on macOS", ({ skip }) => {
    const perl = spawnSync("sh", ["-c", "command -v perl"], { encoding: "utf8" }).stdout.trim();
    if (perl === "") return skip("there is no Perl here");
    symlinkSync(perl, join(folder, "perl"));
    expect(run(shell, guardLine(program("exit 0"), []), folder)).toEqual({ status: 0, stderr: "" });
    expect(run(shell, guardLine(program("exit 2"), []), folder)).toEqual({ status: 2, stderr: "" });
    expect(run(shell, guardLine(program("kill -ALRM $$"), []), folder)).toMatchObject({ status: 2 });
  });

  test("denies where there is neither timeout nor Perl", () => {
    expect(run(shell, guardLine(program("exit 0"), []), folder)).toMatchObject({ status: 2 });
  });

  test("hands its input and its arguments on as they are", () => {
    const echo = program('test "$(cat)" = "{}" && test "$2" = "a b" && test "$3" = \'it"s $HOME\' && exit 0; exit 1');
    expect(run(shell, guardLine(echo, ["guard", "a b", 'it"s $HOME']))).toEqual({ status: 0, stderr: "" });
  });
});
