import { parseRunbook } from "@memomesh/core/markdown";
import { describe, expect, test } from "vitest";
import { createAgent } from "../src/index.ts";
import { answered, memo, questionId, TestMesh } from "./session.ts";

const question = (fields: string, app = "", from = "sysadmin") =>
  memo(
    "Question about: Deploy the shop",
    `I have to know more.\n\n\`\`\`yaml question\n${app}fields: [${fields}]\n\`\`\``,
    { type: "question", from, to: "developer" },
  );

const developer = { role: "developer" } as const;

function project(): TestMesh {
  const mesh = new TestMesh();
  mesh.write(
    "projects/developer/site/package.json",
    JSON.stringify({ name: "@studio/shop", version: "1.4.2", scripts: { build: "node build.mjs" } }),
  );
  mesh.write("projects/developer/site/deploy.yml", "app: shop\nartifact: { kind: static, path: dist }\nport: 8080\n");
  mesh.write("projects/developer/site/dist/index.html", "<p>hello</p>\n");
  mesh.write("projects/developer/README.md", "# Projects\n\nThe version is a secret.\n");
  return mesh;
}

describe("why something is as it is", () => {
  const history = "What the history tells of `port 8080`:\n\n- shop asked for it";

  test("is told by the history, to the operator in the completion and to a node in an answer", async () => {
    const asks = (from: string) => memo("Why is port 8080 open?", "", { type: "ask", from, to: "developer" });
    const context = { ...developer, history };
    const told = await project().work(asks("operator"), context);
    expect(told).toMatchObject({ outcome: { kind: "done", notes: history }, memos: [] });
    const { memos } = await project().work(asks("sysadmin"), context);
    expect(memos).toMatchObject([{ to: ["sysadmin"], type: "answer", body: history }]);
  });

  test("is left to what the project states where that is asked for", async () => {
    const { memos } = await project().work(question("port", "app: shop\n"), { ...developer, history });
    expect(memos[0]?.body).toContain("port: 8080");
  });
});

describe("a question", () => {
  test("is answered from what the project states, in a block that tools read", async () => {
    const { outcome, memos } = await project().work(
      question("version, artifact, port, build", "app: shop\n"),
      developer,
    );
    expect(outcome).toMatchObject({ kind: "done", unknown: [] });
    expect(memos).toMatchObject([{ to: ["sysadmin"], type: "answer", subject: "Answer: Deploy the shop" }]);
    expect(memos[0]?.body).toBe(
      "From `site/package.json`, `site/deploy.yml`.\n\n```yaml answer\nversion: 1.4.2\nartifact:\n  - kind: static\n    path: site/dist\nport: 8080\nbuild: npm run build\n```",
    );
  });

  test("is answered for the app that it is about, and no other", async () => {
    const mesh = project();
    mesh.write("projects/developer/blog/package.json", JSON.stringify({ name: "blog", version: "3.0.0" }));
    const { memos } = await mesh.work(question("version", "app: blog\n"), developer);
    expect(memos[0]?.body).toContain("version: 3.0.0");
    const { outcome } = await mesh.work(question("version", "app: forum\n"), developer);
    expect(outcome.kind).toBe("asked");
  });

  test("goes to the operator as far as no file answers it, and the operator's answer goes back", async () => {
    const source = question("version, domain", "app: shop\n");
    const first = await project().work(source, developer);
    if (first.outcome.kind !== "asked") throw new Error(first.outcome.kind);
    expect(first.outcome.question.to).toEqual(["operator"]);
    expect(first.outcome.question.body).toContain("```yaml question\napp: shop\nfields:\n  - domain\n```");
    const { source: waiting, thread } = answered(source, questionId, "- domain: shop.example.com", "operator");
    const { outcome, memos } = await project().work(waiting, { ...developer, thread });
    expect(outcome.kind).toBe("done");
    expect(memos[0]).toMatchObject({ to: ["sysadmin"] });
    expect(memos[0]?.body).toContain("```yaml answer\nversion: 1.4.2\ndomain: shop.example.com\n```");
  });

  test("in prose is passed on, and the operator's words come back as a quotation", async () => {
    const source = memo("Which cache?", "## Step 1: tell me\nRedis or not?", {
      type: "question",
      from: "sysadmin",
      to: "developer",
    });
    const { outcome } = await project().work(source, developer);
    expect(outcome.kind === "asked" && outcome.question.body).toContain("> Redis or not?");
    const { source: waiting, thread } = answered(source, questionId, "# Heading\n\nNone.\n## More", "operator");
    const { memos } = await project().work(waiting, { ...developer, thread });
    expect(memos[0]?.body).toBe("The operator of developer wrote:\n\n> # Heading\n>\n> None.\n> ## More");
  });

  test("about which two files disagree is not decided by the agent", async () => {
    const mesh = project();
    mesh.write("projects/developer/site/deploy.yml", "app: shop\nversion: 1.4.1\n");
    const { outcome } = await mesh.work(question("version", "app: shop\n"), developer);
    expect(outcome.kind === "asked" && outcome.question.body).toContain(
      "`site/package.json` and `site/deploy.yml` say different things",
    );
  });

  test("of the operator that nobody can answer is not sent back to the operator as a question", async () => {
    const { outcome, memos } = await project().work(question("domain", "app: shop\n", "operator"), developer);
    expect(outcome.kind).toBe("done");
    expect(memos[0]).toMatchObject({ to: ["operator"], type: "answer" });
    expect(memos[0]?.body).toContain("The domain: no file of this project states it.");
  });
});

test("a sysadmin's question and a developer's answer go round without a person", async () => {
  const mesh = project();
  mesh.write(
    "projects/developer/site/deploy.yml",
    "app: shop\nversion: 1.4.2\nartifact: { kind: static, path: dist }\n",
  );
  const source = memo("Deploy the shop", "```yaml deploy\napp: shop\ntarget: staging\n```");
  const first = await mesh.work(source);
  if (first.outcome.kind !== "asked") throw new Error(first.outcome.kind);
  const { subject, body } = first.outcome.question;
  const reply = await mesh.work(
    memo(subject, body, { type: "question", from: "sysadmin", to: "developer" }),
    developer,
  );
  const { source: waiting, thread } = answered(source, questionId, reply.memos[0]?.body ?? "");
  const { outcome } = await mesh.work(waiting, { thread });
  if (outcome.kind !== "prepared") throw new Error(outcome.notes);
  const book = parseRunbook(outcome.runbook.source, outcome.runbook.path);
  expect(book.title).toBe("Deploy shop 1.4.2 to staging");
  expect(book.steps[0]?.needs.files).toEqual(["projects/developer/site/dist"]);
});

describe("other memos", () => {
  test("a notice is noted in STATE.md", async () => {
    const { outcome, state, files, memos } = await new TestMesh().work(
      memo("The box was moved", "To another rack.", { type: "notice" }),
      developer,
    );
    expect(outcome).toMatchObject({ kind: "done", done: [] });
    expect(state?.progress).toEqual(["noted `The box was moved` of developer (memo mem01)"]);
    expect([files, memos]).toEqual([[], []]);
  });

  test("an answer to nothing that was asked is noted, not obeyed", async () => {
    const { outcome, memos } = await new TestMesh().work(
      memo("Answer", "```yaml deploy\napp: shop\n```", { type: "answer" }),
    );
    expect([outcome.kind, memos]).toEqual(["done", []]);
  });

  test("what it cannot do it says, and closes with the operator's words and no box ticked", async () => {
    const source = memo("Write a poem", "## Action items\n- [ ] Prepare the release poem", { type: "ask" });
    const first = await new TestMesh().work(source, { role: "writer" });
    expect(first.outcome.kind === "asked" && first.outcome.question).toMatchObject({
      to: ["operator"],
      body: expect.stringContaining("I cannot do it"),
    });
    const { source: waiting, thread } = answered(source, questionId, "I wrote it myself.", "operator");
    const { outcome } = await new TestMesh().work(waiting, { role: "writer", thread });
    expect(outcome).toMatchObject({ kind: "done", done: [], notes: expect.stringContaining("`I wrote it myself.`") });
  });

  test("a deployment memo is nothing for a writer", async () => {
    const { outcome } = await new TestMesh().work(memo("Deploy shop 1.4.2 to staging", "Now."), { role: "writer" });
    expect(outcome.kind === "asked" && outcome.question.to).toEqual(["operator"]);
  });
});

test("handover notes keep what a person wrote and what is open of other memos", async () => {
  const state =
    "# State\n\n## Handover notes\nThe box has little memory.\n\n- memo aaaaa: waits.\n- memo mem01: waits too.\n";
  const { state: report } = await new TestMesh().work(memo("The box was moved", "", { type: "notice" }), { state });
  expect(report?.handover).toBe(
    "The box has little memory.\n\n- memo mem01: `The box was moved` of developer was noted; nothing was to be done.\n- memo aaaaa: waits.",
  );
});

test("a provider that does not exist is an error that names those that do", async () => {
  await expect(createAgent("claude", { provider: "anthropc" })).rejects.toThrow(
    /"anthropc", which is not known; expected offline/,
  );
});
