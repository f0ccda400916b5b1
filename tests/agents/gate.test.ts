// The gate stands between an agent that prepares a runbook and the person who is asked to look at it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findRunbook, History, loadMesh, RunbookReview } from "@memomesh/mesh";
import { approveStep, runStep } from "@memomesh/runbooks";
import { expect, test } from "vitest";
import { ofKind, Workspace } from "../mail/workspace.ts";
import { startPlayers } from "./players.ts";
import { uses } from "./vendor.ts";

const players = startPlayers();

const runbook = (step: object) =>
  uses([
    "write_runbook",
    {
      title: "Put the marker in place",
      target: "staging",
      what: "Writes the marker file.",
      unknown: ["Who reads it."],
      rollback: "Remove the file.",
      steps: [
        {
          title: "Write the marker",
          risk: "low",
          explanation: "The marker is one file.",
          run: "echo here > marker.txt",
          ...step,
        },
      ],
    },
  ]);
const bare = {};
const whole = { check: "test -s marker.txt", undo: "rm marker.txt" };
const finish = uses(["finish", { handover: "Nothing is open.", notes: "The marker file is prepared.", done: [] }]);
const memo =
  "---\nto: sysadmin\n---\n# Put the marker in place\n\nThe marker is a file.\n\n## Action items\n- [ ] Write the marker file\n";

async function prepared() {
  const tier = { haiku: "small", opus: "standard" };
  const agents = players.agents("haiku", "opus").replace(/(haiku|opus): \{/g, (start, name: keyof typeof tier) => {
    return `${start} tier: ${tier[name]},`;
  });
  const more = `${agents}tiers: [{ tier: small }]\nsecondOpinion: { from: never }\n`;
  const workspace = Workspace.open({ nodes: { sysadmin: { agent: "auto" } }, targets: ["staging"], more, git: true });
  workspace.write("memos/outgoing/marker.md", memo);
  const events = await workspace.run();
  const [path = ""] = workspace.git("ls-files", "projects/sysadmin/runbooks/*.md").trim().split("\n");
  return { workspace, path, source: workspace.read(path), events };
}

const notices = (workspace: Workspace) =>
  workspace.inbox("operator").filter(({ text }) => text.includes("below the gate's threshold"));

async function withReview<T>(
  workspace: Workspace,
  path: string,
  override: string | undefined,
  work: (review: RunbookReview) => Promise<T>,
): Promise<T> {
  const mesh = await loadMesh(workspace.root);
  const history = await History.open(mesh, () => {});
  const by = { name: "Pat Person", email: "pat@example.com" };
  const file = await findRunbook(mesh, path, workspace.root);
  const options = { by, environment: process.env, onOutput: () => {}, ...(override === undefined ? {} : { override }) };
  const review = await RunbookReview.open(mesh, file, history, options);
  try {
    return await work(review);
  } finally {
    await review.close();
    await history.close();
  }
}

const approve = ({ current }: RunbookReview) => {
  const { by, override } = current;
  return approveStep(current.reviewed, 1, { by, how: "command", ...(override === undefined ? {} : { override }) });
};

test("has the agent improve a runbook that is below the threshold, and shows the person the better one", async () => {
  players.plays(
    (told) => (told.includes("What an earlier session has prepared") ? [runbook(whole), finish] : undefined),
    () => [runbook(bare), finish],
  );
  const { workspace, path, source } = await prepared();
  expect(source).toMatch(/^gate: (?:8[5-9]|9\d|100)$/m);
  expect(source).toContain("test -s marker.txt");
  const [, improver, ...others] = players.sessions();
  expect(others).toEqual([]);
  expect(improver?.told).toMatch(/The gate gives \d+ of 100 points; 85 are needed/);
  expect(improver?.told, "the draft").toContain("echo here > marker.txt");
  expect(notices(workspace)).toEqual([]);
  const { missing } = await withReview(workspace, path, undefined, approve);
  expect(missing).toBe(0);
});

test("gives what it has refused twice to the next tier, after three rounds tells the operator, and approves nothing but by a named override that is recorded", async () => {
  players.plays(() => [runbook(bare), finish]);
  const { workspace, path, events } = await prepared();
  expect(players.sessions().map(({ model }) => model)).toEqual([
    ...["claude-haiku", "claude-haiku", "claude-opus", "claude-opus"],
  ]);
  const improving = ofKind(events, "session-progress").filter(({ text }) => text.includes("it is improved"));
  expect(improving.map(({ text }) => text.replace(/^.* points; /, ""))).toEqual([
    ...["it is improved, round 1 of 3", "it is improved by opus, round 2 of 3", "it is improved by opus, round 3 of 3"],
  ]);
  const [notice, ...more] = notices(workspace);
  expect(more).toEqual([]);
  expect(notice?.text).toContain("# Improvement plan");

  await expect(withReview(workspace, path, undefined, approve)).rejects.toThrow(
    /step 1 is not approved: the gate gives this runbook \d+ of 100 points; 85 are needed/,
  );
  const overridden = { reason: "The target is thrown away tonight.", threshold: 85 };
  await withReview(workspace, path, overridden.reason, async (review) => {
    expect(await approve(review)).toMatchObject({ overridden, by: { email: "pat@example.com" } });
    await review.refresh();
    await runStep(review.current, 1);
    review.recordStep(1, "Run");
  });
  expect(workspace.read("targets/staging/marker.txt")).toBe("here\n");
  expect(workspace.read(path.replace(/\.md$/, ".record.md"))).toMatch(
    /Against the gate: \d+ of 100 points, 85 needed: The target is thrown away tonight/,
  );
  expect(workspace.git("log", "-1", "--format=%(trailers)")).toMatch(
    /Gate-Override: \d+ of 100 points, 85 needed: The target is thrown away tonight\./,
  );
});

test("looks anew at the bytes that are shown: a person's mending counts, and what they break counts too", async () => {
  players.plays(
    (told) => (told.includes("What an earlier session has prepared") ? [runbook(whole), finish] : undefined),
    () => [runbook(whole), finish],
  );
  const { workspace, path, source } = await prepared();
  workspace.write(
    path,
    source.replace(/```sh undo\n[\s\S]*?```\n/, "").replace(/## Rollback\n[\s\S]*?(?=## Step)/, ""),
  );
  await expect(withReview(workspace, path, undefined, approve)).rejects.toMatchObject({ code: "approval.gate" });
  workspace.write(path, source);
  expect(await withReview(workspace, path, undefined, approve)).not.toHaveProperty("overridden");
});

test("a mistake that was made once is recorded as a lesson, and stopped the second time", async () => {
  const pod = (name: string) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: shop, part: ${name} } }
  template:
    metadata: { labels: { app: shop, part: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ghcr.io/shop/${name}:1.4.2
          resources: { requests: { cpu: 100m }, limits: { memory: 128Mi } }
          readinessProbe: { tcpSocket: { port: 8080 } }
`;
  const manifest = (selector: string) =>
    `# The shop and its cache; only the shop is to be reached.\napiVersion: v1\nkind: Service\nmetadata: { name: shop }\nspec:\n  selector: ${selector}\n  ports: [{ port: 80, targetPort: 8080 }]\n${pod("web")}${pod("cache")}`;
  const writes = (path: string, selector: string) => uses(["write", { path, content: manifest(selector) }]);
  players.plays(
    (told) =>
      told.includes("shop again") && told.includes("What an earlier session has prepared")
        ? [writes("k8s/again.yaml", "{ app: shop, part: web }"), runbook(whole), finish]
        : undefined,
    (told) =>
      told.includes("shop again") ? [writes("k8s/again.yaml", "{ app: shop }"), runbook(whole), finish] : undefined,
    () => [writes("k8s/first.yaml", "{ app: shop }"), runbook(whole), finish],
  );
  const more = `${players.agents("sonnet")}secondOpinion: { from: never }\n`;
  const workspace = Workspace.open({ nodes: { sysadmin: { agent: "sonnet" } }, targets: ["staging"], more });
  // As if nobody in the field had made this mistake before.
  const field = readFileSync(join(import.meta.dirname, "../../templates/ai-lessons-field.md"), "utf8");
  workspace.write("templates/ai-lessons-field.md", "# Lessons of the field\n");
  workspace.write("memos/outgoing/first.md", memo);
  await workspace.run();
  expect(players.sessions(), "nobody knows the mistake yet").toHaveLength(1);
  expect(workspace.read("projects/sysadmin/k8s/first.yaml")).toContain("selector: { app: shop }");

  const lesson = field.slice(field.indexOf("### Service sends half"), field.indexOf("### Pod lands"));
  workspace.write("docs/ai-lessons.md", `# Lessons\n\n${lesson}`);
  workspace.write("memos/outgoing/again.md", memo.replace("# Put the marker in place", "# Prepare the shop again"));
  await workspace.run();
  const [, maker, improver, ...others] = players.sessions();
  expect(others).toEqual([]);
  expect(maker?.told, "who makes it is told what was learned").toContain("Service sends half of its traffic");
  expect(improver?.told).toMatch(/k8s\/again\.yaml:6.*lesson "Service sends half of its traffic/);
  expect(workspace.read("projects/sysadmin/k8s/again.yaml")).toContain("selector: { app: shop, part: web }");
  expect(notices(workspace)).toEqual([]);
});
