import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkChangePath, checkProposalPath } from "../src/index.ts";

const allowed = [
  "index.html",
  "dist/index.html",
  "dist/assets/app-3f2a.js",
  "src/a b.txt",
  "src/Straße/naïve.md",
  "docs/日本語.md",
  "Makefile",
  "package.json",
  ".gitignore",
  "web/.gitignore",
  "web/.gitkeep",
  "web/.well-known/security.txt",
  "runbooks/deploy.md",
  "runbooks/2026/deploy.md",
  "deploy/compose.yml",
  "-rf",
  "..x/y",
  "x..",
  "~/x",
  "memos.md",
  "docs/memos/x.md",
  "agents.md.txt",
  "src/git/x",
  "a".repeat(255),
];

const refused: readonly (readonly [path: string, because: RegExp])[] = [
  ["", /relative/],
  ["/etc/passwd", /relative/],
  ["../x", /leads out/],
  ["a/../../x", /leads out/],
  ["a/..", /leads out/],
  ["a/../b", /leads out|shortest/],
  ["./a", /shortest/],
  ["a//b", /shortest/],
  ["a/", /shortest/],
  ["a\\..\\b", /relative/],
  ["C:/x", /relative/],
  ["c:x", /relative/],
  [".git/config", /steers/],
  [".git", /steers/],
  ["sub/.git", /steers/],
  [".GIT/hooks/pre-commit", /steers/],
  [".git./config", /steers/],
  [".git /config", /steers/],
  ["git~1/config", /steers/],
  [".git::$INDEX_ALLOCATION/config", /steers/],
  [".\u200cgit/config", /cannot be seen/],
  [".g\u034fit/config", /cannot be seen/],
  ["．git/config", /steers/],
  [".gitattributes", /steers/],
  [".gitmodules", /steers/],
  [".github/workflows/x.yml", /steers/],
  [".gitlab-ci.yml", /steers/],
  ["AGENTS.md", /steers/],
  ["docs/agents.MD", /steers/],
  ["CLAUDE.md", /steers/],
  ["Gemini.md", /steers/],
  [".claude/settings.json", /steers/],
  [".codex/config.toml", /steers/],
  [".gemini/settings.json", /steers/],
  [".cursor/rules/x", /steers/],
  [".vscode/tasks.json", /steers/],
  [".mcp.json", /steers/],
  [".envrc", /steers/],
  ["node.yml", /steers/],
  ["mesh.yml", /steers/],
  [".memomesh/approvals/x", /steers/],
  ["memos/outgoing/x.md", /memo/],
  ["Memos/incoming/x.md", /memo/],
  ["runbooks/deploy.record.jsonl", /record/],
  ["runbooks/deploy.record.md", /record/],
  ["RUNBOOKS/x.Record.MD", /record/],
  ["runbooks/deploy.review.md", /opinion/],
  ["runbooks/DEPLOY.Review.md", /opinion/],
  ["a\nb", /cannot be seen/],
  ["a\tb", /cannot be seen/],
  ["a\0b", /cannot be seen/],
  ["\u202egnp.exe", /cannot be seen/],
  ["a\u2028b", /cannot be seen/],
  ["a\ud800b", /cannot be seen/],
  ["e\u0301.md", /NFC/],
  ["a".repeat(256), /longer/],
  ["ä".repeat(128), /longer/],
  [`${"a/".repeat(2000)}b`, /bytes/],
  ["....", /dots/],
  ["a/ /b", /dots and spaces/],
];

describe("a session may write", () => {
  test.each(allowed)("%j", (path) => {
    expect(checkChangePath(path)).toMatchObject({ allowed: true });
  });
});

describe("a session may not write", () => {
  test.each(refused)("%j", (path, because) => {
    expect(checkChangePath(path)).toMatchObject({ allowed: false, reason: expect.stringMatching(because) });
  });
});

const proposable = [
  ...[
    "AGENTS.md",
    "docs/agents.MD",
    "CLAUDE.md",
    ".claude/settings.json",
    ".cursor/rules/x.mdc",
    "node.yml",
    "mesh.yml",
  ],
  ...[".github/workflows/x.yml", ".gitlab-ci.yml", ".envrc", ".mcp.json", "docs/ai-lessons.md"],
];
const nobodys: readonly (readonly [path: string, because: RegExp])[] = [
  ...[".git", ".git/config", "sub/.git/hooks/x", ".gitattributes", ".gitmodules", ".memomesh/approvals/x"].map(
    (path) => [path, /belongs to git or to the mesh/] as const,
  ),
  ...["AGENTS.md.", "AGENTS.md::$DATA", "ＡGENTS.md", "CLAUDE~1.MD", "git~1/config"].map(
    (path) => [path, /not in its plain spelling/] as const,
  ),
  ["../AGENTS.md", /leads out/],
  ["/AGENTS.md", /relative/],
  ["AGE\u200bNTS.md", /cannot be seen/],
  ["memos/AGENTS.md", /memo/],
  ["memos/proposals/x.json", /memo/],
  ["runbooks/AGENTS.md.record.md", /record/],
];

describe("a session may propose what steers agents", () => {
  test.each(proposable)("%j", (path) => {
    expect(checkProposalPath(path)).toMatchObject({ allowed: true });
  });

  test.each(nobodys)("and not %j", (path, because) => {
    expect(checkProposalPath(path)).toMatchObject({ allowed: false, reason: expect.stringMatching(because) });
  });

  test.each(allowed)("and what it may write: %j", (path) => {
    expect(checkProposalPath(path)).toMatchObject({ allowed: true });
  });
});

describe("no path that is allowed", () => {
  const part = fc.oneof(
    fc.constantFrom("..", ".", "", "a", ".git", "b c", "~", "...", ".. ", "..\u200b", "\\..", "%2e%2e", "．．", "C:"),
    fc.string({ maxLength: 6, unit: "grapheme" }),
  );
  const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join("/"));

  test("resolves outside of the folder, or to the folder itself", () => {
    fc.assert(
      fc.property(path, (each) => {
        if (!checkChangePath(each).allowed) return;
        expect(posix.resolve("/node", each).startsWith("/node/")).toBe(true);
        expect(posix.normalize(each)).toBe(each);
      }),
    );
  });

  test("is the folder .git on a file system that ignores case, or dots at the end", () => {
    const letters = fc.tuple(
      fc.constantFrom("g", "G", "ｇ"),
      fc.constantFrom("i", "I", "ｉ"),
      fc.constantFrom("t", "T", "ｔ"),
      fc.constantFrom("", ".", " ", ". ."),
    );
    fc.assert(
      fc.property(letters, path, (name, folder) => {
        expect(checkChangePath(`${folder}/.${name.join("")}/config`).allowed).toBe(false);
        expect(checkChangePath(`.${name.join("")}/config`).allowed).toBe(false);
      }),
    );
  });
});
