import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Changeset } from "@memomesh/core";
import { beforeEach, describe, expect, test } from "vitest";
import { diagnose } from "../src/doctor/doctor.ts";
import { changesetSubject, judge, runbookSubject } from "../src/gate/index.ts";
import { answerHook } from "../src/hooks/guard-hook.ts";
import { initMesh } from "../src/init.ts";
import { readKnowledge } from "../src/knowledge.ts";
import { loadMesh, type Mesh, requireNode } from "../src/load.ts";
import { readMemoFile } from "../src/memo-file.ts";
import { addNode } from "../src/node.ts";
import { readRunbook } from "../src/runbook-files.ts";
import { stageSubject } from "../src/stages/judge.ts";
import { openStage } from "../src/stages/open.ts";
import { put, temporaryFolder } from "./folder.ts";

let root: string;
let shop: string;

const base = `name: studio
nodes: [shop]
targets: { staging: { path: site } }
guard:
  programs:
`;
const rules = `    shopctl: { risk: medium, effects: [live-infrastructure], lower: { reason: it only asks } }
    cat: { risk: high, effects: [secret], does: shows what is in the vault, mayAgentRun: false }
`;

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { name: "studio" });
  await addNode(await loadMesh(root), "shop", { role: "developer" });
  await put(root, "mesh.yml", base + rules);
  shop = join(root, "projects/shop");
});

describe("guard of mesh.yml", () => {
  test("is refused with file, line, what was found and what was expected", async () => {
    await put(root, "mesh.yml", `${base}    shopctl: { risk: medium }\n    cat:\n      risk: tiny\n`);
    const sentence = 'guard.programs.cat.risk "tiny" is not known; expected low, medium, high or critical.';
    await expect(loadMesh(root)).rejects.toThrow(`mesh.yml:8: ${sentence}`);
    expect(await diagnose(root, { fix: false })).toMatchObject([
      { code: "mesh.config", sentence, place: { file: "mesh.yml", line: 8 } },
    ]);
  });

  test("is refused where it would lower a risk without a reason", async () => {
    await put(root, "mesh.yml", `${base}    ssh: { risk: low, mayAgentRun: true }\n`);
    await expect(loadMesh(root)).rejects.toThrow(/^mesh\.yml:6: .*expected lower: \{ reason \}/);
  });

  test("counts for the risk of a step, as the author and the person see it", async () => {
    const mesh = await loadMesh(root);
    const risks = await risksOf(mesh, ["cat notes.txt", "shopctl status", "ls"]);
    expect(risks).toEqual(["high", "medium", "low"]);
    await put(root, "mesh.yml", base.slice(0, base.indexOf("guard:")));
    expect(await risksOf(await loadMesh(root), ["cat notes.txt", "shopctl status", "ls"])).toEqual([
      "low",
      "high",
      "low",
    ]);
  });

  test("counts for what an agent may run itself, in its folder and in a session's private copy", async () => {
    const call = {
      session_id: "s",
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: "cat x" },
    };
    const ask = (where: object) =>
      answerHook(JSON.stringify({ ...call, cwd: shop }), "claude", { node: "shop", ...where });
    expect(await ask({})).toMatchObject({ allowed: false, says: expect.stringContaining("mesh.yml") });
    const { programs } = (await loadMesh(root)).guard;
    const copy = { checkout: root, folder: shop, audit: join(root, "audit") };
    expect(await ask({ ...copy, programs: JSON.stringify(programs) })).toMatchObject({ allowed: false });
    expect(await ask(copy)).toMatchObject({ allowed: true });
  });

  test("is told to the sessions of agents, who see the same risk", async () => {
    const mesh = await loadMesh(root);
    const memo = await readMemoFile(await put(shop, "memos/incoming/a.md", "---\nto: shop\n---\n# A\n"));
    const work = { node: requireNode(mesh, "shop"), memo, answers: [], refusals: [] };
    const limits = { turns: 1, tokens: 1, seconds: 1, cost: undefined };
    const { guard } = await readKnowledge(mesh, work, { limits, now: new Date(), session: "s" });
    expect(guard?.programs.cat).toMatchObject({ risk: "high", does: "shows what is in the vault" });
  });
});

test("is what the gate judges by: of a runbook, of a session's changeset and of a stage", async () => {
  const node = "shop";
  await put(
    root,
    "inventories/main/stages.yml",
    `layers: { 1: A }\nstages:\n  - { id: 1-1-a, name: A, purpose: A., node: ${node} }\n`,
  );
  const mesh = await loadMesh(root);
  await risksOf(mesh, ["cat notes.txt"]);
  const path = join(shop, "runbooks/try.md");
  const source = await readFile(path, "utf8");
  const runbook = await runbookSubject(mesh, { node: requireNode(mesh, node), path }, { source });
  const findings = (await judge(mesh, runbook)).checks.flatMap((check) => check.findings.map(({ text }) => text));
  expect(findings).toContainEqual(
    expect.stringContaining("claims low risk; it is high: cat shows what is in the vault"),
  );
  const { memo } = await readMemoFile(await put(shop, "memos/incoming/a.md", "---\nto: shop\n---\n# A\n"));
  const outcome = { kind: "prepared", notes: "", runbook: { path: "runbooks/try.md", source } };
  const changeset = { outcome, files: [] } as unknown as Changeset;
  const session = await changesetSubject(mesh, { node: requireNode(mesh, node), memo, changeset });
  const stage = await stageSubject(mesh, requireNode(mesh, node), await openStage(mesh, "1-1", undefined));
  for (const subject of [runbook, session, stage]) {
    expect(subject.guard).toBe(mesh.guard);
    expect(
      subject.lessons.map(({ title }) => title),
      "those of the field too",
    ).toContain("latest is not a version");
  }
});

async function risksOf(mesh: Mesh, commands: readonly string[]): Promise<(string | undefined)[]> {
  const header =
    "---\nid: rb-01JD8R0000000000000000000A\nnode: shop\ntarget: staging\ncreated: 2026-11-21T10:00:00Z\n---\n";
  const steps = commands.map((run, index) => `## Step ${index + 1}: Try\nRisk: low.\n\n\`\`\`sh run\n${run}\n\`\`\`\n`);
  const path = await put(shop, "runbooks/try.md", `${header}# Try\n\n${steps.join("\n")}`);
  const { reviewed, problem } = await readRunbook(mesh, { node: requireNode(mesh, "shop"), path });
  expect(problem, basename(path)).toBeUndefined();
  return (reviewed?.steps ?? []).map(({ risk }) => risk.run);
}
