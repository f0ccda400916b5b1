import { parseMemo, printMemo } from "@memomesh/core";
import { parseRunbook, readBody } from "@memomesh/core/markdown";
import { describe, expect, test } from "vitest";
import { answered, deployment, memo, questionId, TestMesh } from "./session.ts";

const complete = "app: shop\nversion: 1.4.2\ntarget: staging\nartifact: { kind: static, path: dist }";

function built(): TestMesh {
  const mesh = new TestMesh();
  mesh.write("projects/developer/dist/index.html", "<p>hello</p>\n");
  return mesh;
}

describe("facts that are missing", () => {
  const source = deployment(complete.replace("version: 1.4.2\n", ""));

  test("are asked of the sender, in words and in a block that tools read", async () => {
    const { outcome, files, state } = await built().work(source);
    expect(files).toEqual([]);
    if (outcome.kind !== "asked") throw new Error(outcome.kind);
    expect(outcome.question).toMatchObject({
      to: ["developer"],
      type: "question",
      subject: "Question about: Deploy the shop",
    });
    expect(outcome.question.body).toContain("The memo does not say the version");
    expect(outcome.question.body).toContain("```yaml question\napp: shop\nfields:\n  - version\n```");
    expect(state?.next).toEqual(["Go on with memo mem01 when the answer is here"]);
  });

  test.each([
    ["a block", "```yaml answer\nversion: 1.10\n```", "1.10"],
    ["a deploy block", "```yaml deploy\nversion: 1.4.3\n```", "1.4.3"],
    ["a list item", "It is this one:\n\n- Version: 1.4.4", "1.4.4"],
    ["one word", "1.4.5", "1.4.5"],
  ])("are taken from an answer with %s, and the work goes on", async (_, answer, version) => {
    const { source: waiting, thread } = answered(source, questionId, answer);
    const { outcome, state } = await built().work(waiting, { thread });
    if (outcome.kind !== "prepared") throw new Error(outcome.notes);
    expect(parseRunbook(outcome.runbook.source, "r.md").title).toBe(`Deploy shop ${version} to staging`);
    expect(state?.done).toEqual(["Go on with memo mem01 when the answer is here"]);
  });

  test("are not taken from a node that was not asked", async () => {
    const { source: waiting, thread } = answered(source, questionId, "- Version: 6.6.6", "writer");
    const { outcome } = await built().work(waiting, { thread });
    expect(outcome.kind).toBe("asked");
  });

  test("are asked twice of the sender, then of the operator, and not for ever", async () => {
    const reply = (id: string, re: string) =>
      parseMemo(
        printMemo({
          id,
          from: "developer",
          to: ["sysadmin"],
          type: "answer",
          re,
          subject: "Answer",
          body: "I do not know that one.",
        }),
        "a.md",
      );
    const ids = [1, 2, 3, 4].map((number) => `01KAJ00000000000000000ANS${number}`);
    const recipients: unknown[] = [];
    for (const count of [0, 1, 2, 3, 4]) {
      const header = count === 0 ? "" : `question: ${questionId}\nanswers: [${ids.slice(0, count - 1).join(", ")}]\n`;
      const thread = ids.slice(0, count).map((id) => reply(id, questionId));
      const { outcome } = await built().work(source.replace("\n---\n", `\n${header}---\n`), { thread });
      recipients.push(outcome.kind === "asked" ? outcome.question.to[0] : outcome.kind);
    }
    expect(recipients).toEqual(["developer", "developer", "operator", "operator", "declined"]);
  });

  test("are asked of the operator when the node may not write to the sender", async () => {
    const { outcome } = await built().work(source, {
      node: { id: "sysadmin", role: "sysadmin", path: "projects/sysadmin", send: [] },
    });
    expect(outcome.kind === "asked" && outcome.question.to).toEqual(["operator"]);
  });
});

describe("what only a person can settle", () => {
  test("an artifact that may not be read is a matter for the operator, who is told what is missing", async () => {
    const { outcome } = await built().work(deployment(complete), { denied: ["developer"] });
    expect(outcome.kind === "asked" && [outcome.question.to, outcome.question.body]).toEqual([
      ["operator"],
      expect.stringContaining("`grants.read`"),
    ]);
  });

  test("a mesh without a target too", async () => {
    const { outcome } = await built().work(deployment(complete), { targets: {} });
    expect(outcome.kind === "asked" && [outcome.question.to, outcome.question.body]).toEqual([
      ["operator"],
      expect.stringContaining("mesh.yml has no target"),
    ]);
  });
});

test.each([
  ["an artifact that is not there", complete.replace("path: dist", "path: build"), /`build` is not there/],
  ["an artifact that is a single file", complete.replace("path: dist", "path: dist/index.html"), /holds no files/],
  [
    "a target that the mesh does not have",
    complete.replace("staging", "moon"),
    /no target `moon`.*`production`, `staging`/,
  ],
  ["a block that is no YAML", `${complete}\nport: [`, /cannot be read/],
  ["a value where a name belongs", `${complete}\nenv: [TOKEN=hunter2]`, /names only, never values/],
])("%s goes back to the sender", async (_, facts, reason) => {
  const { outcome } = await built().work(deployment(facts));
  if (outcome.kind !== "asked") throw new Error(outcome.kind);
  expect(outcome.question.to).toEqual(["developer"]);
  expect(outcome.question.body).toMatch(reason);
  expect(JSON.stringify(outcome)).not.toContain("hunter2");
});

test("finds the artifact of a memo that the operator wrote, by its path in the mesh", async () => {
  const source = deployment(complete.replace("path: dist", "path: ./projects/developer/dist/"), { from: "operator" });
  const { outcome } = await built().work(source);
  if (outcome.kind !== "prepared") throw new Error(outcome.notes);
  expect(parseRunbook(outcome.runbook.source, "r.md").steps[0]?.needs.files).toEqual(["projects/developer/dist"]);
});

test("reads the same facts from prose", async () => {
  const prose =
    "## Context\n\n- Version: 1.4.2\n- App: shop\n- Target: staging\n- Artifact: static `dist`\n\n## Verify\n\n- `test -f index.html`\n";
  const { outcome } = await built().work(memo("The shop is ready", prose));
  if (outcome.kind !== "prepared") throw new Error(outcome.notes);
  const book = parseRunbook(outcome.runbook.source, "r.md");
  expect(book.title).toBe("Deploy shop 1.4.2 to staging");
  expect(book.steps.at(-1)?.run?.text).toContain("test -f index.html");
});

test("reads what the subject states", async () => {
  const { outcome } = await built().work(memo("Deploy shop 1.4.2 to staging", "- Artifact: static `dist`"));
  expect(outcome.kind).toBe("prepared");
});

test("ticks what is done by preparing, and nothing that a person or the runbook still has to do", async () => {
  const items =
    "## Action items\n- [ ] Prepare the staging deployment\n- [ ] Keep the previous release for rollback\n- [ ] Prepare the production deployment\n- [ ] Write the release notes\n- [ ] Write the runbook\n- [x] Prepare the release";
  const source = deployment(complete, { more: items });
  const { outcome } = await built().work(source);
  const texts = readBody(parseMemo(source, "m.md")).items.map(({ text }) => text);
  expect(outcome.kind === "prepared" && outcome.done.map((index) => texts[index])).toEqual([
    "Prepare the staging deployment",
    "Write the runbook",
  ]);
});

test("gives the same bytes for the same input", async () => {
  const [one, other] = [built(), built()];
  const source = deployment(`${complete}\ndomain: shop.example.com\nverify: [{ command: "test -f index.html" }]`);
  expect(JSON.stringify(await one.work(source))).toBe(JSON.stringify(await other.work(source)));
});

test("never writes over a runbook that is there", async () => {
  const mesh = built();
  mesh.apply(await mesh.work(deployment(complete)));
  const { outcome } = await mesh.work(deployment(complete));
  expect(outcome.kind === "prepared" && outcome.runbook.path).toBe(
    "runbooks/2026-11-21-deploy-shop-1-4-2-staging-mem01-2.md",
  );
});

test("stops when it is told to", async () => {
  await expect(built().work(deployment(complete), { signal: AbortSignal.abort(new Error("stopped")) })).rejects.toThrow(
    "stopped",
  );
});
