import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  Exit,
  idSuffix,
  lineAt,
  MeshError,
  type ProposedFile,
  parseProposal,
  proposalPath,
  sha256,
} from "@memomesh/core";
import { type Misleading, misleadingParts } from "@memomesh/guard";
import { readInbox } from "../inbox.ts";
import { type Mesh, type MeshNode, requireNode } from "../load.ts";
import type { MemoFile } from "../memo-file.ts";

/** A proposal that waits for the operator, with the bytes that would be written. */
export interface WaitingProposal {
  readonly id: string;
  readonly node: MeshNode;
  readonly memo: MemoFile;
  /** SHA-256 of all of it: what a person accepts. */
  readonly digest: string;
  readonly agent: string;
  readonly files: readonly WaitingFile[];
}

export interface WaitingFile extends ProposedFile {
  /** Absolute. */
  readonly place: string;
  /** What stands there now; undefined: nothing. */
  readonly now: string | undefined;
  /** `ready`: it is what the proposal is based on. `made`: it is what is proposed already. */
  readonly standing: "ready" | "made" | "changed";
  /** What a person does not see for what it is. */
  readonly misleading: readonly { readonly line: number; readonly kind: Misleading["kind"]; readonly reason: string }[];
}

/** The memos of the operator's inbox that show a proposal, the oldest first. */
export async function proposalMemos(mesh: Mesh): Promise<readonly MemoFile[]> {
  const inbox = await readInbox(requireNode(mesh, "operator"));
  return inbox.filter(({ memo }) => memo.header.proposal !== undefined);
}

/**
 * The memo of the proposal that a person means.
 *
 * @param reference the memo's id or the end of it
 * @throws MeshError `proposal.unknown` (exit 2)
 */
export async function findProposal(mesh: Mesh, reference: string): Promise<MemoFile> {
  const waiting = await proposalMemos(mesh);
  const end = reference.toUpperCase();
  const found = waiting.filter(({ memo }) => end.length >= 5 && memo.header.id?.endsWith(end));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const ids = waiting.map(({ memo }) => idSuffix(memo.header.id ?? "")).join(", ");
  const sentence = `"${reference}" names no proposal that waits in your inbox; expected ${ids === "" ? "one, and none waits" : `one of ${ids}`}. \`memomesh proposal list\` shows them.`;
  throw new MeshError("proposal.unknown", sentence, { exit: Exit.usage });
}

/**
 * Reads the bytes that a memo proposes, and how the files stand now.
 *
 * @throws MeshError `proposal.gone`, `proposal.changed`, `proposal.unreadable` when they are not what was proposed
 */
export async function openProposal(mesh: Mesh, memo: MemoFile): Promise<WaitingProposal> {
  const { id = "", from = "operator", proposal: digest = "" } = memo.memo.header;
  const node = requireNode(mesh, from);
  const path = proposalPath(node.folder, id);
  const file = relative(mesh.root, path);
  const source = await bytesOf(path);
  if (source === undefined) {
    const sentence = `the proposal ${idSuffix(id)} is gone; expected its bytes here. It cannot be accepted: bring the file back from the history, or reject the proposal.`;
    throw new MeshError("proposal.gone", sentence, { place: { file } });
  }
  if (sha256(source) !== digest) {
    const sentence = `this was changed since it was proposed: expected ${digest}, found ${sha256(source)}. It cannot be accepted: bring the file back from the history, or reject the proposal.`;
    throw new MeshError("proposal.changed", sentence, { place: { file } });
  }
  const { agent, files, node: proposer } = parseProposal(source.toString("utf8"), file);
  if (proposer !== node.id) {
    const sentence = `this is a proposal of ${proposer}, and ${node.id} has sent it. It cannot be accepted; reject it.`;
    throw new MeshError("proposal.unreadable", sentence, { place: { file } });
  }
  return { id, node, memo, digest, agent, files: await Promise.all(files.map((each) => waitingFile(node, each))) };
}

async function waitingFile({ folder }: MeshNode, file: ProposedFile): Promise<WaitingFile> {
  const place = join(folder, file.path);
  const bytes = await bytesOf(place);
  const digest = bytes === undefined ? null : sha256(bytes);
  const after = file.after === null ? null : sha256(file.after);
  const standing = digest === file.before ? "ready" : digest === after ? "made" : "changed";
  return { ...file, place, now: bytes?.toString("utf8"), standing, misleading: misleadingIn(file) };
}

function misleadingIn({ path, after }: ProposedFile): WaitingFile["misleading"] {
  if (after === null) return [];
  const form = /\.(?:md|mdc|markdown)$/i.test(path) ? "markdown" : "command";
  return misleadingParts(after, form).map(({ kind, reason, start }) => ({ line: lineAt(after, start), kind, reason }));
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
