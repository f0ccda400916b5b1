import { chmod, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { approveStep, checkRunbook, markReviewed } from "../src/index.ts";
import { diffLines } from "../src/line-diff.ts";
import { ada, makePipe, makeWorkspace, type StepSource, target, type Workspace } from "./workspace.ts";

async function onlyStep(workspace: Workspace, step: StepSource) {
  await workspace.write([step]);
  return (await workspace.open()).steps[0]!;
}

describe("a step is put before the reviewer", () => {
  test("with its target, digest, risk and variables", async () => {
    const workspace = await makeWorkspace();
    const step = await onlyStep(workspace, { attributes: "Risk: medium. Needs: HOME2.", run: "mkdir a" });
    expect(step).toMatchObject({
      target: target(workspace.site),
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      risk: { author: "medium", run: "medium" },
      variables: [{ name: "HOME2", present: false }],
      problems: [],
      state: { state: "pending" },
      change: { kind: "new" },
    });
  });

  test("with a risk that the author can raise and cannot lower", async () => {
    const workspace = await makeWorkspace();
    const claimed = async (risk: string, run: string) =>
      (await onlyStep(workspace, { attributes: `Risk: ${risk}.`, run })).risk;
    expect(await claimed("high", "true")).toMatchObject({ author: "high", run: "high" });
    expect((await claimed("low", "some-unknown-program --now")).run).not.toBe("low");
  });

  test("without a digest when its target is not known", async () => {
    const workspace = await makeWorkspace();
    const step = await onlyStep(workspace, { attributes: "Risk: low. Target: moon.", run: "true" });
    expect(step).toMatchObject({ digest: undefined, problems: [expect.stringContaining('"moon" is not in mesh.yml')] });
  });

  test("without a digest when it holds a character that cannot be seen, and says where", async () => {
    const workspace = await makeWorkspace();
    const step = await onlyStep(workspace, { run: "echo one\necho \u202etwo" });
    expect(step.digest).toBeUndefined();
    expect(step.problems[0]).toMatch(/line 15 \(its run commands\).*U\+202E/);
  });

  test("from a plain file only", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }]);
    await rename(workspace.runbook, join(workspace.meshRoot, "other.md"));
    await expect(workspace.open()).rejects.toMatchObject({
      code: "runbook.missing",
      message: "projects/sysadmin/runbooks/deploy.md: there is no such runbook.",
    });
    await symlink(join(workspace.meshRoot, "other.md"), workspace.runbook);
    await expect(workspace.open()).rejects.toMatchObject({ code: "runbook.link" });
  });

  test("only when all of the runbook can be read exactly", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ attributes: "Risk: low. Approved: yes.", run: "true" }]);
    await expect(workspace.open()).rejects.toMatchObject({ exit: 65, place: { line: 10 } });
  });
});

describe("a file that a step names", () => {
  const needs: StepSource = { attributes: "Risk: low. Needs: `projects/dist`.", run: "true" };

  async function withFolder() {
    const workspace = await makeWorkspace();
    const dist = join(workspace.meshRoot, "projects/dist");
    await mkdir(join(dist, "css"), { recursive: true });
    await writeFile(join(dist, "index.html"), "<h1>");
    await workspace.write([needs]);
    return { workspace, dist, digest: async () => (await workspace.open()).steps[0]!.digest };
  }

  test("counts with all that a folder holds: content, names, folders, executable or not", async () => {
    const { dist, digest } = await withFolder();
    const seen = [await digest()];
    expect(await digest()).toBe(seen[0]);
    await writeFile(join(dist, "index.html"), "<h2>");
    seen.push(await digest());
    await chmod(join(dist, "index.html"), 0o755);
    seen.push(await digest());
    await rename(join(dist, "css"), join(dist, "css2"));
    seen.push(await digest());
    await rename(join(dist, "index.html"), join(dist, "css2/index.html"));
    seen.push(await digest());
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("cannot be a link, hold one or be reached through one", async () => {
    const { workspace, dist } = await withFolder();
    const problems = async () => (await workspace.open()).steps[0]!.problems.join();
    await symlink("/etc/passwd", join(dist, "css/x"));
    expect(await problems()).toContain("`projects/dist/css/x` is a symbolic link");
    await rename(dist, `${dist}2`);
    await symlink(`${dist}2`, dist);
    expect(await problems()).toContain("leads through a symbolic link");
  });

  test("cannot be a special file, and nobody waits for one", async () => {
    const { workspace, dist } = await withFolder();
    makePipe(join(dist, "pipe"));
    expect((await workspace.open()).steps[0]!.problems.join()).toContain("is a special file");
  });

  test("must be there, and be one that the runbook may name", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([needs]);
    const reviewed = await workspace.open();
    expect(reviewed.steps[0]?.files).toEqual([{ path: "projects/dist", digest: null }]);
    await expect(approveStep(reviewed, 1, { by: ada, how: "terminal" })).rejects.toMatchObject({ code: "step.files" });
    const foreign = await onlyStep(workspace, { ...needs, attributes: "Risk: low. Needs: `mesh.yml`." });
    expect(foreign).toMatchObject({
      digest: undefined,
      problems: [expect.stringContaining("only projects are readable")],
    });
  });
});

describe("the difference from the last review", () => {
  test("names the steps that changed, line by line, and those that are gone", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }, { run: "echo a\necho b" }, { title: "Last", run: "true" }]);
    await markReviewed(await workspace.open(), ada);
    await workspace.write([{ run: "true" }, { run: "echo a\necho c" }]);
    const { steps, difference } = await workspace.open();
    expect(steps[0]?.change).toEqual({ kind: "unchanged" });
    const change = steps[1]!.change;
    expect(change.kind === "changed" && change.lines.filter(({ kind }) => kind !== "same")).toEqual([
      { kind: "removed", text: "  echo b" },
      { kind: "added", text: "  echo c" },
    ]);
    expect([...difference.removed]).toEqual([[3, "Last"]]);
    expect(difference.last).toMatchObject({ by: ada });
  });

  test("is kept once for each version that was shown", async () => {
    const workspace = await makeWorkspace();
    await workspace.write([{ run: "true" }]);
    await markReviewed(await workspace.open(), ada);
    await markReviewed(await workspace.open(), ada);
    expect((await workspace.open()).journal.events).toHaveLength(1);
  });

  test("has as few lines as possible", () => {
    const lines = diffLines("a\nb\nc\nd", "a\nx\nc\ny\nd").map(({ kind, text }) => `${kind[0]}${text}`);
    expect(lines).toEqual(["sa", "rb", "ax", "sc", "ay", "sd"]);
    expect(diffLines("same", "same")).toEqual([{ kind: "same", text: "same" }]);
  });
});

describe("checking a runbook finds", () => {
  async function findings(step: StepSource) {
    const workspace = await makeWorkspace();
    await workspace.write([step]);
    return checkRunbook(await workspace.open()).map(
      ({ code, severity }) => `${severity} ${code.replace("runbook.step.", "")}`,
    );
  }

  test("a change without a check or a way back", async () => {
    expect(await findings({ run: "mkdir a" })).toEqual(["warning no-check", "warning no-undo"]);
    expect(await findings({ run: "mkdir a", check: "test -d a", undo: "rmdir a" })).toEqual([]);
  });

  test("nothing about a step that only looks", async () => {
    expect(await findings({ run: "test -d ." })).toEqual([]);
  });

  test("a risk that is claimed too low", async () => {
    expect(await findings({ run: "some-unknown-program", check: "true", undo: "true" })).toContain("warning risk");
  });

  test("a target, file or variable that is not there", async () => {
    expect(await findings({ attributes: "Risk: low. Target: moon.", run: "test -e a" })).toEqual(["error unfit"]);
    expect(await findings({ attributes: "Risk: low. Needs: `projects/x`.", run: "test -e a" })).toEqual([
      "error files",
    ]);
    expect(await findings({ attributes: "Risk: low. Needs: TOKEN.", run: "test -e a" })).toEqual(["warning variables"]);
  });

  test("a file of the mesh that is used and not named", async () => {
    const run = 'test -e "$MESH/projects/shop/dist"';
    expect(await findings({ run })).toEqual(["warning unnamed-file"]);
  });
});
