import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addNode, initMesh, loadMesh, type NodeOptions } from "@memomesh/mesh";
import { beforeEach, describe, expect, test } from "vitest";
import { memomesh, temporaryFolder } from "./program.ts";

let cwd: string;

beforeEach(async () => {
  const folder = await temporaryFolder();
  cwd = folder.path;
  await initMesh(cwd, { name: "studio" });
  return () => folder[Symbol.asyncDispose]();
});

async function add(id: string, options: NodeOptions = {}): Promise<void> {
  await addNode(await loadMesh(cwd), id, options);
}

async function outgoing(node: string): Promise<string[]> {
  return (await readdir(join(cwd, node, "memos", "outgoing"))).filter((name) => !name.startsWith("."));
}

describe("a mesh of one's own", () => {
  test("is made, gets a node, and status shows it from any folder below", async () => {
    await using folder = await temporaryFolder();
    await memomesh(["init", "own", "--name", "studio", "--no-git"], { cwd: folder.path });
    const cwd = join(folder.path, "own");
    const { code: added, out: made } = await memomesh(["node", "add", "ops", "--role", "sysadmin"], { cwd });
    expect(added).toBe(0);
    expect(made).toContain("projects/ops/memos/incoming/");
    const { code, out } = await memomesh(["status"], { cwd: join(cwd, "projects", "ops", "docs") });
    expect(code).toBe(0);
    expect(out).toMatch(/^studio/);
    expect(out).toMatch(/ops +offline +nothing waits/);
    expect(out).not.toContain("\u001b");
  });

  test("colours output only where it is wanted", async () => {
    const { out } = await memomesh(["status"], { cwd, env: { FORCE_COLOR: "1" } });
    expect(out).toContain("\u001b[1m");
    expect((await memomesh(["status"], { cwd, env: { FORCE_COLOR: "1", NO_COLOR: "1" } })).out).not.toContain("\u001b");
  });
});

describe("memo send", () => {
  test("drops a memo from standard input in the outgoing folder of the node whose folder we are in", async () => {
    await add("shop", { role: "developer", send: ["ops"] });
    await add("ops", { role: "sysadmin" });
    const source = "# Deploy shop\n\n- [ ] Prepare\n";
    const { code, out } = await memomesh(["memo", "send", "-", "--to", "ops", "--json"], {
      cwd: join(cwd, "projects", "shop"),
      input: source,
    });
    expect(code).toBe(0);
    const sent = JSON.parse(out);
    expect(sent).toMatchObject({ from: "shop", to: ["ops"], subject: "Deploy shop" });
    const [name = ""] = await outgoing("projects/shop");
    const text = await readFile(join(cwd, "projects/shop/memos/outgoing", name), "utf8");
    expect(text).toContain(`id: ${sent.id}`);
    expect(text).toMatch(/\ndigest: "?sha256:/);
    expect(text.endsWith(source)).toBe(true);
  });

  test("refuses in front of the writer what the router would reject", async () => {
    const { code, err } = await memomesh(["memo", "send", "-", "--to", "nobody"], { cwd, input: "# Hello\n" });
    expect(code).toBe(65);
    expect(err).toContain('"nobody" is no node');
    expect(await outgoing(".")).toEqual([]);
  });
});

describe("memo new", () => {
  async function editor(script: string): Promise<string> {
    const path = join(cwd, "editor.sh");
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  test("opens the editor on the template and sends what was written", async () => {
    await add("ops");
    const env = { EDITOR: await editor('sed -i.bak "s/What this is about.*/The disk is full./" "$1"') };
    const { code, out } = await memomesh(["memo", "new", "Clean up", "--to", "ops"], { cwd, env });
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("Clean up") });
    const [name = ""] = await outgoing(".");
    const text = await readFile(join(cwd, "memos/outgoing", name), "utf8");
    expect(text).toContain("The disk is full.");
    expect(text).toContain("type: ask");
  });

  test("sends nothing when the text is left as it was", async () => {
    const { code, err } = await memomesh(["memo", "new", "--to", "*"], { cwd, env: { EDITOR: "true" } });
    expect(code).toBe(1);
    expect(err).toContain("nothing was sent");
    expect(await outgoing(".")).toEqual([]);
  });

  test("keeps the draft when the memo cannot be sent", async () => {
    const env = { EDITOR: await editor('echo more >> "$1"') };
    const { code, err } = await memomesh(["memo", "new", "--to", "nobody"], { cwd, env });
    expect(code).toBe(65);
    const [, draft = ""] = /memomesh memo send (\S+)/.exec(err) ?? [];
    expect(await readFile(join(cwd, draft), "utf8")).toContain("more");
  });

  test("never prompts without a terminal", async () => {
    const { code, err } = await memomesh(["memo", "new", "--to", "*"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("memomesh memo send -");
  });
});

describe("reading", () => {
  const id = "01JD8Q5T3ZK3N6V9Y2M4R7W1XB";
  const memo = `---\nid: ${id}\nfrom: ops\nto: operator\ndate: 2026-11-21T10:12:00Z\ntype: question\ndelivered: 2026-11-21T10:12:01Z\n---\n# Which port?\n\n- [ ] Tell\n`;

  beforeEach(async () => {
    await writeFile(join(cwd, "memos/incoming/2026-11-21-which-port-7w1xb.md"), memo);
  });

  test("inbox lists what waits, memo show prints it whole", async () => {
    const { out } = await memomesh(["inbox", "--json"], { cwd });
    expect(JSON.parse(out).memos).toMatchObject([{ id, subject: "Which port?", box: "incoming" }]);
    const shown = await memomesh(["memo", "show", "7w1xb"], { cwd });
    expect(shown.out).toContain("# Which port?");
    expect(shown.out).not.toContain("beware");
  });

  test("memo show marks what lies in a memo, with its line", async () => {
    const lies =
      "Read <!-- not -->[bank.example](https://evil.example).\n\n![plan](https://evil.example/a.png) n\u0336o\n";
    await writeFile(join(cwd, "memos/incoming/2026-11-21-which-port-7w1xb.md"), `${memo}\n${lies}`);
    const { out } = await memomesh(["memo", "show", "7w1xb"], { cwd });
    expect(out).toMatch(/beware +the memo, line 13 of the file: "<!-- not -->" is a comment/);
    expect(out).toMatch(/beware +the memo, line 13 of the file: .* leads to evil\.example/);
    expect(out).toMatch(/beware +the memo, line 15 of the file: "!\[plan\].*" is fetched from elsewhere/);
    expect(out).toContain(") n‹U+0336›o");
    const { misleading } = JSON.parse((await memomesh(["memo", "show", "7w1xb", "--json"], { cwd })).out);
    expect(misleading).toMatchObject([{ kind: "markup", line: 13 }, { line: 13 }, { line: 15 }]);
  });

  test("a reply carries the id of what it answers", async () => {
    await add("ops");
    const { code } = await memomesh(["memo", "reply", "7w1xb", "-m", "8080"], { cwd });
    expect(code).toBe(0);
    const [name = ""] = await outgoing(".");
    const text = await readFile(join(cwd, "memos/outgoing", name), "utf8");
    expect(text).toContain(`re: ${id}`);
    expect(text).toContain("# Re: Which port?");
  });

  test("memo done ticks, completes and archives", async () => {
    const { code, out } = await memomesh(
      ["memo", "done", "7w1xb", "-m", "Answered on the phone.", "--tick", "all", "--json"],
      { cwd },
    );
    expect(code).toBe(0);
    const text = await readFile(JSON.parse(out).path, "utf8");
    expect(text).toContain("- [x] Tell");
    expect(text).toContain("Answered on the phone.");
    expect(text).toContain("status: done");
    expect((await readdir(join(cwd, "memos/incoming"))).filter((name) => !name.startsWith("."))).toEqual([]);
  });

  test("status names what waits for a person and how to see it", async () => {
    const { out } = await memomesh(["status"], { cwd });
    expect(out).toMatch(/memo +operator +Which port\? +memomesh memo show 7w1xb/);
  });

  test("an unknown memo is a usage error that says where to look", async () => {
    const { code, err } = await memomesh(["memo", "show", "00000"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("memomesh memo list --all");
  });
});

describe("doctor and instructions", () => {
  test("doctor is content with a new mesh and its nodes", async () => {
    await initMesh(cwd, { git: true });
    await add("ops", { role: "sysadmin" });
    const { code, out } = await memomesh(["doctor", "--json"], { cwd });
    expect({ code, ...JSON.parse(out) }).toEqual({ code: 0, findings: [] });
  });

  test("instructions sync --check ends with 1 until the files are in step", async () => {
    await add("ops");
    await writeFile(join(cwd, "projects/ops/AGENTS.md"), "# Changed\n");
    expect((await memomesh(["instructions", "sync", "--check"], { cwd })).code).toBe(1);
    expect((await memomesh(["instructions", "sync"], { cwd })).code).toBe(0);
    expect((await memomesh(["instructions", "sync", "--check"], { cwd })).code).toBe(0);
  });

  test("runbook new starts a runbook that can be read, listed and shown", async () => {
    const started = await memomesh(["runbook", "new", "Look around", "--target", "staging", "--json"], { cwd });
    const { path } = JSON.parse(started.out);
    expect((await memomesh(["runbook", "check", path], { cwd })).code).toBe(0);
    const listed = JSON.parse((await memomesh(["runbook", "list", "--json"], { cwd })).out);
    expect(listed.runbooks).toMatchObject([{ title: "Look around", node: "operator", steps: [{ state: "pending" }] }]);
    expect((await memomesh(["runbook", "show", path], { cwd })).out).toContain("Step 1: See that the target is there");
  });

  test("runbook check names file and line of a step that cannot be read", async () => {
    await mkdir(join(cwd, "runbooks"));
    await writeFile(
      join(cwd, "runbooks/odd.md"),
      "---\nid: rb-01JD8Q5T3ZK3N6V9Y2M4R7W1XB\nnode: operator\ntarget: staging\ncreated: 2026-11-21T10:00:00Z\n---\n# Odd\n\n## Step 2: Skip one\nRisk: low.\n",
    );
    const { code, out } = await memomesh(["runbook", "check"], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/^runbooks\/odd\.md:9: /);
  });
});
