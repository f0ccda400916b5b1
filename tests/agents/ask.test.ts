// A person asks for something in a sentence, and goes on from the answer.
import { loadMesh, type MeshEvent } from "@memomesh/mesh";
import { Conversation, writtenFor } from "@memomesh/mesh/ask";
import { expect, test } from "vitest";
import { ofKind, Workspace } from "../mail/workspace.ts";
import { startPlayers } from "./players.ts";
import { uses } from "./vendor.ts";

const players = startPlayers();

function open(more = ""): Workspace {
  return Workspace.open({
    nodes: { sysadmin: { agent: "sonnet" }, other: { agent: "sonnet" } },
    targets: ["staging"],
    more: `${players.agents("opus", "sonnet")}secondOpinion: { from: never }\n${more}`,
    git: true,
  });
}

const finish = (notes: string) => uses(["finish", { handover: "Nothing is open.", notes }]);
const writes = (path: string, content: string) => uses(["write", { path, content }]);

function listener() {
  const events: MeshEvent[] = [];
  const followed: string[] = [];
  const attendance = {
    command: "ask",
    onEvent: (event: MeshEvent) => void events.push(event),
    onFollow: (text: string) => void followed.push(text),
    signal: new AbortController().signal,
  } as const;
  return { attendance, events, followed };
}

test("a request becomes a memo, is worked on at once, and shows its answer and its files", async () => {
  const workspace = open();
  players.plays(() => [
    writes("compose.yaml", "services: {}\n"),
    finish("Found two free GPUs. I recommend vLLM, because it batches."),
  ]);
  const conversation = Conversation.begin(await loadMesh(workspace.root), undefined);
  const { attendance, events } = listener();
  const answer = await conversation.say(
    "deploy vLLM optimised for throughput\nwith the GPUs that are free",
    attendance,
  );
  expect(answer).toMatchObject({ standing: "done", node: "sysadmin", subject: "deploy vLLM optimised for throughput" });
  expect(answer.text).toContain("I recommend vLLM, because it batches.");
  expect(players.sessions()[0]?.told).toContain("with the GPUs that are free");
  expect(events.some((event) => event.kind === "session-progress" && event.text === "writes compose.yaml")).toBe(true);
  const [written] = await writtenFor(conversation.mesh, conversation.node, answer.memo);
  expect(written).toEqual({
    path: "projects/sysadmin/compose.yaml",
    difference: "--- /dev/null\n+++ b/projects/sysadmin/compose.yaml\n@@ -0,0 +1 @@\n+services: {}",
  });
  expect(workspace.uncommitted()).toEqual([]);
});

test("what is asked next is told what was said before, by another process too", async () => {
  const workspace = open();
  players.plays((told) => [finish(told.includes("use one GPU only") ? "One GPU then." : "Two GPUs are free.")]);
  const { attendance } = listener();
  const mesh = await loadMesh(workspace.root);
  await Conversation.begin(mesh, "sysadmin").say("Which GPUs are free?", attendance);
  const again = await Conversation.last(mesh, undefined);
  expect(again.node.id).toBe("sysadmin");
  expect((await again.say("use one GPU only", attendance)).text).toContain("One GPU then.");
  const [, second] = players.sessions();
  expect(second?.told).toContain("Which GPUs are free?");
  expect(second?.told).toContain("Two GPUs are free.");
  const threads = workspace
    .files("sysadmin", "archived")
    .map(({ text }) => /^thread: (.*)$/m.exec(text)?.[1] ?? /^id: (.*)$/m.exec(text)?.[1]);
  expect(new Set(threads).size).toBe(1);
});

test("an answer to what the node asked back wakes the same memo, and the question waits no longer", async () => {
  const workspace = open();
  players.plays((told) =>
    told.includes("Port 8080.")
      ? [finish("It listens on 8080.")]
      : [uses(["ask", { to: "operator", subject: "Which port?", question: "Which port shall it have?" }])],
  );
  const { attendance } = listener();
  const conversation = Conversation.begin(await loadMesh(workspace.root), undefined);
  const asked = await conversation.say("Set up the web server.", attendance);
  expect(asked).toMatchObject({ standing: "asked", question: { to: ["operator"] } });
  expect(asked.text).toContain("Which port shall it have?");
  const answer = await (await Conversation.last(conversation.mesh, undefined)).say("Port 8080.", attendance);
  expect(answer).toMatchObject({ standing: "done", memo: asked.memo });
  expect(answer.text).toContain("It listens on 8080.");
  expect(workspace.inbox("operator")).toEqual([]);
});

test("a memo goes on when a third node that was asked about it has answered", async () => {
  const workspace = open();
  workspace.write("memos/outgoing/greeting.md", "---\nto: sysadmin\n---\n# Put a greeting in place\n");
  players.plays(
    (told) => {
      const answer = { to: ["sysadmin"], type: "answer", subject: "The words", body: "Good morning." };
      return told.includes("You work as the node other") ? [uses(["send_memo", answer]), finish("Said.")] : undefined;
    },
    (told) =>
      told.includes("Good morning.") ? [writes("greeting.txt", "Good morning.\n"), finish("Put.")] : undefined,
    () => [uses(["ask", { to: "other", question: "Which words?" }])],
  );
  const events = await workspace.run();
  const ends = ofKind(events, "session-finished").map(({ node, outcome }) => `${node} ${outcome}`);
  expect(ends).toEqual(["sysadmin asked", "other done", "sysadmin done"]);
  expect(workspace.read("projects/sysadmin/greeting.txt")).toBe("Good morning.\n");
  expect(workspace.inbox("sysadmin")).toEqual([]);
});

test("where another process coordinates the mesh, that one does the work and the files tell", async () => {
  const workspace = open();
  await workspace.watch();
  players.plays(() => [writes("note.txt", "x\n"), finish("Noted.")]);
  const conversation = Conversation.begin(await loadMesh(workspace.root), undefined);
  const { attendance, events, followed } = listener();
  const answer = await conversation.say("Note it.", attendance);
  expect(answer).toMatchObject({ standing: "done" });
  expect(followed).toHaveLength(1);
  expect(followed[0]).toMatch(/"memomesh watch" already coordinates this mesh/);
  expect(events.flatMap((event) => (event.kind === "session-progress" ? event.text : []))).toContain("write note.txt");
  expect((await writtenFor(conversation.mesh, conversation.node, answer.memo, true)).map(({ path }) => path)).toEqual([
    "projects/sysadmin/note.txt",
  ]);
});

test("says why when nobody could work on it, and what to do when it is not said whom to ask", async () => {
  const workspace = open();
  players.plays(() => []);
  const mesh = await loadMesh(workspace.root);
  const answer = await Conversation.begin(mesh, "other").say("Do something.", listener().attendance);
  expect(answer.standing).toBe("failed");
  expect(answer.text).toMatch(/answered 3 times in a row without using a tool/);
  const two = Workspace.open({ nodes: { one: { agent: "offline" }, two: { agent: "offline" }, three: {} } });
  const others = await loadMesh(two.root);
  expect(() => Conversation.begin(others, undefined)).toThrow(/say whom to ask with --node: one, two/);
  expect(() => Conversation.begin(others, "three")).toThrow(/no agent works in three/);
  await expect(Conversation.last(others, undefined)).rejects.toThrow(/nobody was asked anything yet/);
});

const plan = {
  title: "vLLM on two GPUs",
  summary: "One service.",
  requirements: [{ text: "throughput", met_by: "continuous batching" }],
  strategy: { what: "vLLM in Compose.", why: "It batches.", steps: ["Prepare", "Start"] },
  alternatives: [],
  risks: [{ text: "Memory", likelihood: "low", impact: "high", response: "A limit." }],
  unknowns: ["The model."],
  cost: { estimate: "2 GPUs", basis: "what is free" },
  rollback: { how: "Stop it.", until: "Always." },
};
const roles = "roles: { architect: opus }\n";

test("where mesh.yml has an architect, what is to be built is planned first and then built from the plan", async () => {
  const workspace = open(roles);
  players.plays((told) => {
    const path = /`(docs\/plans\/[^`]+\.json)`/.exec(told)?.[1] ?? "";
    if (told.includes("Your part in this session: architect"))
      return [writes(path, JSON.stringify(plan)), finish("Planned.")];
    return [uses(["read", { path }]), writes("compose.yaml", "services: {}\n"), finish("Built as planned.")];
  });
  const conversation = Conversation.begin(await loadMesh(workspace.root), undefined);
  const answer = await conversation.say("deploy vLLM", listener().attendance);
  expect(answer.text).toContain("Built as planned.");
  expect(players.sessions().map(({ model }) => model)).toEqual(["claude-opus", "claude-sonnet"]);
  const files = await writtenFor(conversation.mesh, conversation.node, answer.memo);
  expect(files.map(({ path }) => path.replace(/2026.*vllm-\w+/, "…"))).toEqual([
    "projects/sysadmin/compose.yaml",
    "projects/sysadmin/docs/plans/….json",
    "projects/sysadmin/docs/plans/….md",
  ]);
  expect(workspace.subjects()).toContain('Plan "deploy vLLM"');
  expect(workspace.uncommitted()).toEqual([]);
});

test("an architect answers by itself when nothing has to be built", async () => {
  const workspace = open(roles);
  players.plays(() => [finish("Port 8080 is open for the shop.")]);
  const conversation = Conversation.begin(await loadMesh(workspace.root), undefined);
  expect((await conversation.say("Why is port 8080 open?", listener().attendance)).text).toContain("for the shop");
  expect(players.sessions().map(({ model }) => model)).toEqual(["claude-opus"]);
});

test("a role for an agent that mesh.yml does not have is said", async () => {
  const workspace = open("roles: { architect: gpt }\n");
  const conversation = Conversation.begin(await loadMesh(workspace.root), undefined);
  const answer = await conversation.say("deploy vLLM", listener().attendance);
  expect(answer.text).toMatch(/roles\.architect of mesh\.yml wants the agent "gpt"; expected offline, opus, sonnet/);
});
