import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newId } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { written } from "./memo-text.ts";
import { ofKind, Workspace } from "./workspace.ts";

function place(more: { readonly git?: boolean } = {}): Workspace {
  const nodes = { alpha: { send: ["beta"] }, beta: {}, gamma: {} };
  return Workspace.open({ nodes, policy: { maxMemoBytes: 4096 }, ...more });
}

/** What is wrong, the code that says so, and words of the reason. */
const refused: Readonly<Record<string, readonly [drop: string | Buffer, code: string, reason: string]>> = {
  "a sender that is not the folder's": [
    written("beta", "Forged", { from: "gamma" }),
    "memo.from.forged",
    'from "gamma"',
  ],
  "an unknown recipient": [written("delta", "Lost"), "memo.to.unknown", 'to "delta" is no node'],
  "one unknown recipient among known ones": [written("[beta, delta]", "Half"), "memo.to.unknown", 'to "delta"'],
  "a recipient without a grant": [written("gamma", "Barred"), "memo.to.not-granted", "gamma"],
  "a memo to itself": [written("alpha", "Mirror"), "memo.to.self", "writes to itself"],
  "a memo that is too large": [
    written("beta", "Large") + "x".repeat(5000),
    "memo.file.too-large",
    "policy.maxMemoBytes",
  ],
  "bytes that are not UTF-8": [Buffer.from([0x2d, 0x2d, 0x2d, 0xff, 0xfe, 0x0a]), "memo.file.not-utf8", "UTF-8"],
  "no header": ["# Just text\n\nNothing says to whom.\n", "memo.header.missing-to", "does not say to whom"],
  "no subject": ["---\nto: beta\n---\nNo heading.\n", "memo.header.missing-subject", "no subject"],
  "a header that is not closed": ["---\nto: beta\n\n# Open\n", "memo.header.unclosed", "not closed"],
  "a header that is broken YAML": ["---\nto: [beta\n---\n# Broken\n", "memo.header.yaml", ":2"],
  "an unknown priority": [written("beta", "Soon", { priority: "asap" }), "memo.header.priority", "expected"],
  "an alias bomb": [bomb(), "memo.header.yaml", "alias"],
  "an id that is none": [written("beta", "Odd", { id: "42" }), "memo.header.id", "id"],
  "a name that is not Markdown's": ["to: beta\n", "memo.file.name", ".md"],
};

function bomb(): string {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const item = level === 0 ? '"ha"' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array(9).fill(item).join(", ")}]\n`;
  });
  return `---\n${levels.join("")}to: beta\n---\n# Bomb\n`;
}

describe("puts into rejected/ with a reason, and sends a notice about", () => {
  for (const [what, [content, code, reason]] of Object.entries(refused)) {
    test(what, async () => {
      const mesh = place();
      const name = code === "memo.file.name" ? "memo.txt" : "memo.md";
      mesh.drop("alpha", name, content);
      const events = await mesh.run();
      expect(ofKind(events, "rejected")).toMatchObject([{ node: "alpha", code }]);
      expect(mesh.rejected("alpha")).toMatchObject([{ name }]);
      expect(mesh.rejected("alpha")[0]?.reason).toContain(reason);
      expect(readFileSync(join(mesh.box("alpha", "rejected"), name))).toEqual(Buffer.from(content));
      expect(mesh.notices("operator").map(({ text }) => text)).toEqual([expect.stringContaining(name)]);
      expect(mesh.files("alpha", "outgoing", true)).toEqual([]);
      expect([...mesh.inbox("beta"), ...mesh.inbox("gamma")]).toEqual([]);
    });
  }
});

test("tells the sender's agent when there is one, and not the operator", async () => {
  const mesh = Workspace.open({ nodes: { alpha: { agent: "offline" }, beta: {} }, git: true });
  mesh.drop("alpha", "memo.md", written("delta", "Lost"));
  await mesh.run();
  const notices = mesh.files("alpha", "archived");
  expect(mesh.uncommitted()).toEqual([]);
  expect(notices).toHaveLength(1);
  expect(notices[0]?.text).toContain('to "delta" is no node');
  expect(mesh.inbox("operator")).toEqual([]);
});

test("rejects a sender that is claimed in an inbox, where nobody can prove who put it there", async () => {
  const mesh = place();
  mesh.drop("beta", "memo.md", written("beta", "From alpha, honestly", { from: "alpha" }), "incoming");
  const events = await mesh.run();
  expect(ofKind(events, "rejected")).toMatchObject([{ node: "beta", code: "memo.from.unproven" }]);
  expect(mesh.inbox("beta")).toEqual([]);
});

test("never runs a header in another language", async () => {
  const mesh = place();
  const proof = mesh.path("proof");
  const code = `require("node:fs").writeFileSync(${JSON.stringify(proof)}, "ran")`;
  for (const language of ["js", "javascript", "coffee", "json"]) {
    mesh.drop("alpha", `${language}.md`, `---${language}\n{ to: (${code}, "beta") }\n---\n# ${language}\n`);
  }
  const events = await mesh.run();
  expect(existsSync(proof)).toBe(false);
  expect(ofKind(events, "rejected").map(({ code }) => code)).toEqual(Array(4).fill("memo.header.language"));
});

test("says it each time that the same bad memo is dropped, and runs none of them", async () => {
  const mesh = place();
  const bad = "---js\n{ to: 'beta' }\n---\n# Bad\n";
  mesh.drop("alpha", "one.md", bad);
  mesh.drop("alpha", "two.md", bad);
  await mesh.run();
  mesh.drop("alpha", "one.md", bad);
  await mesh.run();
  expect(mesh.rejected("alpha").map(({ name }) => name)).toEqual(["one-2.md", "one.md", "two.md"]);
  expect(mesh.notices("operator")).toHaveLength(3);
});

test("drops a memo that was delivered before under its id with the same content, and says so", async () => {
  const mesh = place({ git: true });
  const memo = written("beta", "Once", { id: newId(Date.now()) });
  mesh.drop("alpha", "first.md", memo);
  await mesh.run();
  mesh.drop("alpha", "again.md", memo);
  const events = await mesh.run();
  expect(ofKind(events, "duplicate")).toMatchObject([
    { from: "alpha", file: "projects/alpha/memos/outgoing/again.md" },
  ]);
  expect(mesh.inbox("beta")).toHaveLength(1);
  expect(mesh.files("alpha", "outgoing", true)).toEqual([]);
  expect(mesh.uncommitted()).toEqual([]);
});

test("rejects other content under an id that was delivered before", async () => {
  const mesh = place();
  const id = newId(Date.now());
  mesh.drop("alpha", "first.md", written("beta", "First", { id }));
  mesh.drop("alpha", "second.md", written("beta", "Second", { id }));
  const events = await mesh.run();
  expect(mesh.inbox("beta").map(({ text }) => /^# (.*)$/m.exec(text)?.[1])).toEqual(["First"]);
  expect(ofKind(events, "rejected")).toMatchObject([{ code: "memo.id.taken" }]);
  expect(mesh.notices("operator")).toHaveLength(1);
});

describe("moves away, with a reason, what is no file where a memo should be:", () => {
  test("a folder, with all that it holds", async () => {
    const mesh = place();
    mkdirSync(join(mesh.box("alpha", "outgoing"), "memo.md"));
    mesh.write("projects/alpha/memos/outgoing/memo.md/inside.txt", "kept");
    const events = await mesh.run();
    expect(ofKind(events, "rejected")).toMatchObject([{ code: "memo.file.folder" }]);
    expect(readFileSync(join(mesh.box("alpha", "rejected"), "memo.md", "inside.txt"), "utf8")).toBe("kept");
    expect(mesh.notices("operator")).toHaveLength(1);
  });

  test("a link, and not what it points to", async () => {
    const mesh = place();
    const secret = mesh.write("secret.md", written("beta", "Secret"));
    symlinkSync(secret, join(mesh.box("alpha", "outgoing"), "memo.md"));
    const events = await mesh.run();
    expect(ofKind(events, "rejected")).toMatchObject([{ code: "memo.file.link" }]);
    expect(lstatSync(join(mesh.box("alpha", "rejected"), "memo.md")).isSymbolicLink()).toBe(true);
    expect(existsSync(secret)).toBe(true);
    expect(mesh.inbox("beta")).toEqual([]);
  });

  test("a pipe, without waiting for somebody to write to it", async () => {
    const mesh = place();
    execFileSync("mkfifo", [join(mesh.box("alpha", "outgoing"), "memo.md")]);
    const events = await mesh.run();
    expect(ofKind(events, "rejected")).toMatchObject([{ code: "memo.file.special" }]);
    expect(lstatSync(join(mesh.box("alpha", "rejected"), "memo.md")).isFIFO()).toBe(true);
    expect(mesh.notices("operator")).toHaveLength(1);
  });
});

test("does not send mail through a link that was put in the place of an inbox", async () => {
  const mesh = place();
  const elsewhere = mesh.path("elsewhere");
  mkdirSync(elsewhere);
  execFileSync("rm", ["-r", mesh.box("beta", "incoming")]);
  symlinkSync(elsewhere, mesh.box("beta", "incoming"));
  mesh.drop("alpha", "memo.md", written("beta", "Through a link"));
  const said = ofKind(await mesh.run(), "warning");
  expect(said.map(({ code }) => code)).toContain("mailbox.folder.not-a-folder");
  expect(execFileSync("ls", ["-A", elsewhere], { encoding: "utf8" })).toBe("");
  execFileSync("rm", [mesh.box("beta", "incoming")]);
  await mesh.run();
  expect(mesh.inbox("beta")).toHaveLength(1);
});

test("waits for an empty file to be filled", async () => {
  const mesh = place();
  const path = mesh.drop("alpha", "memo.md", "");
  const watched = await mesh.watch();
  mesh.drop("alpha", "other.md", written("beta", "Other"));
  await watched.told("delivered");
  expect(existsSync(path)).toBe(true);
  writeFileSync(path, written("beta", "Filled"));
  await watched.told("delivered", ({ subject }) => subject === "Filled");
  expect(watched.all("rejected")).toEqual([]);
});
