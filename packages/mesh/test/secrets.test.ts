import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Changeset, memoFileName, newId } from "@memomesh/core";
import { noRules } from "@memomesh/guard";
import { beforeEach, describe, expect, test } from "vitest";
import { completeByHand } from "../src/complete.ts";
import { History } from "../src/history.ts";
import { initMesh } from "../src/init.ts";
import { refuseChangesetSecrets } from "../src/intake-secrets.ts";
import { loadMesh, type Mesh, requireNode } from "../src/load.ts";
import { addNode } from "../src/node.ts";
import { RunbookReview } from "../src/runbook-review.ts";
import { secretsIn } from "../src/secrets.ts";
import { sendMemo } from "../src/send.ts";
import { put, temporaryFolder } from "./folder.ts";

const token = `ghp_${"Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lz".repeat(2).slice(0, 36)}`;

let root: string;

async function open(more = ""): Promise<Mesh> {
  await put(root, "mesh.yml", `name: studio\nnodes: [shop]\n${more}`);
  return loadMesh(root);
}

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { name: "studio" });
  await addNode(await loadMesh(root), "shop", { role: "developer" });
});

async function allowed(): Promise<string> {
  const [found] = await secretsIn(token, noRules);
  return `guard: { allowedSecrets: ["${found?.fingerprint}"] }\n`;
}

const outcome = { kind: "done", notes: "", done: [], unknown: [] } as const;

function changeset(change: Partial<Changeset>): Changeset {
  return {
    session: newId(2),
    node: "shop",
    memo: newId(1),
    agent: "x",
    base: {},
    files: [],
    memos: [],
    outcome,
    ...change,
  };
}

const memo = { to: ["operator"], subject: "Hi", type: "ask", priority: "normal", body: `a\n${token}` } as const;
const lesson = { title: "Log in", symptom: "401", cause: "No token", fix: `use ${token}`, appliesTo: [] };
const runbook = { path: "runbooks/a.md", source: `# A\n${token}\n` };

test("a runbook that a person has written with a secret is not reviewed, for its record would keep it", async () => {
  const header = "id: rb-01JD8Q5T3ZK3N6V9Y2M4R7W1XB\nnode: shop\ntarget: staging\ncreated: 2026-11-21T10:00:00Z";
  const path = "projects/shop/runbooks/trial.md";
  await put(
    root,
    path,
    `---\n${header}\n---\n# Trial\n\n## Step 1: Do it\nRisk: low.\n\n\`\`\`sh run\necho ${token}\n\`\`\`\n`,
  );
  const begin = async (mesh: Mesh) => {
    const history = await History.open(mesh, () => undefined);
    const file = { node: requireNode(mesh, "shop"), path: join(root, path) };
    const by = { name: "Ada", email: "ada@example.com" };
    return RunbookReview.open(mesh, file, history, { by, environment: {} });
  };
  await expect(begin(await open())).rejects.toMatchObject({
    code: "runbook.secret",
    exit: 77,
    place: { file: path, line: 13 },
  });
  expect(await readdir(join(root, "projects/shop/runbooks"))).toEqual(["trial.md"]);
  const review = await begin(await open(await allowed()));
  await review.close();
});

describe("a changeset that holds a secret is refused", () => {
  test.each<[string, Partial<Changeset>, string]>([
    ["in a file", { files: [{ path: "src/a.ts", content: `one\nconst key = "${token}";\n` }] }, "src/a.ts:2: "],
    ["in what is proposed", { wish: { files: [{ path: "AGENTS.md", content: token }] } }, "AGENTS.md:1: "],
    [
      "in the reason for it",
      { wish: { files: [{ path: "AGENTS.md", content: "", reason: token }] } },
      "the reason for AGENTS.md: ",
    ],
    ["in a memo", { memos: [memo] }, 'memo "Hi": '],
    ["in a question", { outcome: { kind: "asked", notes: "", question: memo } }, 'memo "Hi": '],
    ["in a lesson", { lessons: [lesson] }, 'lesson "Log in": '],
    ["in STATE.md", { state: { handover: `log in with ${token}` } }, "STATE.md: "],
    ["in what is said of the work", { outcome: { ...outcome, notes: token } }, "the completion of the memo: "],
    ["in a runbook", { outcome: { ...outcome, kind: "prepared", runbook } }, "runbooks/a.md:2: "],
  ])("%s, with its place and without its text", async (_, change, place) => {
    const mesh = await open();
    const refused = refuseChangesetSecrets(changeset(change), mesh, requireNode(mesh, "shop"));
    const error = await refused.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code: "changeset.refused" });
    expect(error?.message).toContain(`${place}what looks like a secret (github-token) stands here`);
    expect(error?.message).toContain("guard.allowedSecrets");
    expect(error?.message).not.toContain(token.slice(6, 16));
    const allowing = await open(await allowed());
    await refuseChangesetSecrets(changeset(change), allowing, requireNode(allowing, "shop"));
  });

  test("but not for what stood in the file before", async () => {
    const mesh = await open();
    const node = requireNode(mesh, "shop");
    await put(node.folder, "test/fixture.ts", `const fake = "${token}";\n`);
    const files = [{ path: "test/fixture.ts", content: `// a fixture\nconst fake = "${token}";\n` }];
    await refuseChangesetSecrets(changeset({ files }), mesh, node);
    const copied = [{ path: "test/copy.ts", content: token }];
    await expect(refuseChangesetSecrets(changeset({ files: copied }), mesh, node)).rejects.toThrow("test/copy.ts:1");
  });
});

describe("a person is told before a secret is written down", () => {
  test("in a memo that is to be sent", async () => {
    const mesh = await open();
    const send = (to: Mesh) =>
      sendMemo(to, requireNode(to, "operator"), `---\nto: shop\n---\n# Key\n\n${token}\n`, "draft.md", new Date());
    await expect(send(mesh)).rejects.toMatchObject({ code: "memo.secret", place: { file: "draft.md", line: 6 } });
    expect(await readdir(join(root, "memos/outgoing"))).not.toContainEqual(expect.stringMatching(/\.md$/));
    await send(await open(await allowed()));
    expect(await readdir(join(root, "memos/outgoing"))).toContainEqual(expect.stringMatching(/\.md$/));
  });

  test("in the notes of a memo that is completed by hand", async () => {
    const mesh = await open();
    const id = newId(1);
    const name = memoFileName("A", "2026-11-21T10:00:00Z", id);
    await put(root, `projects/shop/memos/incoming/${name}`, `---\nid: ${id}\nfrom: operator\nto: shop\n---\n# A\n`);
    const complete = completeByHand(mesh, requireNode(mesh, "shop"), id, { notes: `used ${token}`, tick: "none" });
    await expect(complete).rejects.toMatchObject({ code: "memo.secret" });
    expect(await readdir(join(root, "projects/shop/memos/incoming"))).toContain(name);
  });
});
