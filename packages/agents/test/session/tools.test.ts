import { sha256 } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { describe, expect, test } from "vitest";
import { Desk, type SessionContext, sessionTools, useTool } from "../../src/index.ts";
import { memo, TestMesh } from "../session.ts";

const source = memo("Deploy the shop", "Please.\n\n## Action items\n- [ ] Prepare\n- [x] Look", { type: "deployment" });

function deskOf(mesh = new TestMesh(), changes: Parameters<TestMesh["context"]>[1] = {}) {
  const context: SessionContext = mesh.context(source, changes);
  const desk = new Desk(context);
  const use = (name: string, input: unknown) => useTool(desk, name, input);
  const text = async (name: string, input: unknown) => {
    const answer = await use(name, input);
    if (answer.failed) throw new Error(answer.text);
    return answer.text;
  };
  const refused = async (name: string, input: unknown) => {
    const answer = await use(name, input);
    if (!answer.failed) throw new Error(`${name} was not refused: ${answer.text}`);
    return answer.text;
  };
  return { desk, use, text, refused, context };
}

function project(): TestMesh {
  const mesh = new TestMesh();
  mesh.write("projects/sysadmin/README.md", "# Box\n\nThe box runs Caddy.\n");
  mesh.write("projects/sysadmin/etc/caddy.conf", "shop {\n  root dist\n}\n");
  mesh.write("projects/developer/site/dist/index.html", "<p>Caddy</p>\n");
  return mesh;
}

test("every tool says in JSON Schema what it takes, in terms that all vendors read", () => {
  expect(sessionTools.map(({ name }) => name)).toEqual([
    ...["list", "read", "search", "write", "edit", "send_memo", "write_runbook"],
    ...["update_state", "record_lesson", "ask", "decline", "finish"],
  ]);
  const known = ["type", "description", "properties", "required", "additionalProperties", "items", "enum"];
  const words = (value: unknown, inProperties = false): string[] => {
    if (Array.isArray(value) || typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => [
      ...(inProperties ? [] : [key]),
      ...words(inner, !inProperties && key === "properties"),
    ]);
  };
  for (const { input, description } of sessionTools) {
    expect(input).toMatchObject({ type: "object", additionalProperties: false });
    expect([...new Set(words(input))].filter((word) => !known.includes(word) && !/^m(?:in|ax)/.test(word))).toEqual([]);
    expect(JSON.stringify(input)).not.toContain("9007199254740991");
    expect(description).toMatch(/\.$/);
  }
});

describe("files", () => {
  test("are listed and read as data with their origin, those of other nodes too", async () => {
    const { text, desk } = deskOf(project());
    const tag = `memomesh-data-${desk.boundary}`;
    expect(await text("list", {})).toBe(`<${tag} origin="files in your folder">\nREADME.md\netc/caddy.conf\n</${tag}>`);
    expect(await text("list", { path: "./etc/" })).toContain("\ncaddy.conf\n");
    expect(await text("read", { path: "README.md" })).toBe(
      `Lines 1 to 3 of 3.\n<${tag} origin="README.md">\n# Box\n\nThe box runs Caddy.\n</${tag}>`,
    );
    expect(await text("read", { path: "developer:site/dist/index.html" })).toContain("<p>Caddy</p>");
    expect(await text("list", { path: "nothing" })).toBe("There are no files in nothing.");
  });

  test("are read by lines when they are long", async () => {
    const mesh = project();
    const lines = Array.from({ length: 9000 }, (_, index) => `line ${index + 1}`);
    mesh.write("projects/sysadmin/long.txt", lines.join("\n"));
    mesh.write("projects/sysadmin/wide.txt", "x".repeat(100_000));
    const { text, refused } = deskOf(mesh);
    const first = await text("read", { path: "long.txt" });
    const [, last = ""] = /^Lines 1 to (\d+) of 9000; read on from line \d+\./.exec(first) ?? [];
    expect(Number(last)).toBeGreaterThan(1000);
    expect(first.length).toBeLessThan(26_000);
    expect(await text("read", { path: "long.txt", from: Number(last) + 1 })).toContain(`\nline ${Number(last) + 1}\n`);
    expect(await text("read", { path: "long.txt", from: 5, to: 6 })).toMatch(/>\nline 5\nline 6\n</);
    expect(await refused("read", { path: "long.txt", from: 9001 })).toContain("has 9000 lines");
    expect(await text("read", { path: "wide.txt" })).toContain("line 1 is longer than what is shown");
  });

  test("in great numbers are shown as folders", async () => {
    const mesh = project();
    for (let index = 0; index < 400; index += 1)
      mesh.write(`projects/sysadmin/dist/assets/${index % 4}/${index}.js`, "");
    const listing = await deskOf(mesh).text("list", {});
    expect(listing).toContain("\ndist/assets/0/ (100 files)\n");
    expect(listing).toContain("\nREADME.md\n");
    expect(listing.split("\n")).toHaveLength(8);
  });

  test("are searched for a text, never for a pattern, with the session's own changes", async () => {
    const { text } = deskOf(project());
    await text("write", { path: "new.md", content: "caddy (a+)+$\n" });
    expect(await text("search", { text: "(a+)+$" })).toContain("One line holds that text.");
    const found = await text("search", { text: "caddy", ignoreCase: true });
    expect(found.split("\n").slice(2, -1)).toEqual(["README.md:3: The box runs Caddy.", "new.md:1: caddy (a+)+$"]);
    expect(await text("search", { text: "Caddy", path: "developer:site" })).toContain(
      "developer:site/dist/index.html:1:",
    );
    expect(await text("search", { text: "root", path: "etc/caddy.conf" })).toContain("etc/caddy.conf:2:   root dist");
    expect(await text("search", { text: "nowhere" })).toBe("Nothing holds that text.");
  });

  test("are written and edited on the desk only, and read back from there", async () => {
    const mesh = project();
    const { text, refused, desk } = deskOf(mesh);
    expect(await refused("edit", { path: "README.md", old: "Caddy", new: "nginx" })).toContain("read it first");
    expect(await refused("write", { path: "README.md", content: "x" })).toContain("read it first");
    await text("read", { path: "./README.md" });
    await text("edit", { path: "README.md", old: "Caddy", new: "$& nginx" });
    expect(await text("read", { path: "README.md" })).toContain("The box runs $& nginx.");
    expect(await refused("edit", { path: "README.md", old: "Caddy", new: "x" })).toContain("does not stand in");
    expect(await refused("edit", { path: "README.md", old: "x", new: "y" })).toContain("more than once");
    expect(await refused("edit", { path: "nothing.md", old: "x", new: "y" })).toContain("use write");
    await text("write", { path: "bin/start", content: "#!/bin/sh\n", executable: true });
    expect(await text("list", { path: "bin" })).toContain("\nstart\n");
    expect(mesh.read("projects/sysadmin/README.md")).toContain("Caddy");
    await text("finish", { handover: "Nothing is open.", notes: "x" });
    const { files, base } = desk.changeset({ agent: "a" });
    expect(files).toEqual([
      { path: "README.md", content: "# Box\n\nThe box runs $& nginx.\n" },
      { path: "bin/start", content: "#!/bin/sh\n", executable: true },
    ]);
    expect(base).toMatchObject({ "README.md": expect.stringMatching(/^sha256:/), "bin/start": null });
  });

  test("that somebody edits meanwhile stay for the session as it has seen them, so that the mesh finds the difference", async () => {
    const mesh = project();
    const { text, desk } = deskOf(mesh);
    await text("read", { path: "README.md" });
    mesh.write("projects/sysadmin/README.md", "A person was faster.\n");
    await text("write", { path: "README.md", content: "mine\n" });
    await text("finish", { handover: "Nothing is open.", notes: "x" });
    expect(desk.changeset({ agent: "a" }).base["README.md"]).toBe(sha256("# Box\n\nThe box runs Caddy.\n"));
  });

  test.each([
    ["../developer/x", /cannot be read here|leads out/],
    ["/etc/passwd", /./],
    ["developer:site/x", /belongs to developer/],
    [".gitattributes", /belongs to git/],
    [".memomesh/approvals/x", /belongs to git or to the mesh/],
    ["AGENTS.md./x", /not in its plain spelling/],
    [".git/hooks/post-commit", /./],
    ["memos/outgoing/x.md", /mail is sent as memos/],
    ["STATE.md", /update_state/],
    ["docs/ai-lessons.md", /record_lesson/],
    ["runbooks/x.md", /write_runbook/],
  ])("are not written at %s", async (path, reason) => {
    const { refused, desk, text } = deskOf(project());
    expect(await refused("write", { path, content: "x" })).toMatch(reason);
    await text("finish", { handover: "Nothing is open.", notes: "x" });
    expect(desk.changeset({ agent: "a" }).files).toEqual([]);
  });

  test.each(["AGENTS.md", "node.yml", ".claude/settings.json", ".github/workflows/ci.yml"])(
    "that steer agents are proposed, and the model is told so: %s",
    async (path) => {
      const mesh = project();
      mesh.write("projects/sysadmin/node.yml", "role: sysadmin\n");
      const { text, refused, desk } = deskOf(mesh);
      if (path === "node.yml") {
        expect(await refused("write", { path, content: "x\n" })).toMatch(/not read in this session/);
        await text("read", { path });
      }
      expect(await text("write", { path, content: "x\n" })).toContain("kept as a proposal to the operator");
      await text("finish", { handover: "Nothing is open.", notes: "x" });
      const { files, base } = desk.changeset({ agent: "a" });
      expect(files).toEqual([{ path, content: "x\n" }]);
      expect(base[path]).toBe(path === "node.yml" ? sha256("role: sysadmin\n") : null);
    },
  );

  test("of other nodes that were not granted are refused with the reason, and nothing of them is shown", async () => {
    const mesh = project();
    mesh.write("projects/writer/secret plan.md", "plan");
    const { refused } = deskOf(mesh, { denied: ["writer"] });
    for (const [tool, input] of [
      ["read", { path: "writer:secret plan.md" }],
      ["list", { path: "writer:" }],
      ["search", { text: "plan", path: "writer:" }],
    ] as const) {
      expect(await refused(tool, input)).toContain("no grant");
    }
  });
});

describe("secrets", () => {
  const secrets = () => {
    const mesh = project();
    mesh.write("projects/sysadmin/.env", "A=1\n");
    mesh.write("projects/sysadmin/keys/id_ed25519", "key\n");
    mesh.write("projects/developer/.env.production", "TOKEN=hidden-value-1\n");
    mesh.write("projects/sysadmin/compose.yml", "image: shop\nenvironment:\n  DB_PASSWORD: hunter2hunter2\n");
    return deskOf(mesh);
  };

  test("by the names of their files are not read, not even from other nodes, and not found", async () => {
    const { refused, text } = secrets();
    for (const path of [".env", "keys/id_ed25519", "developer:.env.production"]) {
      expect(await refused("read", { path })).toContain("may hold secrets and is not shown");
    }
    expect(await text("search", { text: "hidden-value-1", path: "developer:" })).toBe("Nothing holds that text.");
    expect(await refused("write", { path: ".env", content: "A=\n" })).toContain("may hold secrets");
    expect(await text("write", { path: ".env.example", content: "A=\n" })).toContain("new file");
  });

  test("inside of other files are taken out, and are neither lost nor written back as what stands for them", async () => {
    const { text, refused, desk } = secrets();
    const shown = await text("read", { path: "compose.yml" });
    expect(shown).toContain("DB_PASSWORD: ‹secret›");
    expect(shown).not.toContain("hunter2");
    expect(await text("search", { text: "DB_PASSWORD" })).not.toContain("hunter2");
    expect(await refused("write", { path: "compose.yml", content: "image: x\n" })).toContain("would be lost");
    expect(await refused("edit", { path: "compose.yml", old: "image: shop", new: "x: ‹secret›" })).toContain(
      "only stands for",
    );
    await text("edit", { path: "compose.yml", old: "image: shop", new: "image: shop:2" });
    await text("finish", { handover: "Nothing is open.", notes: "x" });
    expect(desk.changeset({ agent: "a" }).files[0]?.content).toContain("hunter2hunter2");
  });

  test("are not accepted from a model in any tool", async () => {
    const key = `AKIA${"ABCDEFGHIJKLMNOP"}`;
    const { refused } = deskOf(project());
    expect(await refused("write", { path: "a", content: `key ${key}` })).toContain("looks like a secret");
    expect(await refused("send_memo", { to: ["developer"], subject: "s", type: "notice", body: key })).toContain(
      "secret",
    );
    expect(await refused("finish", { handover: "Nothing is open.", notes: "n", unknown: [key] })).toContain("secret");
  });
});

describe("memos", () => {
  test("go to whom the node may write", async () => {
    const { text, refused, desk, context } = deskOf(project(), {});
    await text("send_memo", { to: ["developer", "Operator"], subject: "Two\nlines", type: "notice", body: "Hello." });
    expect(await refused("send_memo", { to: ["stranger"], subject: "s", type: "ask", body: "b" })).toContain(
      'there is no node "stranger"; you may write to operator, developer, writer',
    );
    expect(await refused("send_memo", { to: ["developer"], subject: "s", type: "stage", body: "b" })).toContain("type");
    const strict = deskOf(project(), { node: { ...context.node, send: ["writer"] } });
    expect(await strict.refused("send_memo", { to: ["developer"], subject: "s", type: "ask", body: "b" })).toContain(
      "sysadmin may not write to developer",
    );
    expect(await strict.refused("ask", { to: "developer", question: "q" })).toContain("may not write to developer");
    await text("finish", { handover: "Nothing is open.", notes: "x" });
    expect(desk.changeset({ agent: "a" }).memos).toEqual([
      { to: ["developer", "operator"], subject: "Two lines", type: "notice", priority: "normal", body: "Hello." },
    ]);
  });

  test("are not sent without end", async () => {
    const { text, refused } = deskOf(project());
    const input = { to: ["developer"], subject: "s", type: "notice", body: "b" };
    for (let count = 0; count < 20; count += 1) await text("send_memo", input);
    expect(await refused("send_memo", input)).toContain("at most 20 memos");
  });

  test("with a question go to whom the node may write, and end the session", async () => {
    const other = deskOf(project());
    await other.text("ask", { to: "writer", question: "Which words?" });
    const { outcome: asked } = other.desk.changeset({ agent: "a" });
    expect(asked).toMatchObject({ kind: "asked", question: { to: ["writer"], type: "question" } });
    const { text, refused, desk } = deskOf(project());
    await text("write", { path: "draft.md", content: "x" });
    await text("ask", { to: "operator", question: "May I?", notes: "Found nothing." });
    expect(await refused("write", { path: "late.md", content: "x" })).toContain("ended already");
    const { outcome, files, state } = desk.changeset({ agent: "a" });
    expect(outcome).toMatchObject({ kind: "asked", notes: "Found nothing.", question: { to: ["operator"] } });
    expect(files).toHaveLength(1);
    expect(state?.next).toEqual(["Go on with memo mem01 when the answer is here"]);
  });

  test("can be declined", async () => {
    const { text, desk } = deskOf(project());
    await text("decline", { reason: "Not mine." });
    expect(desk.changeset({ agent: "a" }).outcome).toEqual({ kind: "declined", notes: "Not mine." });
  });
});

describe("STATE.md and lessons", () => {
  const state =
    "# State\n\n## Next actions\n- [ ] Renew `the` certificate\n- [x] Old\n\n## Handover notes\nBy hand.\n\n- memo aaaaa: waits.\n";

  test("are reported, and people's words and other memos' notes stay", async () => {
    const { text, refused, desk } = deskOf(project(), { state });
    expect(await refused("update_state", { done: ["Something else"] })).toContain('it has "Renew the certificate"');
    await text("update_state", { status: "Green.", progress: ["one"], done: ["Renew the certificate"] });
    await text("update_state", { progress: ["two"], next: ["three"], handover: "Look\nout." });
    await text("finish", { notes: "x" });
    expect(desk.changeset({ agent: "a" }).state).toEqual({
      status: "Green.",
      progress: ["one", "two"],
      next: ["three"],
      done: ["Renew the certificate"],
      handover: "By hand.\n\n- memo mem01: Look out.\n- memo aaaaa: waits.",
    });
  });

  test("are asked for once when a session would end without them", async () => {
    const { text, desk } = deskOf(project());
    await text("write", { path: "etc/site.conf", content: "listen 8080\n" });
    const told = await text("finish", { notes: "Wrote it.\n\nMore.", done: [0] });
    expect(told).toMatch(/^The session has not ended yet: it leaves no handover notes\. .*Call finish again/);
    expect(desk.outcome).toBeUndefined();
    await text("finish", { notes: "Wrote it.", done: [0], handover: "It listens on 8080." });
    const { state, outcome } = desk.changeset({ agent: "a" });
    expect(state).toEqual({
      progress: ["done memo mem01: Wrote it."],
      next: [],
      done: [],
      handover: "- memo mem01: It listens on 8080.",
    });
    expect(outcome).toMatchObject({ notes: "Wrote it.", unknown: [] });
  });

  test("have to be new, and where none are left the mesh says what it saw, and that it says it", async () => {
    const old = "# State\n\n## Handover notes\n- memo mem01: The runbook waits.\n";
    const { text, desk } = deskOf(project(), { state: old });
    await text("write", { path: "etc/site.conf", content: "listen 8080\n" });
    await text("send_memo", { to: ["developer"], subject: "Prepared", type: "notice", body: "It waits." });
    await text("update_state", { handover: "The  runbook waits." });
    expect(await text("finish", { notes: "Wrote it." })).toContain("those that an earlier session has left");
    expect(await text("finish", { notes: "Wrote it.\n\nMore." })).toBe("The session has ended.");
    const { state, outcome } = desk.changeset({ agent: "a" });
    expect(state).toMatchObject({
      handoverBy: "memomesh",
      handover:
        "- memo mem01: left by memomesh, since the agent left no handover notes; it changed etc/site.conf; it wrote to developer: Prepared; its last words: Wrote it.",
    });
    expect(outcome).toMatchObject({ unknown: [expect.stringContaining("the agent left no handover notes")] });
  });

  test("say after a question what it was, for whoever goes on when the answer is here", async () => {
    const { text, desk } = deskOf(project());
    await text("ask", { to: "developer", question: "Which port?\nThe Dockerfile says none." });
    expect(desk.changeset({ agent: "a" }).state).toMatchObject({
      handover: "- memo mem01: developer was asked. Which port? The Dockerfile says none.",
    });
  });

  test("that cannot be read stop a session before it costs anything", () => {
    expect(() => deskOf(project(), { state: "---\nupdated: [\n---\n# State\n" })).toThrow(/STATE\.md/);
  });

  test("are learned once", async () => {
    const lessons = [{ file: "docs/ai-lessons.md", source: "### Caddy needs a *reload*\n**Fix:** reload\n" }];
    const { text, refused, desk } = deskOf(project(), { lessons });
    const lesson = { title: "Disks fill up", symptom: "s", cause: "c", fix: "f" };
    expect(await refused("record_lesson", { ...lesson, title: "caddy needs a reload" })).toContain("recorded already");
    await text("record_lesson", { ...lesson, appliesTo: ["**/*.log"] });
    expect(await refused("record_lesson", lesson)).toContain("recorded already");
    await text("finish", { handover: "Nothing is open.", notes: "x" });
    expect(desk.changeset({ agent: "a" }).lessons).toEqual([{ ...lesson, appliesTo: ["**/*.log"] }]);
  });
});

describe("a runbook", () => {
  const step = {
    title: "Copy",
    risk: "low",
    explanation: "Copies.",
    run: 'cp -R "$MESH/projects/developer/site/dist" shop',
  };
  const book = { title: "Deploy shop", target: "staging", what: "Puts it there.", rollback: "Undo.", steps: [step] };

  test("is written from its parts, comes back classified, and makes the outcome", async () => {
    const { text, desk } = deskOf(project());
    const files = ["projects/developer/site/dist"];
    const told = await text("write_runbook", {
      ...book,
      unknown: ["The port."],
      steps: [
        { title: "Look", risk: "low", explanation: "Looks.", run: "df -Pk ." },
        { ...step, needs: { steps: [1], files }, check: "test -d shop", undo: "rm -r shop" },
        { title: "Restart", risk: "low", explanation: "Restarts.", run: "systemctl restart caddy" },
        { title: "Call", risk: "low", explanation: "Call the customer." },
      ],
    });
    expect(told.split("\n").slice(1)).toEqual([
      "Step 1: low.",
      "Step 2: low. Undoing it counts as medium: rm deletes shop with all that is in it.",
      expect.stringMatching(
        /^Step 3: you say low, it counts as \w+: .*It changes something and has no check and no undo/,
      ),
      "Step 4: by hand.",
    ]);
    await text("finish", { handover: "Nothing is open.", notes: "Prepared.", done: [0] });
    const { outcome } = desk.changeset({ agent: "a" });
    if (outcome.kind !== "prepared") throw new Error(outcome.kind);
    expect(outcome.runbook.path).toBe("runbooks/2026-11-21-deploy-shop-mem01.md");
    const read = parseRunbook(outcome.runbook.source, outcome.runbook.path);
    expect(read).toMatchObject({ node: "sysadmin", target: "staging", memo: "01KAJ0000000000000000MEM01" });
    expect(read.steps[1]?.needs).toEqual({ steps: [1], env: [], files });
  });

  test("uploads a folder that the session may see, without commands of its own beside that", async () => {
    const { text, desk, refused } = deskOf(project());
    const upload = { from: "projects/developer/site/dist", to: "releases/1.4.2", link: "current" };
    const { run, ...sends } = { ...step, upload };
    expect(await text("write_runbook", { ...book, steps: [sends] })).toContain(
      "Step 1: low. Undoing it counts as medium",
    );
    expect(await refused("write_runbook", { ...book, steps: [{ ...sends, run }] })).toContain(
      "run and undo are generated",
    );
    const elsewhere = { ...sends, upload: { ...upload, from: "projects/developer/nothing" } };
    expect(await refused("write_runbook", { ...book, steps: [elsewhere] })).toContain("does not exist");
    await text("finish", { handover: "Nothing is open.", notes: "Prepared.", done: [] });
    const { outcome } = desk.changeset({ agent: "a" });
    if (outcome.kind !== "prepared") throw new Error(outcome.kind);
    expect(parseRunbook(outcome.runbook.source, "r.md").steps[0]?.upload).toEqual(upload);
  });

  test("can be written again, and never takes the place of one that is there", async () => {
    const mesh = project();
    mesh.write("projects/sysadmin/runbooks/2026-11-21-deploy-shop-mem01.md", "reviewed");
    const { text, desk } = deskOf(mesh);
    await text("write_runbook", book);
    expect(await text("write_runbook", { ...book, title: "Other" })).toContain(
      "It uses projects/developer/site/dist below $MESH without naming it",
    );
    expect(desk.runbook?.path).toBe("runbooks/2026-11-21-deploy-shop-mem01-2.md");
    expect(desk.runbook?.source).toContain("# Other");
  });

  test.each([
    ["an unknown target", { target: "moon" }, /there is no target "moon"; there are staging, production/],
    ["an unknown target of a step", { steps: [{ ...step, target: "moon" }] }, /there is no target "moon"/],
    ["no steps", { steps: [] }, /steps/],
    [
      "a step that looks like two",
      { steps: [{ ...step, explanation: "x\n\n## Step 2: more\n\n```sh run\nid\n```" }] },
      /Not written/,
    ],
    ["a character that nobody sees", { steps: [{ ...step, run: "id \u202e" }] }, /right-to-left override/],
    [
      "files that are not there",
      { steps: [{ ...step, needs: { files: ["projects/developer/nothing"] } }] },
      /does not exist/,
    ],
    [
      "files outside",
      { steps: [{ ...step, needs: { files: ["mesh.yml"] } }] },
      /lies in no folder that you know; your own folder is projects\/sysadmin/,
    ],
    ["files by a way around", { steps: [{ ...step, needs: { files: ["projects/developer/../x"] } }] }, /Not written/],
  ])("with %s is not written", async (_, changes, reason) => {
    const { refused, desk } = deskOf(project());
    expect(await refused("write_runbook", { ...book, ...changes })).toMatch(reason);
    expect(desk.runbook).toBeUndefined();
  });

  test("may need what the session itself writes, and not what it may not see", async () => {
    const { text, refused } = deskOf(project(), { denied: ["developer"] });
    await text("write", { path: "etc/new.conf", content: "x" });
    await text("write_runbook", {
      ...book,
      steps: [{ ...step, needs: { files: ["projects/sysadmin/etc/new.conf"] } }],
    });
    const files = ["projects/developer/site/dist"];
    expect(await refused("write_runbook", { ...book, steps: [{ ...step, needs: { files } }] })).toContain("no grant");
  });
});

test("a changeset is not made before the session has ended", () => {
  expect(() => deskOf(project()).desk.changeset({ agent: "a" })).toThrow(/has not ended/);
});
