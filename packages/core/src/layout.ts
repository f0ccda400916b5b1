import { basename, join } from "node:path";

/** Where a node lives. */
export interface NodeFolder {
  readonly id: string;
  /** Absolute path. */
  readonly folder: string;
}

// The names inside a node's folder, in one place. Every function takes the folder's absolute path.

/** What the node sends: the router takes it from here. */
export function outgoingFolder(folder: string): string {
  return join(folder, "memos", "outgoing");
}

/** What waits for the node. */
export function incomingFolder(folder: string): string {
  return join(folder, "memos", "incoming");
}

/** What is done, in folders by year and month. */
export function archivedRoot(folder: string): string {
  return join(folder, "memos", "archived");
}

/** What is done, by the month (UTC) in which it was done. */
export function archivedFolder(folder: string, at: Date): string {
  const [year = "", month = ""] = at.toISOString().split("-");
  return join(archivedRoot(folder), year, month);
}

/** Where a memo goes from the inbox: the archive of the month, under its own file name. */
export function archivedPath(folder: string, at: Date, file: string): string {
  return join(archivedFolder(folder, at), basename(file));
}

/** What could not be delivered, each with a `.reason.md` beside it. */
export function rejectedFolder(folder: string): string {
  return join(folder, "memos", "rejected");
}

/** What a node wants to change of the files that steer agents, by the id of the memo that shows it to the operator. */
export function proposalPath(folder: string, id: string): string {
  return join(folder, "memos", "proposals", `${id}.json`);
}

export function runbooksFolder(folder: string): string {
  return join(folder, "runbooks");
}

export function statePath(folder: string): string {
  return join(folder, "STATE.md");
}

/** Progress that has left STATE.md, by month (UTC). */
export function progressPath(folder: string, at: Date): string {
  return join(folder, "docs", "progress", `${at.toISOString().slice(0, 7)}.md`);
}

/** Lessons of a node, or of all nodes when the folder is the mesh's root. */
export function lessonsPath(folder: string): string {
  return join(folder, "docs", "ai-lessons.md");
}

/** What is true of the platform now. */
export function platformPath(folder: string): string {
  return join(folder, "docs", "platform-reference.md");
}

/** The node's instructions, canonical for every vendor. */
export function instructionsPath(folder: string): string {
  return join(folder, "AGENTS.md");
}

export function nodeConfigPath(folder: string): string {
  return join(folder, "node.yml");
}

/** The audit trail of a node, in the mesh's own folder, out of every node's reach. */
export function trailPath(root: string, node: string): string {
  return join(root, "audit", `${node}.jsonl`);
}
