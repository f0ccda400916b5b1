import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examplesOf } from "../src/help.ts";
import { createOutput } from "../src/output.ts";
import { calledEntry, createWholeProgram } from "../src/program.ts";
import { commandReference } from "../src/reference.ts";
import { memomesh, memomeshIntoClosedPipe, temporaryFolder } from "./program.ts";

describe("the frame of every command", () => {
  test("prints the version of package.json", async () => {
    await using folder = await temporaryFolder();
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, "..", "package.json"), "utf8"));
    expect(await memomesh(["--version"], { cwd: folder.path })).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });

  test("ends with 2 on a wrong call and says what was probably meant", async () => {
    await using folder = await temporaryFolder();
    const { code, out, err } = await memomesh(["statu"], { cwd: folder.path });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Did you mean status?");
  });

  test("outside of a mesh says so in one sentence and ends with 2", async () => {
    await using folder = await temporaryFolder();
    const { code, err } = await memomesh(["status"], { cwd: folder.path });
    expect(code).toBe(2);
    expect(err).toContain("memomesh init");
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("gives errors as JSON on standard error when JSON was asked for", async () => {
    await using folder = await temporaryFolder();
    const { code, out, err } = await memomesh(["status", "--json"], { cwd: folder.path });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(JSON.parse(err).error).toMatchObject({ code: "mesh.missing", exit: 2 });
  });

  test("is quiet when the reader of its output has left", async () => {
    await using folder = await temporaryFolder();
    expect(await memomeshIntoClosedPipe(["--help"], folder.path)).toEqual({ code: 0, out: "", err: "" });
  });

  test("loads only the command that is called", () => {
    expect(calledEntry(["memo", "new", "--to", "status"])?.name).toBe("memo new");
    expect(calledEntry(["--json", "log"])?.name).toBe("log");
    expect(calledEntry(["memo"])).toBeUndefined();
  });

  test("help memo new and memo new --help are the same", async () => {
    await using folder = await temporaryFolder();
    const [one, other] = await Promise.all(
      [
        ["help", "memo", "new"],
        ["memo", "new", "--help"],
      ].map((args) => memomesh(args, { cwd: folder.path })),
    );
    expect(one?.out).toContain("--priority");
    expect(one).toEqual(other);
  });

  test("every command has a summary, an example and --json", async () => {
    const program = await createWholeProgram({ output: createOutput({ json: false }), exit: () => {} });
    const commands = program.commands.flatMap((command) =>
      command.commands.length === 0 ? [command] : command.commands,
    );
    for (const command of commands) {
      expect(command.description(), command.name()).not.toBe("");
      expect(examplesOf(command), command.name()).not.toHaveLength(0);
      expect(
        command.options.map(({ long }) => long),
        command.name(),
      ).toContain("--json");
    }
  });

  test("docs/commands.md is what the commands say", async () => {
    const file = join(import.meta.dirname, "..", "..", "..", "docs", "commands.md");
    expect(await readFile(file, "utf8")).toBe(await commandReference());
  });
});
