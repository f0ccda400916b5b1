import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Connections } from "../src/connections.ts";
import { executeRemote } from "../src/execute-remote.ts";
import { approveStep, checkRunbook, continueReview, probeTarget, runStep, undoStep } from "../src/index.ts";
import { identify } from "../src/process-identity.ts";
import { startProgram } from "./program.ts";
import { type Host, hasSshd, startHost } from "./sshd.ts";
import { ada, approveAndRun, makeWorkspace, type StepSource } from "./workspace.ts";

const onHost = test.skipIf(!hasSshd);

async function prepare(host: Host, steps: readonly StepSource[]) {
  const workspace = await makeWorkspace();
  const targets = { staging: host.target };
  await workspace.write(steps);
  return { workspace, targets, request: { ...workspace.request, targets } };
}

const site = (host: Host, name: string) => join(host.folder, "site", name);

async function appears(path: string): Promise<string> {
  for (;;) {
    const text = existsSync(path) ? await readFile(path, "utf8") : "";
    if (text.endsWith("\n")) return text.trim();
    await wait(20);
  }
}

const isAlive = (pid: number) => identify(pid) !== undefined;

async function ends(pid: number): Promise<void> {
  while (isAlive(pid)) await wait(20);
}

describe("a step on a host", () => {
  onHost("runs, is checked and is undone, in the target's folder and with what it names", async () => {
    const host = await startHost();
    const odd = `it's "odd" $HOME \\ \n*`;
    const { targets, workspace } = await prepare(host, [
      {
        attributes: "Risk: low. Needs: TOKEN.",
        run: `printf '%s' "$TOKEN$MODE" > out; pwd > where; cat > stdin; env | sort > env; echo "token $TOKEN"`,
        check: "test -s out",
        undo: "rm out",
      },
    ]);
    const staging = { ...host.target, env: { MODE: odd } };
    const environment = { TOKEN: "s3cret-token", OTHER: "never" };
    const review = await workspace.review({ environment }, { targets: { ...targets, staging }, environment });
    const result = await approveAndRun(review, 1);
    expect(result).toMatchObject({ state: { state: "done", check: "passed" } });
    expect(result.execution?.output.text).not.toContain("s3cret");
    expect(await readFile(site(host, "out"), "utf8")).toBe(`s3cret-token${odd}`);
    expect(await readFile(site(host, "where"), "utf8")).toBe(`${host.target.path}\n`);
    expect(await readFile(site(host, "stdin"), "utf8")).toBe("");
    const env = await readFile(site(host, "env"), "utf8");
    expect(env).not.toMatch(/OTHER|MESH=|SSH_|never/);
    expect(env).toContain(`SITE=${host.target.path}\n`);
    expect(env).toContain(`HOME=${userInfo().homedir}\n`);
    const later = await continueReview(review, { ...workspace.request, targets: { staging }, environment });
    await approveStep(later.reviewed, 1, { by: ada, how: "terminal", action: "undo", target: "staging" });
    expect(await undoStep(later, 1)).toMatchObject({ state: { state: "undone" } });
    expect(existsSync(site(host, "out"))).toBe(false);
  });

  onHost("keeps its own exit code apart from that of ssh", async () => {
    const host = await startHost();
    const { workspace, targets } = await prepare(host, [{ run: "echo before; exit 255" }]);
    const review = await workspace.review({}, { targets });
    expect(await approveAndRun(review, 1)).toMatchObject({
      execution: { end: { kind: "exited", exit: 255 }, output: { text: "before\n" } },
      state: { state: "failed" },
    });
  });

  onHost("stops at the first command that fails, as on this machine", async () => {
    const host = await startHost();
    const { workspace, targets } = await prepare(host, [{ run: 'false | true\ntouch "$UNSET"' }]);
    expect(await approveAndRun(await workspace.review({}, { targets }), 1)).toMatchObject({
      execution: { end: { kind: "exited", exit: 1 } },
    });
  });

  onHost("is ended with all its processes when its time is over", async () => {
    const host = await startHost();
    const run = "sleep 600 & echo $! > pid; wait; echo never";
    const { workspace, targets } = await prepare(host, [{ attributes: "Risk: low. Timeout: 1s.", run }]);
    const result = await approveAndRun(await workspace.review({}, { targets }), 1);
    expect(result.execution?.end).toEqual({ kind: "timeout", seconds: 1 });
    expect(isAlive(Number(await appears(site(host, "pid"))))).toBe(false);
  });

  onHost("is ended on the host when a person stops it, though it ignores the first signal", async () => {
    const host = await startHost();
    const stop = new AbortController();
    const run = "trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done";
    const { workspace, targets } = await prepare(host, [{ run }]);
    const review = await workspace.review({ signal: stop.signal }, { targets });
    const running = approveAndRun(review, 1);
    const pid = Number(await appears(site(host, "pid")));
    stop.abort();
    expect((await running).execution?.end).toEqual({ kind: "stopped" });
    expect(isAlive(pid)).toBe(false);
  });

  onHost("leaves nothing behind", async () => {
    const host = await startHost();
    const { workspace, targets } = await prepare(host, [{ run: "sleep 600 & echo $! > pid" }]);
    const result = await approveAndRun(await workspace.review({}, { targets }), 1);
    expect(result).toMatchObject({ execution: { leftovers: true, end: { exit: 0 } } });
    expect(isAlive(Number(await appears(site(host, "pid"))))).toBe(false);
  });

  onHost("is uncertain when the connection breaks, is ended there, and runs again only when asked for", async () => {
    const host = await startHost();
    const run = "echo x >> ran; echo $$ > pid; sleep 600";
    const { workspace, targets, request } = await prepare(host, [{ run, check: "test -e ran" }]);
    const review = await workspace.review({}, { targets });
    const running = approveAndRun(review, 1);
    const pid = Number(await appears(site(host, "pid")));
    host.cut();
    const result = await running;
    expect(result).toMatchObject({ execution: { end: { kind: "lost" } }, state: { state: "uncertain" } });
    expect(result.check).toBeUndefined();
    await ends(pid);
    const later = await continueReview(review, request);
    await expect(approveAndRun(later, 1)).rejects.toMatchObject({ code: "step.again", exit: 77 });
    expect(await readFile(site(host, "ran"), "utf8")).toBe("x\n");
  });

  onHost("is ended there when the program that runs it is killed", async () => {
    const host = await startHost();
    const command = {
      text: "echo $$ > pid; sleep 600",
      folder: host.target.path,
      environment: {},
      secrets: {},
      timeoutSeconds: 600,
    };
    const program = startProgram(`
      import { Connections } from ${JSON.stringify(join(import.meta.dirname, "../src/connections.ts"))};
      import { executeRemote } from ${JSON.stringify(join(import.meta.dirname, "../src/execute-remote.ts"))};
      const connection = await new Connections().to(${JSON.stringify(host.target)});
      await executeRemote(connection, ${JSON.stringify(command)});`);
    const pid = Number(await appears(site(host, "pid")));
    await program.kill();
    await ends(pid);
  });

  onHost("says that the folder is not there, and did not run", async () => {
    const host = await startHost();
    await rm(join(host.folder, "site"), { recursive: true });
    const { workspace, targets } = await prepare(host, [{ run: "true" }]);
    expect(await approveAndRun(await workspace.review({}, { targets }), 1)).toMatchObject({
      execution: { end: { kind: "not-started", reason: expect.stringContaining("folder") } },
      state: { state: "pending" },
    });
  });
});

describe("a host", () => {
  onHost("with another key than the pinned one runs nothing, and the approval stays", async () => {
    const host = await startHost();
    const { workspace, targets } = await prepare(host, [{ run: "touch ran" }]);
    const review = await workspace.review({}, { targets });
    await host.changeKey();
    await expect(approveAndRun(review, 1)).rejects.toMatchObject({ code: "target.unreachable", exit: 75 });
    expect(existsSync(site(host, "ran"))).toBe(false);
    expect((await workspace.open({ targets })).steps[0]?.state).toMatchObject({ state: "approved" });
    expect(await probeTarget(host.target)).toMatchObject({
      ready: false,
      problem: expect.stringMatching(/host key|HOST IDENTIFICATION|verification failed/i),
    });
  });

  onHost("whose key is not pinned has no step that can be approved", async () => {
    const host = await startHost();
    await writeFile(host.target.knownHosts, "");
    const { workspace, targets } = await prepare(host, [{ run: "true" }]);
    expect((await workspace.open({ targets })).steps[0]?.problems).toEqual([
      expect.stringContaining(`no key of 127.0.0.1, its target "staging", is pinned in ${host.target.knownHosts}`),
    ]);
  });

  onHost("whose pinned key changes after the approval is another host", async () => {
    const host = await startHost();
    const { workspace, targets } = await prepare(host, [{ run: "touch ran" }]);
    const review = await workspace.review({}, { targets });
    await approveStep(review.reviewed, 1, { by: ada, how: "terminal" });
    const other = await startHost();
    const key = (await readFile(join(other.folder, "host.pub"), "utf8")).trim();
    await writeFile(host.target.knownHosts, `[127.0.0.1]:${host.port} ${key}\n`);
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "step.drift", exit: 77 });
    const later = await continueReview(review, { ...workspace.request, targets });
    expect(later.reviewed.steps[0]).toMatchObject({ state: { state: "pending" }, lapsed: { by: ada } });
    expect(existsSync(site(host, "ran"))).toBe(false);
  });

  onHost("has no mesh, and an author who forgets that is told", async () => {
    const host = await startHost();
    const { workspace, targets } = await prepare(host, [{ run: 'ls "$MESH"' }]);
    const found = checkRunbook(await workspace.open({ targets })).map(({ code }) => code);
    expect(found).toContain("runbook.step.mesh-on-host");
    expect(await approveAndRun(await workspace.review({}, { targets }), 1)).toMatchObject({
      execution: { end: { kind: "exited" }, output: { text: expect.stringContaining("MESH: unbound variable") } },
      state: { state: "failed" },
    });
  });

  onHost("behind another one is reached through it, by pinned keys of both, and in no other way", async () => {
    const [host, bastion] = [await startHost(), await startHost("bastion")];
    await appendFile(join(bastion.folder, "authorized_keys"), await readFile(join(host.folder, "user.pub")));
    const jump = `${userInfo().username}@127.0.0.1:${bastion.port}`;
    const behind = { ...host.target, jump };
    const { workspace } = await prepare(host, [{ run: "touch ran" }]);
    const targets = { staging: behind };
    expect((await workspace.open({ targets })).steps[0]?.problems).toEqual([
      expect.stringContaining(`no key of 127.0.0.1 or ${jump}, its target "staging", is pinned`),
    ]);
    const pinned = await readFile(join(bastion.folder, "known_hosts"));
    await appendFile(host.target.knownHosts, pinned);
    expect(await approveAndRun(await workspace.review({}, { targets }), 1)).toMatchObject({ state: { state: "done" } });
    expect(existsSync(site(host, "ran"))).toBe(true);
    await bastion.changeKey();
    const problem = expect.stringContaining(
      `through ${jump}, whose key or answer may be the reason, cannot be reached`,
    );
    expect(await probeTarget(behind)).toMatchObject({ ready: false, problem });
  });

  onHost("that refuses our key, or does not answer, is not reached", async () => {
    const host = await startHost();
    const refused = { ...host.target, identity: join((await startHost()).folder, "user") };
    expect(await probeTarget(refused)).toMatchObject({ ready: false, problem: expect.stringContaining("denied") });
    await host.stop();
    expect(await probeTarget(host.target)).toMatchObject({ ready: false, problem: expect.stringMatching(/refused/i) });
  });

  onHost("that answers is ready, and says what it is", async () => {
    const host = await startHost();
    expect(await probeTarget(host.target)).toMatchObject({
      ready: true,
      keys: [expect.stringMatching(/^ED25519 SHA256:/)],
    });
    await mkdir(site(host, "sub"));
    expect(await probeTarget({ ...host.target, path: site(host, "none") })).toMatchObject({ ready: false });
  });

  onHost("that allows one session at a time serves several commands, without noise in their output", async () => {
    const host = await startHost("staging", ["MaxSessions 1"]);
    const connections = new Connections();
    try {
      const connection = await connections.to(host.target);
      const command = (text: string) => ({
        text,
        folder: host.target.path,
        environment: {},
        secrets: {},
        timeoutSeconds: 60,
      });
      const found = await Promise.all(
        [1, 2, 3].map((each) =>
          executeRemote(
            connection,
            command(`touch ${each}; while [ ! -e 1 -o ! -e 2 -o ! -e 3 ]; do sleep 0.05; done; echo ${each}`),
          ),
        ),
      );
      expect(found.map(({ output }) => output.text)).toEqual(["1\n", "2\n", "3\n"]);
    } finally {
      await connections.close();
    }
  });

  onHost("beside another one keeps its steps to itself", async () => {
    const [one, two] = [await startHost("staging"), await startHost("second")];
    const { workspace } = await prepare(one, [
      { run: "touch one" },
      { attributes: "Risk: low. Target: second.", run: "touch two" },
    ]);
    const targets = { staging: one.target, second: two.target };
    const review = await workspace.review({}, { targets });
    await approveAndRun(review, 1);
    await approveAndRun(review, 2);
    expect([existsSync(site(one, "one")), existsSync(site(two, "two")), existsSync(site(one, "two"))]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
