import type { Decision } from "./grants.ts";

/** Files that steer agents, git, shells or CI. A session may propose a change to them, a person makes it. */
const steeringNames = new Set(["agents.md", "claude.md", "claude.local.md", "gemini.md", "node.yml", "mesh.yml", ".envrc", ".mcp.json", ".gitattributes", ".gitmodules", ".gitlab-ci.yml", "memomesh.yml"]);
const steeringFolders = new Set([".git", ".github", ".gitlab", ".claude", ".codex", ".gemini", ".cursor", ".vscode", ".husky", ".circleci", ".memomesh"]);

/**
 * Whether a session may write this file of its node.
 *
 * @param path as the changeset gives it, relative to the node's folder
 * @see docs/security.md, "Changeset intake"
 */
export function checkChangePath(path: string): Decision {
  const reason = problemOf(path);
  return { allowed: reason === undefined, reason: reason ?? "it lies in the node's folder" };
}

function problemOf(path: string): string | undefined {
  if (path === "" || path.startsWith("/") || path.includes("\\") || /^[a-z]:/i.test(path)) return "expected a path relative to the node's folder, with / between its parts";
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(path)) return "it holds characters that cannot be seen";
  if (path.normalize("NFC") !== path) return "it is not in Unicode's composed form (NFC), in which two names that look alike are one";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "it leads out of the folder, or is not in its shortest form";
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return "one of its names is longer than a file system takes";
  // File systems that ignore case, or that drop dots and spaces at the end, make these the same names.
  const names = parts.map((part) => part.normalize("NFKC").toLowerCase().replace(/[. ]+$/, ""));
  const folder = names.find((name) => steeringFolders.has(name));
  if (folder !== undefined) return `${folder} steers agents or git; a person has to change it`;
  const last = names.at(-1) ?? "";
  if (steeringNames.has(last)) return `${last} steers agents or the mesh; a person has to change it`;
  if (names[0] === "memos") return "mail is sent as memos of the changeset, not as files";
  if (names[0] === "runbooks" && /\.record\.(md|jsonl)$/.test(last)) return "the record of a run is written by the tool only";
  return undefined;
}
