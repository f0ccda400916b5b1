import { rm } from "node:fs/promises";
import { join } from "node:path";
import { incomingFolder, type MeshError, type NodeFolder } from "@memomesh/core";
import type { Delivery } from "./deliver.ts";
import { fileError } from "./fault.ts";
import { moveFile, writeTemporary } from "./files.ts";
import { type FoundMemo, findMemos, readFound, sentDigest } from "./find.ts";
import { ensureFolder } from "./folder.ts";
import { numberedName } from "./name.ts";

/** The memo as it lies with one recipient. */
export interface Copy {
  /** Id of the recipient. */
  readonly node: string;
  /** Absolute path, in the inbox; in the archive when the recipient has already worked on it. */
  readonly path: string;
  /** false: it was there already. */
  readonly fresh: boolean;
}

/** How it stands with one recipient of a delivery: missing, written to a hidden file, there; or why not. */
export type Part = { readonly delivery: Delivery; readonly node: NodeFolder } & (
  | { readonly state: "missing" }
  | { readonly state: "written"; readonly temporary: string }
  | { readonly state: "there"; readonly copy: Copy }
  | { readonly state: "conflict"; readonly path: string }
  | { readonly state: "failed"; readonly error: MeshError }
);

/** How it stands with every recipient before anything is written. */
export async function findParts(deliveries: readonly Delivery[]): Promise<Part[]> {
  const inboxes = new Map<string, Map<string, FoundMemo> | MeshError>();
  for (const { node, ids } of idsByRecipient(deliveries)) inboxes.set(node.folder, await lookInto(node, ids));
  return deliveries.flatMap((delivery) =>
    delivery.recipients.map((node): Part => {
      const known = inboxes.get(node.folder);
      if (known instanceof Error) return { delivery, node, state: "failed", error: known };
      const memo = known?.get(delivery.id);
      return memo === undefined ? { delivery, node, state: "missing" } : heldPart(delivery, node, memo);
    }),
  );
}

/** Which of these memos a recipient has already. Its inbox is made when there is none. */
async function lookInto(node: NodeFolder, ids: readonly string[]): Promise<Map<string, FoundMemo> | MeshError> {
  try {
    await ensureFolder(node, incomingFolder(node.folder));
    return ids.length === 0 ? new Map() : findMemos(node, ids);
  } catch (error) {
    return fileError(error, `delivering to ${node.id}`);
  }
}

/** The recipients, and for each the ids of those memos that it may have already. */
function idsByRecipient(
  deliveries: readonly Delivery[],
): Iterable<{ readonly node: NodeFolder; readonly ids: string[] }> {
  const found = new Map<string, { readonly node: NodeFolder; readonly ids: string[] }>();
  for (const { id, claim, recipients } of deliveries) {
    for (const node of recipients) {
      const ids = found.get(node.folder)?.ids ?? [];
      // An id that was made for this claim a moment ago is nowhere yet.
      if (id !== claim.id || claim.recovered) ids.push(id);
      found.set(node.folder, { node, ids });
    }
  }
  return found.values();
}

/** The recipient has a memo with this id: the same one, or another. */
function heldPart(delivery: Delivery, node: NodeFolder, memo: FoundMemo): Part {
  const { path } = memo;
  if (sentDigest(memo) !== delivery.digest) return { delivery, node, state: "conflict", path };
  return { delivery, node, state: "there", copy: { node: node.id, path, fresh: false } };
}

/** Writes what is missing to a hidden file in the inbox; its content is on the disk then. */
export async function writePart(part: Part): Promise<Part> {
  const { delivery, node } = part;
  if (part.state !== "missing") return part;
  try {
    const temporary = await writeTemporary(incomingFolder(node.folder), delivery.source);
    return { delivery, node, state: "written", temporary };
  } catch (error) {
    return { delivery, node, state: "failed", error: fileError(error, `delivering to ${node.id}`) };
  }
}

/** Gives a hidden file its name in the inbox. Nothing is overwritten: a name that another memo has gets a number. */
export async function namePart(part: Part): Promise<Part> {
  const { delivery, node } = part;
  if (part.state !== "written") return part;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const path = join(incomingFolder(node.folder), numberedName(delivery.fileName, attempt));
      if (await moveFile(part.temporary, path))
        return { delivery, node, state: "there", copy: { node: node.id, path, fresh: true } };
      const memo = readFound(path);
      if (memo?.mark.id !== delivery.id) continue;
      // Another router has delivered it in this moment.
      await rm(part.temporary, { force: true });
      return heldPart(delivery, node, memo);
    }
  } catch (error) {
    await rm(part.temporary, { force: true }).catch(() => {});
    return { delivery, node, state: "failed", error: fileError(error, `delivering to ${node.id}`) };
  }
}
