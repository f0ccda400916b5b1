import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Lines } from "../../src/programs/lines.ts";
import { type ProgramRun, runProgram } from "../../src/programs/run-program.ts";
import { refused } from "./stand-in.ts";

const folder = mkdtempSync(join(tmpdir(), "memomesh-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines: string[] = [];

/** Runs shell text; the program itself is bash, so that the test can say what is in its group. */
function bash(text: string, changes: Partial<ProgramRun> = {}) {
  lines.length = 0;
  return runProgram({
    program: "bash",
    title: "bash",
    install: "Install bash.",
    args: ["-c", text],
    env: { PATH: process.env.PATH ?? "", HOME: folder },
    cwd: folder,
    input: "",
    seconds: 30,
    graceMilliseconds: 50,
    consequence: "nothing was applied, and the memo waits",
    signal: new AbortController().signal,
    secrets: {},
    onLine: (line) => lines.push(line),
    ...changes,
  });
}

function pidIn(file: string): number {
  return Number(readFileSync(join(folder, file), "utf8"));
}

function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
}

describe("running a program", () => {
  test("hands over its lines, its code and the end of what it complained about, without secrets", async () => {
    const end = await bash(`cat; echo; printf 'half'; echo "bad key sesame-open-4711" >&2; exit 7`, {
      input: "from input",
      secrets: { KEY: "sesame-open-4711" },
    });
    expect(lines).toEqual(["from input", "half"]);
    expect(end).toEqual({ code: 7, signal: null, errors: "bad key ‹KEY›" });
  });

  test("closes its input, so that a program that reads on does not wait", async () => {
    expect((await bash("cat; cat; exit 3")).code).toBe(3);
  });

  test("takes no notice when the program does not read its input", async () => {
    expect((await bash("exec 0<&-; exit 0", { input: "x".repeat(1_000_000) })).code).toBe(0);
  });

  test("leaves nothing of the group behind when the program has ended", async () => {
    await bash("sleep 600 >/dev/null 2>&1 & echo $! > left; exit 0");
    expect(isRunning(pidIn("left"))).toBe(false);
  });

  test("leaves nothing behind that was given a group of its own", async () => {
    const end = await bash("setsid bash -c 'echo $$ > away; exec sleep 600' & until [ -s away ]; do :; done; echo out");
    expect(end.code).toBe(0);
    expect(lines).toEqual(["out"]);
    expect(isRunning(pidIn("away"))).toBe(false);
  });

  test("does not wait for output that a process which cannot be found holds open", async () => {
    await bash("env -i setsid bash -c 'echo $$ > lost; exec sleep 600' & until [ -s lost ]; do :; done; echo out");
    expect(lines).toEqual(["out"]);
    process.kill(pidIn("lost"), "SIGKILL");
  });

  test("ends by force, grandchildren included, what does not end when it is asked to", async () => {
    const stubborn = `trap '' TERM; bash -c 'trap "" TERM; echo $$ > deep; echo ready; while :; do sleep 1; done'`;
    const stop = new AbortController();
    const run = bash(stubborn, { signal: stop.signal, onLine: () => stop.abort(new Error("enough")) });
    await expect(run).rejects.toThrow("enough");
    expect(isRunning(pidIn("deep"))).toBe(false);
  });

  test("does not start when the session was stopped before", async () => {
    await expect(bash("echo never", { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow("too late");
    expect(lines).toEqual([]);
  });

  test("says after which time it was stopped", async () => {
    const error = await refused(bash("sleep 600", { seconds: 0.05 }));
    expect(error).toMatchObject({ code: "agent.program.timeout" });
    expect(error.message).toContain("within 0.05 s");
  });

  test("says where else a task can come from when it is too long for an argument", async () => {
    const error = await refused(bash("true", { args: ["-c", "true", "x".repeat(4_000_000)] }));
    expect([error.code, error.message]).toEqual([
      "agent.program.arguments",
      expect.stringContaining("Leave {prompt} out of `command`"),
    ]);
  });

  test("says what to install when there is no such program", async () => {
    const error = await refused(bash("", { program: "memomesh-no-such-program" }));
    expect(error.message).toBe('the program "memomesh-no-such-program" was not found. Install bash.');
  });
});

describe("cutting output into lines", () => {
  function cut(...chunks: readonly (string | Buffer)[]): string[] {
    const found: string[] = [];
    const reader = new Lines((line) => found.push(line));
    for (const chunk of chunks) reader.add(Buffer.from(chunk as string));
    reader.end();
    return found;
  }

  test("joins what comes in pieces, letters of several bytes too", () => {
    const [first, second] = [Buffer.from("gr\u00fcn").subarray(0, 3), Buffer.from("gr\u00fcn").subarray(3)];
    expect(cut("a", "b\nc\r\n", "\n", first, second)).toEqual(["ab", "c", "gr\u00fcn"]);
  });

  test("passes over a line that is too long, and goes on behind it", () => {
    const long = "x".repeat(3 * 1024 * 1024);
    expect(cut("before\n", long, long, "rest\nafter\n", `${long}${long}\nlast`)).toEqual(["before", "after", "last"]);
  });
});
