import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { endText } from "../src/end-text.ts";
import { systemPath } from "../src/environment.ts";
import { type Attendance, type Command, execute } from "../src/execute.ts";
import { approveAndRun, makeWorkspace } from "./workspace.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "memomesh-execute-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function run(text: string, changes: Partial<Command> = {}, attendance: Attendance = {}) {
  const command = { text, folder, environment: { PATH: systemPath }, secrets: {}, timeoutSeconds: 60, ...changes };
  return execute(command, { graceMilliseconds: 100, ...attendance });
}

describe("a command", () => {
  test("ends at the first part that fails", async () => {
    expect(await run("false\ntouch ran")).toMatchObject({ end: { kind: "exited", exit: 1 } });
    expect(await run("false | cat")).toMatchObject({ end: { kind: "exited", exit: 1 } });
  });

  test("fails for a variable that is not set", async () => {
    const { end, output } = await run('echo "$SITEE/old"');
    expect(end.kind === "exited" && end.exit).toBeGreaterThan(0);
    expect(output.text).toContain("SITEE: unbound variable");
  });

  test("reads nothing from a terminal", async () => {
    expect((await run("cat; echo end")).output.text).toBe("end\n");
  });

  test("leads a process group and a session of its own", async () => {
    const { output } = await run("echo $$ $(ps -o pgid=,sid= -p $$)");
    const [pid, group, session] = output.text.trim().split(/\s+/);
    expect([group, session]).toEqual([pid, pid]);
  });

  test("tells what its exit code means", async () => {
    expect(endText((await run("no-such-command-here")).end)).toContain("a command was not found");
    await writeFile(join(folder, "text"), "");
    expect(endText((await run("./text")).end)).toContain("could not be executed");
    expect(endText((await run("kill -9 $$")).end)).toBe("ended by SIGKILL");
    expect(endText((await run("(kill -9 $BASHPID)")).end)).toContain("signal 9");
  });
});

describe("when its time is over", () => {
  test("the whole group is ended, background processes included", async () => {
    const text = '(trap "" TERM; while :; do sleep 60; done) > /dev/null 2>&1 &\necho $! > background\nsleep 60';
    const { end } = await run(text, { timeoutSeconds: 0.3 });
    expect(end).toEqual({ kind: "timeout", seconds: 0.3 });
    const pid = Number(await readFile(join(folder, "background"), "utf8"));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { interval: 5 });
  });
});

describe("when a person stops it", () => {
  test("the whole group is ended", async () => {
    const stop = new AbortController();
    const onOutput = (text: string) => text.includes("ready") && stop.abort();
    const { end, output } = await run(
      "trap '' TERM; echo ready; sleep 60 & wait",
      {},
      { signal: stop.signal, onOutput },
    );
    expect(end).toEqual({ kind: "stopped" });
    expect(output.text).toBe("ready\n");
  });

  test("before it began it does not begin", async () => {
    expect(await run("touch ran", {}, { signal: AbortSignal.abort() })).toMatchObject({ end: { kind: "not-started" } });
  });
});

describe("when it has ended", () => {
  test("what it left in the background is ended, and that is said", async () => {
    const { end, leftovers, output } = await run("sleep 60 &\necho $!");
    expect({ end, leftovers }).toEqual({ end: { kind: "exited", exit: 0 }, leftovers: true });
    await vi.waitFor(() => expect(isAlive(Number(output.text))).toBe(false), { interval: 5 });
  });

  test("nobody waits for a process that has left the group and holds the output", async () => {
    const text = "setsid sh -c 'echo $$ > up; exec sleep 60' &\nuntil test -s up; do :; done\ncat up";
    const { end, output } = await run(text);
    expect(end).toEqual({ kind: "exited", exit: 0 });
    process.kill(Number(output.text), "SIGKILL");
  });
});

describe("its environment", () => {
  test("holds nothing but what is given, named, or the target's", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ attributes: "Risk: low. Needs: TOKEN.", run: "env > env" }]);
    const environment = {
      HOME: "/h",
      TOKEN: "t0k3n-value",
      OTHER: "x",
      BASH_ENV: "/x",
      LD_PRELOAD: "/x",
      PATH: "/evil",
    };
    await approveAndRun(await workspace.review({}, { environment }), 1);
    const lines = (await readFile(join(workspace.site, "env"), "utf8")).trim().split("\n");
    const names = lines.map((line) => line.split("=", 1)[0]);
    const ofBash = ["PWD", "SHLVL", "_", "OLDPWD"];
    expect(names.filter((name) => !ofBash.includes(name ?? "")).sort()).toEqual([
      "HOME",
      "LANG",
      "MESH",
      "PATH",
      "SITE",
      "TMPDIR",
      "TOKEN",
    ]);
    expect(lines).toContain(`PATH=${systemPath}`);
    expect(lines).toContain(`SITE=${workspace.site}`);
  });

  test("makes bash read no file and import no function, even if somebody puts such names in", async () => {
    await writeFile(join(folder, "start.sh"), "touch started");
    const environment = {
      PATH: systemPath,
      BASH_ENV: join(folder, "start.sh"),
      ENV: join(folder, "start.sh"),
      "BASH_FUNC_test%%": "() { touch imported; }",
      SHELLOPTS: "xtrace",
    };
    const { output } = await run("test -e start.sh; ls", { environment });
    expect(output.text.trim()).toBe("start.sh");
  });

  test("cannot be asked for names that steer the shell or the loader", async () => {
    const workspace = await makeWorkspace();
    for (const name of ["BASH_ENV", "LD_PRELOAD", "PATH", "IFS", "SSH_CLIENT"]) {
      await workspace.write([{ attributes: `Risk: low. Needs: ${name}.`, run: "true" }]);
      const { steps } = await workspace.open();
      expect(steps[0]).toMatchObject({ digest: undefined, problems: [expect.stringContaining(name)] });
    }
  });
});

describe("its output", () => {
  test("comes as it is made, safe for a terminal", async () => {
    const parts: string[] = [];
    await run("printf 'a\\033[2Jb\\n'; printf 'c\\n' >&2", {}, { onOutput: (text) => parts.push(text) });
    expect(parts.join("")).not.toContain("\u001b");
    expect(parts.join("")).toMatch(/a.+b\n/);
    expect(parts.join("")).toContain("c\n");
  });

  test("is kept with its beginning and its end, however long it is", async () => {
    const { output } = await run("echo first; yes 0123456789 | head -c 3000000 || true; echo; echo last");
    expect(output.text).toMatch(/^first\n/);
    expect(output.text).toMatch(/\nlast\n$/);
    expect(output.text).toContain(`[${output.omitted} characters left out]`);
    expect(output.text.length).toBeLessThan(66 * 1024);
    expect(output.omitted).toBeGreaterThan(2_900_000);
  });

  test("holds no part of a secret where it was cut", async () => {
    const secret = "correct-horse-battery-staple";
    const secrets = { PASSWORD: secret };
    for (const before of [32 * 1024 - 10, 32 * 1024 - 1]) {
      const text = `printf '%*s' ${before} ''; echo '${secret}'; yes x | head -c 100000; echo`;
      const { output } = await run(text, { secrets });
      expect(output.text).not.toContain("corr");
    }
  });
});

function isAlive(pid: number): boolean {
  if (spawnSync("kill", ["-0", String(pid)], { stdio: "ignore" }).status !== 0) return false;
  if (process.platform !== "linux") return true;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
