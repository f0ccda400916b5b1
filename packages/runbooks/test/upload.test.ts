import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { GroupTarget, SingleTarget, StepTarget } from "@memomesh/core";
import { secretFingerprint } from "@memomesh/guard";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { approveStep, checkRunbook, continueReview, recordFile, rehearsal, runStep, undoStep } from "../src/index.ts";
import { tarStream } from "../src/tar-stream.ts";
import { startProgram } from "./program.ts";
import { type Host, hasSshd, startHost } from "./sshd.ts";
import { ada, approveAndRun, makePipe, makeWorkspace, type StepSource, target } from "./workspace.ts";

const onHost = test.skipIf(!hasSshd);
const attributes = "Risk: low. Timeout: 60s. Upload: `projects/developer/dist` to `releases/2` as `current`.";
const token = `ghp_${"Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lz".repeat(2).slice(0, 36)}`;
const oddName = 'it\'s a "näme"\n.html';
const longPath = `${"deep/".repeat(25)}${"n".repeat(120)}`;
/** More than a connection holds on its way: who sends it can be interrupted. */
const large = Buffer.alloc(12_000_000, "release");

let host: Host;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  if (hasSshd) host = await startHost("staging", [], (end) => ends.push(end));
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** A folder of its own on the one host. */
async function placeOnHost(name = "staging"): Promise<SingleTarget> {
  return { ...host.target, name, path: await mkdtemp(join(host.target.path, "place-")) };
}

async function prepare(place?: StepTarget, step: StepSource = { attributes }) {
  const workspace = await makeWorkspace();
  const dist = join(workspace.meshRoot, "projects/developer/dist");
  await mkdir(join(dist, "bin"), { recursive: true });
  await mkdir(join(dist, "empty"));
  await writeFile(join(dist, oddName), "two\n");
  await writeFile(join(dist, "bin/start"), "#!/bin/sh\n");
  await chmod(join(dist, "bin/start"), 0o755);
  await workspace.write([step]);
  const staging = place ?? target(workspace.site);
  const targets = { staging };
  const told: string[] = [];
  const onOutput = (text: string) => void told.push(text);
  const review = () => workspace.review({ onOutput }, { targets });
  const request = { ...workspace.request, targets };
  return { workspace, dist, site: staging.path, targets, request, review, told };
}

/** A release that is in use already. */
async function useRelease(site: string): Promise<void> {
  await mkdir(join(site, "releases/1"), { recursive: true });
  await symlink("releases/1", join(site, "current"));
}

const leadsTo = (site: string) => readlink(join(site, "current"));
const undo = { by: ada, how: "terminal", action: "undo", target: "staging" } as const;

/** The processes whose working folder is this one. */
function processesIn(folder: string): readonly string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return readlinkSync(`/proc/${name}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

describe("a step that uploads", () => {
  onHost("puts a release on a host, and its undo puts the one before back", async () => {
    const { dist, site, request, review: begin } = await prepare(await placeOnHost());
    await mkdir(join(dist, longPath), { recursive: true });
    await writeFile(join(dist, longPath, "file"), "");
    await useRelease(site);
    const review = await begin();
    const result = await approveAndRun(review, 1);
    expect(result).toMatchObject({ state: { state: "done", check: "passed" } });
    const { digest } = review.reviewed.steps[0]!.files[0]!;
    expect(result.execution?.output.text).toContain(`releases/2.part has the digest ${digest}`);
    expect(await leadsTo(site)).toBe("releases/2");
    expect(await readFile(join(site, "current", oddName), "utf8")).toBe("two\n");
    expect((await stat(join(site, "current/bin/start"))).mode & 0o777).toBe(0o755);
    expect(await readdir(join(site, "current/empty"))).toEqual([]);
    expect(existsSync(join(site, "current", longPath, "file"))).toBe(true);
    expect((await readdir(join(site, "releases"))).sort()).toEqual(["1", "2", "2.before"]);

    const later = await continueReview(review, request);
    await approveStep(later.reviewed, 1, undo);
    expect(await undoStep(later, 1)).toMatchObject({ state: { state: "undone" } });
    expect(await leadsTo(site)).toBe("releases/1");
  });

  onHost("goes on where a broken connection has left it, and switches nothing before all is there", async () => {
    const { dist, site, request, review: begin, told } = await prepare(await placeOnHost());
    await useRelease(site);
    await writeFile(join(dist, "zz"), large);
    const review = await begin();
    const running = approveAndRun(review, 1);
    await vi.waitUntil(() => existsSync(join(site, "releases/2.part/zz")), { interval: 1, timeout: 20_000 });
    host.cut();
    const broken = await running;
    expect(broken).toMatchObject({ state: { state: "pending" }, execution: { end: { kind: "not-started" } } });
    expect(broken.execution?.end).toMatchObject({ reason: expect.stringContaining("the next try sends the rest") });
    expect(await leadsTo(site)).toBe("releases/1");
    expect(existsSync(join(site, "releases/2"))).toBe(false);
    const arrived = await stat(join(site, "releases/2.part/zz"));
    expect(arrived.size).toBeLessThan(large.length);

    const later = await continueReview(review, request);
    await expect(runStep(later, 1)).rejects.toMatchObject({ code: "approval.missing" });
    expect(await approveAndRun(later, 1)).toMatchObject({ state: { state: "done", check: "passed" } });
    expect(told.filter((text) => text.startsWith("Sending"))).toEqual([
      expect.stringContaining("Sending 5 of 5"),
      "Sending 1 of 5 files and folders, 12.0 MB, to releases/2.part\n",
    ]);
    expect((await readFile(join(site, "current/zz"))).equals(large)).toBe(true);
  });

  onHost("is uncertain when the process that sends is killed, and is not run again in silence", async () => {
    const { dist, site, request, review: begin } = await prepare(await placeOnHost());
    await useRelease(site);
    await writeFile(join(dist, "zz"), large);
    const part = join(site, "releases/2.part");
    const program = startProgram(`
      import { existsSync } from "node:fs";
      import { approveStep, beginReview, openRunbook, runStep } from "@memomesh/runbooks";
      const by = ${JSON.stringify(ada)};
      const allowedFiles = () => ({ allowed: true, reason: "" });
      const reviewed = await openRunbook({ ...${JSON.stringify(request)}, allowedFiles });
      const review = await beginReview(reviewed, { by, environment: {} });
      await approveStep(reviewed, 1, { by, how: "terminal" });
      setInterval(() => existsSync(${JSON.stringify(join(part, "zz"))}) && process.kill(process.pid, "SIGKILL"), 1);
      await runStep(review, 1);`);
    await program.ended;
    await vi.waitUntil(() => processesIn(part).length === 0, { interval: 5 });
    expect(await leadsTo(site)).toBe("releases/1");
    expect(existsSync(join(site, "releases/2"))).toBe(false);

    const review = await begin();
    expect(review.reviewed.steps[0]?.state).toMatchObject({ state: "uncertain", phase: "run" });
    await expect(approveAndRun(review, 1)).rejects.toMatchObject({ code: "step.again", exit: 77 });
  });

  onHost("is ended on the host when a person stops it", async () => {
    const { workspace, dist, site, targets } = await prepare(await placeOnHost());
    await writeFile(join(dist, "zz"), large);
    const stop = new AbortController();
    const review = await workspace.review({ signal: stop.signal }, { targets });
    const running = approveAndRun(review, 1);
    const part = join(site, "releases/2.part");
    await vi.waitUntil(() => existsSync(join(part, "zz")), { interval: 1, timeout: 20_000 });
    stop.abort();
    expect((await running).execution?.end).toEqual({
      kind: "not-started",
      reason: "the upload was stopped; what has arrived stays, and the next try sends the rest",
    });
    await vi.waitUntil(() => processesIn(part).length === 0, { interval: 5 });
    expect(existsSync(join(site, "current"))).toBe(false);
  });

  onHost("on a group stops at a canary whose own check fails", async () => {
    const members = [await placeOnHost("web1"), await placeOnHost("web2")];
    const group: GroupTarget = {
      name: "staging",
      kind: "group",
      path: "",
      production: false,
      env: {},
      members,
      order: "canary",
    };
    const { request, review: begin } = await prepare(group, { attributes, check: "test -e current/healthy" });
    const [one, two] = members.map(({ path }) => path) as [string, string];
    for (const site of [one, two]) await useRelease(site);
    const review = await begin();
    expect(await approveAndRun(review, 1)).toMatchObject({
      state: { state: "failed" },
      execution: { end: { kind: "partial", reason: "web1: its check: exit 1; not begun on web2" } },
    });
    expect([await leadsTo(one), await leadsTo(two)]).toEqual(["releases/2", "releases/1"]);
    expect(existsSync(join(two, "releases/2.part"))).toBe(false);
    const later = await continueReview(review, request);
    await approveStep(later.reviewed, 1, undo);
    expect(await undoStep(later, 1)).toMatchObject({ state: { state: "undone" } });
    expect(await leadsTo(one)).toBe("releases/1");
  });

  onHost("is rehearsed: what would be sent where is said, and nothing is changed", async () => {
    const { workspace, site, targets } = await prepare(await placeOnHost());
    await useRelease(site);
    const options = { by: ada, environment: {} };
    const [step] = await rehearsal(await workspace.open({ targets }), options);
    expect(step).toMatchObject({
      obstacles: [],
      would: ["staging: send 4 of 4 files and folders, 14 bytes, to releases/2; current leads to releases/1 now"],
      looks: [{ kind: "check" }],
    });
    expect((await readdir(site)).sort()).toEqual(["current", "releases"]);
    expect(await readdir(join(site, "releases"))).toEqual(["1"]);
  });

  onHost(
    "is not sent with a secret in it, which its rehearsal says before, unless a person has allowed it",
    async () => {
      const { workspace, dist, site, request, review: begin } = await prepare(await placeOnHost());
      await writeFile(join(dist, "config.js"), `one\nexport const key = "${token}";\n`);
      const place = "projects/developer/dist/config.js:2 (github-token); nothing was sent. Take it out";
      const [foreseen] = await rehearsal(await workspace.open(request), { by: ada, environment: {} });
      expect(foreseen).toMatchObject({
        would: [],
        obstacles: [expect.stringContaining(`staging: what looks like a secret stands in ${place}`)],
      });
      const review = await begin();
      const { execution } = await approveAndRun(review, 1);
      expect(execution?.end).toMatchObject({ kind: "not-started", reason: expect.stringContaining(place) });
      expect(await readdir(site)).toEqual([]);
      expect(await readFile(recordFile(workspace.runbook), "utf8")).not.toContain(token);

      const allowedSecrets = [secretFingerprint(token)];
      const later = await continueReview(review, { ...request, allowedSecrets });
      expect(await approveAndRun(later, 1)).toMatchObject({ state: { state: "done", check: "passed" } });
    },
  );

  onHost("is on the host's disk before it is in use, and not in use when it cannot be written there", async () => {
    const workspace = await makeWorkspace();
    const tools = join(workspace.meshRoot, "tools");
    await mkdir(tools);
    const seen = join(workspace.meshRoot, "seen");
    const ends = async (exit: number) => {
      await writeFile(
        join(tools, "sync"),
        `#!/bin/sh\nls -d "$PWD" bin/start ../../current >${seen} 2>&1\nexit ${exit}\n`,
      );
      await chmod(join(tools, "sync"), 0o755);
    };
    await ends(1);
    const own = await startHost("staging", [`ForceCommand sed -u 's#^PATH=#PATH=${tools}:#' | env -i bash -p -s`]);
    const { request, site, review: begin } = await prepare(own.target);
    const review = await begin();
    expect((await approveAndRun(review, 1)).execution?.end).toMatchObject({ kind: "not-started" });
    expect(await readdir(site)).toEqual(["releases"]);
    await ends(0);
    const later = await continueReview(review, request);
    expect(await approveAndRun(later, 1)).toMatchObject({ state: { state: "done" } });
    expect((await readFile(seen, "utf8")).split("\n").sort()).toEqual([
      "",
      join(site, "releases/2.part"),
      "bin/start",
      expect.stringMatching(/current.*No such file/),
    ]);
    expect(await leadsTo(site)).toBe("releases/2");
  });

  onHost("says what the host lacks, and sends nothing", async () => {
    const workspace = await makeWorkspace();
    const tools = join(workspace.meshRoot, "tools");
    await mkdir(tools);
    for (const tool of ["bash", "timeout", "sleep", "base64", "find", "tar", "xargs"])
      await symlink(spawnSync("which", [tool], { encoding: "utf8" }).stdout.trim(), join(tools, tool));
    const poor = await startHost("staging", [
      `ForceCommand sed -u 's#^PATH=.*#PATH=${tools}#; s#^export PATH=.*#export PATH=${tools}#' | env -i bash -p -s`,
    ]);
    const { review: begin } = await prepare(poor.target);
    expect((await approveAndRun(await begin(), 1)).execution?.end).toEqual({
      kind: "not-started",
      reason: "the host has no sha256sum; an upload needs Linux with GNU tools",
    });
    expect(await readdir(poor.target.path)).toEqual([]);
  });

  test("stops before anything is sent when a file has changed since it was approved, by one byte", async () => {
    const { dist, site, review: begin } = await prepare();
    await useRelease(site);
    const review = await begin();
    await approveStep(review.reviewed, 1, { by: ada, how: "terminal", target: "staging" });
    await writeFile(join(dist, "bin/start"), "#!/bin/sh ");
    await expect(runStep(review, 1)).rejects.toMatchObject({ code: "step.drift" });
    expect(await leadsTo(site)).toBe("releases/1");
    expect(existsSync(join(site, "releases/2.part"))).toBe(false);
  });

  test("works in a folder of this machine, begins anew where something else was gathered, and sends nothing twice", async () => {
    const { site, request, review: begin, told } = await prepare();
    await mkdir(join(site, "releases/2.part/bin/start"), { recursive: true });
    await symlink("/etc", join(site, "releases/2.part/empty"));
    const review = await begin();
    expect(await approveAndRun(review, 1)).toMatchObject({ state: { state: "done", check: "passed" } });
    expect((await readdir(join(site, "releases/2"))).sort()).toEqual(["bin", "empty", oddName]);
    expect((await stat(join(site, "current/bin/start"))).mode & 0o111).not.toBe(0);
    const later = await continueReview(review, request);
    await approveStep(later.reviewed, 1, undo);
    expect(await undoStep(later, 1)).toMatchObject({ state: { state: "undone" } });
    expect(await readdir(site)).toEqual(["releases"]);
    expect(await approveAndRun(await continueReview(later, request), 1)).toMatchObject({ state: { state: "done" } });
    expect(await leadsTo(site)).toBe("releases/2");
    const { digest } = review.reviewed.steps[0]!.files[0]!;
    expect(told).toContain(`releases/2 is there already, with the digest ${digest}.\n`);
  });

  test("leaves a release alone that holds something else, and what stands in the place of the link", async () => {
    const { workspace, site, request, review: begin } = await prepare();
    await mkdir(join(site, "releases/2"), { recursive: true });
    await writeFile(join(site, "releases/2/index.html"), "other");
    const [foreseen] = await rehearsal(await workspace.open(request), { by: ada, environment: {} });
    expect(foreseen?.obstacles).toEqual([expect.stringMatching(/^staging: releases\/2 is there already and holds/)]);
    const review = await begin();
    expect((await approveAndRun(review, 1)).execution?.end).toMatchObject({
      kind: "not-started",
      reason: expect.stringContaining("releases/2 is there already and holds something else"),
    });
    expect(await readdir(site)).toEqual(["releases"]);
    await rm(join(site, "releases/2"), { recursive: true });
    await mkdir(join(site, "current"));
    expect((await approveAndRun(await continueReview(review, request), 1)).execution?.end).toEqual({
      kind: "not-started",
      reason: "current is there and is no link",
    });
    expect(await readdir(join(site, "releases"))).toEqual([]);
  });

  test("is undone without harm when another release is in use since", async () => {
    const { site, request, review: begin } = await prepare();
    const review = await begin();
    await approveAndRun(review, 1);
    await rm(join(site, "current"));
    await useRelease(site);
    const later = await continueReview(review, request);
    await approveStep(later.reviewed, 1, undo);
    expect((await undoStep(later, 1)).execution?.output.text).toContain("nothing is changed");
    expect(await leadsTo(site)).toBe("releases/1");
  });

  test("cannot be approved with a link or a pipe in its folder, and not without a file", async () => {
    const { workspace, dist, request } = await prepare();
    const problems = async () => (await workspace.open(request)).steps[0]?.problems;
    await symlink("/etc/passwd", join(dist, "bin/link"));
    expect(await problems()).toEqual([
      "`projects/developer/dist/bin/link` is a symbolic link; expected files and folders.",
    ]);
    await rm(join(dist, "bin/link"));
    makePipe(join(dist, "bin/pipe"));
    expect(await problems()).toEqual([expect.stringContaining("dist/bin/pipe` is a special file")]);
    await rm(join(dist, "bin"), { recursive: true });
    await rm(join(dist, oddName));
    const reviewed = await workspace.open(request);
    await expect(approveStep(reviewed, 1, { by: ada, how: "terminal" })).rejects.toMatchObject({
      code: "step.files",
      sentence: "step 1 uploads `projects/developer/dist`, which holds no file. Nothing was run.",
    });
    await rm(dist, { recursive: true });
    await writeFile(dist, "x");
    expect(checkRunbook(await workspace.open(request)).map(({ sentence }) => sentence)).toContain(
      "step 1: it uploads `projects/developer/dist`, which is a file; expected a folder.",
    );
  });

  test("is another step than one whose commands are the same, and is of medium risk in production", async () => {
    const { workspace, targets, request } = await prepare();
    const [uploads] = (await workspace.open(request)).steps;
    expect(uploads).toMatchObject({ risk: { run: "low" }, sends: { files: 2, bytes: 14 } });
    const { run, check, undo: back } = uploads!.step;
    const needs = "Risk: low. Timeout: 60s. Needs: `projects/developer/dist`.";
    await workspace.write([{ attributes: needs, run: run!.text, check: check!.text, undo: back!.text }]);
    const [same] = (await workspace.open(request)).steps;
    expect(same?.step.run?.text).toBe(run?.text);
    expect(same?.digest).not.toBe(uploads?.digest);
    await workspace.write([{ attributes }]);
    const live = { ...targets.staging, production: true };
    const [inProduction] = (await workspace.open({ ...request, targets: { staging: live } })).steps;
    expect(inProduction?.risk).toMatchObject({ run: "medium", undo: "medium" });
  });
});

describe("an archive", () => {
  async function source(name: string, bytes: number) {
    const { meshRoot } = await makeWorkspace();
    await writeFile(join(meshRoot, name), "");
    // A file with a hole: it takes no room.
    await truncate(join(meshRoot, name), bytes);
    return meshRoot;
  }
  const file = { kind: "file", path: "file", executable: false, digest: "", bytes: 9_000_000_000 } as const;
  const onBytes = () => {};

  test("has room for large files", async () => {
    const head: Uint8Array[] = [];
    for await (const chunk of tarStream({ source: await source("file", file.bytes), entries: [file], onBytes }))
      if (head.push(chunk) > 8) break;
    const { stdout } = spawnSync("tar", ["-tvf", "-"], { input: Buffer.concat(head), encoding: "utf8" });
    expect(stdout).toContain(" 9000000000 ");
  });

  test("of the same files is the same, and one of a file that grew under way does not end", async () => {
    const folder = await source("file", 600);
    const archive = (bytes: number) => buffer(tarStream({ source: folder, entries: [{ ...file, bytes }], onBytes }));
    const one = await archive(600);
    await utimes(join(folder, "file"), 1, 1);
    expect((await archive(600)).equals(one)).toBe(true);
    await expect(archive(599)).rejects.toThrow("`file` changed while it was sent.");
  });
});
