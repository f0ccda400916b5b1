// A stage of a platform with models in the roles: planned, built, refused by the gate, improved, executed, complete.
import { findRunbook, History, loadMesh, RunbookReview } from "@memomesh/mesh";
import { completeStage, implementStage, improveStage, planStage, readStages } from "@memomesh/mesh/stages";
import { approveStep, runStep } from "@memomesh/runbooks";
import { expect, test } from "vitest";
import { Workspace } from "../mail/workspace.ts";
import { startPlayers } from "./players.ts";
import { uses } from "./vendor.ts";

const players = startPlayers();

const stagesYml = `stages:
  - id: 1-1-marker
    name: Marker
    purpose: A file that says that the platform is there.
    requirements: { availability: the marker survives a restart }
  - id: 1-2-second
    name: Second
    purpose: Stands on the first.
    depends_on: [1-1-marker]
    priority: critical
`;

const plan = {
  title: "A marker file",
  summary: "One file in the target's folder.",
  requirements: [{ text: "the marker survives a restart", met_by: "a file on disk" }],
  strategy: { what: "Write marker.txt.", why: "A file survives a restart.", steps: ["Write it"] },
  alternatives: [{ what: "An environment variable.", why_not: "It is gone after a restart." }],
  risks: [{ text: "The disk is full", likelihood: "low", impact: "low", response: "The check fails." }],
  unknowns: [],
  cost: { estimate: "1 kB of disk", basis: "the size of the text" },
  rollback: { how: "Remove the file.", until: "Always; nothing is lost." },
};

const planFile = "docs/plans/main-1-1-marker.json";
const finish = (notes: string) => uses(["finish", { handover: "Nothing is open.", notes, done: [] }]);
const writes = (path: string, content: unknown) =>
  uses(["write", { path, content: typeof content === "string" ? content : JSON.stringify(content, null, 2) }]);
const runbook = (step: object) =>
  uses([
    "write_runbook",
    {
      title: "Put the marker in place",
      target: "staging",
      what: "Writes the marker, which survives a restart.",
      unknown: ["Who reads it."],
      rollback: "Remove the file.",
      steps: [
        {
          title: "Write the marker",
          risk: "medium",
          explanation: "The marker is one file.",
          run: "echo here > marker.txt",
          ...step,
        },
      ],
    },
  ]);
const documentation =
  "# Marker\nThe marker is a file in the target's folder which says that the platform is there. Availability: the marker survives a restart, because it lies on disk.\n";

function open(roles = "roles: { architect: opus, engineer: { agent: sonnet, temperature: 0 } }\n"): Workspace {
  const mesh = Workspace.open({
    nodes: { sysadmin: { agent: "sonnet" } },
    targets: ["staging"],
    more: `${players.agents("opus", "sonnet")}${roles}secondOpinion: { from: never }\n`,
    git: true,
  });
  mesh.write("inventories/main/stages.yml", stagesYml);
  mesh.git("add", "--all");
  mesh.git("commit", "--quiet", "--message", "Declare the stages");
  return mesh;
}

const alone = {
  command: "stage",
  onEvent: () => {},
  onFollow: () => {},
  signal: new AbortController().signal,
} as const;
const first = { reference: "1-1", inventory: undefined };

async function execute(workspace: Workspace, path: string): Promise<void> {
  const mesh = await loadMesh(workspace.root);
  const history = await History.open(mesh, () => {});
  const by = { name: "Pat Person", email: "pat@example.com" };
  const file = await findRunbook(mesh, path, workspace.root);
  const review = await RunbookReview.open(mesh, file, history, { by, environment: process.env, onOutput: () => {} });
  for (const { number } of review.current.reviewed.runbook.steps) {
    const { digest } = review.step(number);
    await approveStep(review.current.reviewed, number, {
      by,
      how: "terminal",
      ...(digest === undefined ? {} : { digest }),
    });
    await runStep(review.current, number);
    review.recordStep(number, "Approve");
    await review.refresh();
  }
  await review.close();
  await history.close();
}

test("goes from next to complete: a plan that does not fit is refused, a gate that does not pass is improved", async () => {
  const workspace = open();
  const mesh = await loadMesh(workspace.root);
  const next = async () =>
    (await readStages(mesh)).flatMap(({ stages }) =>
      stages.map(({ stage, state, waitsFor }) => [stage.id, state, waitsFor]),
    );
  expect(await next()).toEqual([
    ["1-1-marker", "planned", []],
    ["1-2-second", "planned", ["1-1-marker"]],
  ]);
  const { rollback: _, ...incomplete } = plan;
  players.plays(
    (told) =>
      told.includes("Your part in this session: architect") && told.includes("Refused before")
        ? [writes(planFile, plan), finish("Planned.")]
        : undefined,
    (told) =>
      told.includes("Your part in this session: architect")
        ? [writes(planFile, incomplete), finish("Planned.")]
        : undefined,
    (told) =>
      told.includes("What to improve")
        ? [
            runbook({ check: "test -s marker.txt", undo: "rm marker.txt" }),
            writes("docs/stages/1-1-marker.md", documentation),
            finish("It has a check, an undo and a documentation now."),
          ]
        : undefined,
    (told) => (told.includes("Your part in this session: engineer") ? [runbook({}), finish("Prepared.")] : undefined),
  );

  const planned = await planStage(mesh, first, alone);
  expect(planned.found.record).toMatchObject({ state: "designed", plan: `projects/sysadmin/${planFile}` });
  expect(workspace.read("projects/sysadmin/docs/plans/main-1-1-marker.md")).toContain(
    "**Why not:** It is gone after a restart.",
  );
  const [refused, fitting] = players.sessions();
  expect([refused?.model, fitting?.model]).toEqual(["claude-opus", "claude-opus"]);
  expect(fitting?.told).toMatch(/the plan does not fit its form: .*rollback is missing/);
  expect(refused?.told).toContain("R1 (availability): the marker survives a restart");

  const built = await implementStage(mesh, { ...first, rounds: 3 }, alone);
  expect(built.found.record).toMatchObject({ state: "gated", rounds: 1 });
  const [engineer, improver] = players.sessions().slice(2);
  expect([engineer?.model, engineer?.temperature]).toEqual(["claude-sonnet", 0]);
  expect(improver?.told).toMatch(/The gate gives \d+ of 100 points; 85 are needed\./);
  expect(improver?.told).toMatch(/step 1 .*(?:check|undo)/);
  const runbooks = workspace.git("ls-files", "projects/sysadmin/runbooks/*.md").trim().split("\n");
  expect(runbooks, "the runbook that was refused is gone").toEqual([built.found.record.runbook]);

  await expect(completeStage(mesh, { ...first, waive: undefined }, "Pat")).rejects.toThrow(
    /its runbook was not executed/,
  );
  await execute(workspace, built.found.record.runbook ?? "");
  expect(workspace.read("targets/staging/marker.txt")).toBe("here\n");
  const { record } = await completeStage(mesh, { ...first, waive: undefined }, "Pat");
  expect(record).toMatchObject({ state: "complete", documentation: "projects/sysadmin/docs/stages/1-1-marker.md" });
  expect(record.waiver).toBeUndefined();
  expect(await next()).toEqual([
    ["1-1-marker", "complete", []],
    ["1-2-second", "planned", []],
  ]);
  const state = workspace.read("inventories/main/state/1-1-marker.md");
  expect([...state.matchAll(/: (\w+ → \w+),/g)].map((match) => match[1])).toEqual([
    "planned → designed",
    "designed → implemented",
    "implemented → improving",
    "improving → improving",
    "improving → implemented",
    "implemented → gated",
    "gated → approved",
    "approved → executed",
    "executed → complete",
  ]);
  // Two moves that follow each other at once may share a commit; the file has both.
  const commits = workspace.subjects().filter((subject) => subject.startsWith("Stage 1-1-marker: "));
  expect(commits.length).toBeGreaterThan(5);
  expect(workspace.uncommitted().filter((line) => !/memos\/outgoing\/|targets\//.test(line))).toEqual([]);
});

test("tells a person when three rounds have not helped, and takes up what the person mends", async () => {
  const workspace = open();
  const mesh = await loadMesh(workspace.root);
  workspace.write(`projects/sysadmin/${planFile}`, JSON.stringify(plan));
  expect((await planStage(mesh, first, alone)).found.record.state).toBe("designed");
  expect(players.sessions(), "a plan that a person wrote needs no model").toEqual([]);
  players.plays((told) => (told.includes("engineer") ? [runbook({}), finish("Prepared.")] : undefined));
  const built = await implementStage(mesh, { ...first, rounds: 3 }, alone);
  expect(players.sessions()).toHaveLength(4);
  expect(built.found.record).toMatchObject({ state: "improving", rounds: 3 });
  expect(built.stuck).toMatch(/no rounds left/);
  expect(
    workspace
      .notices("operator")
      .map(({ text }) => text)
      .join(),
  ).toContain("Stage 1-1-marker needs a person");
  const path = built.found.record.runbook ?? "";
  const fences = "```\n```sh check\ntest -s marker.txt\n```\n```sh undo\nrm marker.txt\n```\n";
  workspace.write(path, workspace.read(path).replace(/(echo here > marker\.txt\n)```\n/, `$1${fences}`));
  workspace.write("projects/sysadmin/docs/stages/1-1-marker.md", documentation);
  const mended = await improveStage(mesh, { ...first, rounds: 3, wish: "" }, alone);
  expect(mended.found.record.state).toBe("gated");
  expect(players.sessions()).toHaveLength(4);
});

test("refuses a plan that a person has broken, with its line, and builds nothing", async () => {
  const workspace = open();
  const mesh = await loadMesh(workspace.root);
  workspace.write(`projects/sysadmin/${planFile}`, JSON.stringify(plan, null, 2));
  await planStage(mesh, first, alone);
  workspace.write(`projects/sysadmin/${planFile}`, JSON.stringify({ ...plan, risks: [] }, null, 2));
  await expect(implementStage(mesh, { ...first, rounds: 3 }, alone)).rejects.toThrow(
    /main-1-1-marker\.json:\d+: risks .*expected at least one risk/,
  );
  expect(players.sessions()).toEqual([]);
});

test("an architect that builds is refused; a stage that waits for another is not begun", async () => {
  const workspace = open();
  const mesh = await loadMesh(workspace.root);
  players.plays((told) =>
    told.includes("architect")
      ? [writes(planFile, plan), writes("compose.yaml", "services: {}\n"), finish("Planned and built.")]
      : undefined,
  );
  const { found, answer } = await planStage(mesh, first, alone);
  expect(found.record.state).toBe("planned");
  expect(answer?.standing).toBe("failed");
  expect(answer?.text).toMatch(/an architect writes the plan and nothing else, and this session wrote compose\.yaml/);
  expect(workspace.exists("projects/sysadmin/compose.yaml")).toBe(false);
  await expect(implementStage(mesh, { reference: "1-2", inventory: undefined, rounds: 0 }, alone)).rejects.toThrow(
    /1-2-second stands on 1-1-marker, which must be complete first/,
  );
});
