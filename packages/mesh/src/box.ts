import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  Exit,
  idSuffix,
  incomingFolder,
  type MemoHeader,
  MeshError,
  outgoingFolder,
  parseMemo,
  rejectedFolder,
} from "@memomesh/core";
import { type ListedMemo, listMemos, type MemoBox } from "@memomesh/mailbox";
import { textOf } from "./create.ts";
import type { Mesh, MeshNode } from "./load.ts";

/** The parts of a node's mailbox, in the order in which people look for something. */
export const boxes: readonly MemoBox[] = ["incoming", "outgoing", "archived", "rejected"];

/** A file in a mailbox: the header of a memo, or why it cannot be read. */
export interface BoxEntry {
  readonly node: string;
  readonly box: MemoBox;
  /** Absolute. */
  readonly path: string;
  readonly header: MemoHeader | undefined;
  readonly problem: MeshError | undefined;
  /** Why it was rejected. */
  readonly rejection: string | undefined;
}

/**
 * The memos of a box, newest first as far as their names tell.
 *
 * @param limit at most this many; of an archive no more are read
 */
export async function readBox(node: MeshNode, box: MemoBox, limit = Number.POSITIVE_INFINITY): Promise<BoxEntry[]> {
  const listed: ListedMemo[] = [];
  for (const memo of listMemos(node, box)) {
    if (box === "archived" && listed.length >= limit) break;
    listed.push(memo);
  }
  const newestFirst = box === "archived" ? listed : listed.reverse();
  return Promise.all(newestFirst.slice(0, limit).map((memo) => entryOf(node, box, memo)));
}

/**
 * The memo that a person means: by its id, or by any end of it that has at least the five characters that stand at the
 * end of its file name.
 *
 * @param nodes where to look, in this order; a memo of the first ones wins
 * @throws MeshError `memo.reference` when this cannot be an id, `memo.unknown`, `memo.ambiguous` when several fit
 */
export async function findMemoEntry(nodes: readonly MeshNode[], reference: string): Promise<BoxEntry> {
  const end = reference.toUpperCase();
  if (!/^[0-9A-Z]{5,26}$/.test(end)) {
    throw refusal(
      "reference",
      `"${reference}" names no memo; expected its id or the five characters at the end of its file name`,
    );
  }
  for (const node of nodes) {
    const found = (await Promise.all(boxes.map((box) => entriesEndingIn(node, box, end)))).flat();
    if (found.length > 1) {
      const fitting = found.map(({ box, header }) => `${header?.id} (${box})`).join(", ");
      throw refusal(
        "ambiguous",
        `"${reference}" fits ${found.length} memos of ${node.id}: ${fitting}; give more of the id, or the whole`,
      );
    }
    if (found[0] !== undefined) return found[0];
  }
  const where = nodes.length === 1 ? `the mailbox of ${nodes[0]?.id}` : "any mailbox of this mesh";
  throw refusal("unknown", `no memo "${reference}" in ${where}; \`memomesh memo list --all\` shows what there is`);
}

/** All nodes, `first` before the others. */
export function nodesFrom(mesh: Mesh, first: MeshNode): MeshNode[] {
  return [first, ...[...mesh.nodes.values()].filter((node) => node !== first)];
}

/** Only the headers of files whose names fit are read, so that a long archive costs no more than its names. */
async function entriesEndingIn(node: MeshNode, box: MemoBox, end: string): Promise<BoxEntry[]> {
  const folders = {
    incoming: incomingFolder,
    outgoing: outgoingFolder,
    rejected: rejectedFolder,
    archived: archiveFolder,
  };
  const folder = folders[box](node.folder);
  const names = await readdir(folder, { recursive: box === "archived" }).catch(() => []);
  const fitting = names.filter((name) => name.endsWith(`-${idSuffix(end)}.md`));
  const entries = await Promise.all(fitting.map((name) => readEntry(node, box, join(folder, name))));
  return entries.filter((entry) => entry?.header?.id?.endsWith(end)).filter((entry) => entry !== undefined);
}

async function readEntry(node: MeshNode, box: MemoBox, path: string): Promise<BoxEntry | undefined> {
  try {
    const { header } = parseMemo(await readFile(path, "utf8"), path, { to: node.id });
    return await entryOf(node, box, { path, name: "", header });
  } catch (error) {
    if (error instanceof MeshError || ["ENOENT", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

async function entryOf(node: MeshNode, box: MemoBox, memo: ListedMemo): Promise<BoxEntry> {
  return {
    node: node.id,
    box,
    path: memo.path,
    header: "header" in memo ? memo.header : undefined,
    problem: "problem" in memo ? memo.problem : undefined,
    rejection: box === "rejected" ? await reasonOf(memo.path) : undefined,
  };
}

/** What `rejected/` says about a memo, without its heading. */
async function reasonOf(path: string): Promise<string | undefined> {
  const reason = await textOf(`${path}.reason.md`);
  const lines = reason?.split("\n").map((line) => line.trim());
  return lines?.find((line) => line !== "" && !line.startsWith("#"));
}

function archiveFolder(folder: string): string {
  return join(folder, "memos", "archived");
}

function refusal(code: string, sentence: string): MeshError {
  return new MeshError(`memo.${code}`, sentence, { exit: Exit.usage });
}
