import { type FileChange, sha256 } from "@memomesh/core";
import { checkProposalPath, redact } from "@memomesh/guard";
import type { Checkout, LaidFile } from "./checkout.ts";
import { type Found, walkUntrusted } from "./walk.ts";

/** What a program has left behind in its checkout. */
export interface Collected {
  /** What it changed in the node's own folder, by path there, with what steers agents. */
  readonly files: readonly FileChange[];
  /** What is not taken over, and why: one entry each, with the path as in the checkout. */
  readonly refused: readonly string[];
}

/**
 * Compares a checkout with what was laid there. Only plain text files of the node's own folder come back; whatever else
 * the program did is named.
 *
 * @param secrets values that must not be written anywhere, by the name of their variable
 * @throws MeshError `agent.program.too-much`
 */
export function collect(checkout: Checkout, secrets: Readonly<Record<string, string>>): Collected {
  const files: FileChange[] = [];
  const refused: string[] = [];
  // Files, and folders that were not looked into: what lay in those is not deleted.
  const present = new Set<string>();
  for (const found of walkUntrusted(checkout.root)) {
    present.add(found.path);
    const before = checkout.laid.get(found.path);
    const change = found.kind === "refused" ? found.why : changeOf(found, before, checkout, secrets);
    if (typeof change === "string") refused.push(`${found.path}: ${change}`);
    else if (change !== undefined) files.push(change);
  }
  for (const path of checkout.laid.keys()) {
    if (present.has(path) || foldersOf(path).some((folder) => present.has(folder))) continue;
    const own = ownPath(checkout, path);
    const why = own === undefined ? outside : pathProblem(own);
    if (own === undefined || why !== undefined) refused.push(`${path}: deleting it: ${why}`);
    else files.push({ path: own, content: null });
  }
  const byPath = (a: FileChange, b: FileChange) => (a.path < b.path ? -1 : 1);
  return { files: files.sort(byPath), refused: refused.sort() };
}

const outside = "it lies outside of the node's own folder";

/** The change, why it is not taken, or undefined when nothing has changed. */
function changeOf(
  { path, bytes, executable }: Extract<Found, { kind: "file" }>,
  before: LaidFile | undefined,
  checkout: Checkout,
  secrets: Readonly<Record<string, string>>,
): FileChange | string | undefined {
  const same = before?.digest === sha256(bytes);
  const toRun = executable && before?.executable !== true;
  if (same && !toRun) return undefined;
  const own = ownPath(checkout, path);
  if (own === undefined) return outside;
  const problem = pathProblem(own);
  if (problem !== undefined) return problem;
  const left = checkout.left.get(own);
  if (left !== undefined) return `there is a file of this name that the session was not shown: ${left}`;
  if (before?.redacted === true) return "it holds secrets that the session was not shown and that would be lost";
  const text = textOf(bytes);
  if (text === undefined) return "it is no UTF-8 text";
  if (redact(text, secrets) !== text) return "it holds something that looks like a secret";
  return { path: own, content: text, ...(toRun ? { executable: true } : {}) };
}

function pathProblem(own: string): string | undefined {
  const decision = checkProposalPath(own);
  return decision.allowed ? undefined : decision.reason;
}

/** The path in the node's own folder; undefined when it is not there, or in the folder of another node within it. */
export function ownPath({ own, others }: Checkout, path: string): string | undefined {
  if (!isBelow(own, path) || others.some((other) => isBelow(own, other) && isBelow(other, path))) return undefined;
  return own === "" ? path : path.slice(own.length + 1);
}

function isBelow(folder: string, path: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}

function foldersOf(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
