import { rm } from "node:fs/promises";
import { join } from "node:path";
import { incomingFolder, type MeshError, type NodeFolder } from "@memomesh/core";
import type { Delivery } from "./deliver.ts";
import { fileError } from "./fault.ts";
import { moveToFreeName, writeTemporary } from "./files.ts";
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
export function findParts(deliveries: readonly Delivery[]): Part[] {
  const known = new Map<NodeFolder, Map<string, FoundMemo> | MeshError>();
  for (const [node, ids] of idsByRecipient(deliveries)) {
    try {
      known.set(node, findMemos(node, ids));
    } catch (error) {
      known.set(node, fileError(error, `looking into the mailbox of ${node.id}`));
    }
  }
  return deliveries.flatMap((delivery) =>
    delivery.recipients.map((node): Part => {
      const found = known.get(node);
      if (found instanceof Error) return { delivery, node, state: "failed", error: found };
      const memo = found?.get(delivery.id);
      return memo === undefined ? { delivery, node, state: "missing" } : heldPart(delivery, node, memo);
    }),
  );
}

function idsByRecipient(deliveries: readonly Delivery[]): Map<NodeFolder, string[]> {
  const ids = new Map<NodeFolder, string[]>();
  for (const { id, claim, recipients } of deliveries) {
    // An id that was made for this claim a moment ago is nowhere yet.
    if (id === claim.id && !claim.recovered) continue;
    for (const node of recipients) ids.set(node, [...(ids.get(node) ?? []), id]);
  }
  return ids;
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
    const inbox = await ensureFolder(node, incomingFolder(node.folder));
    return { delivery, node, state: "written", temporary: await writeTemporary(inbox, delivery.source) };
  } catch (error) {
    return { delivery, node, state: "failed", error: fileError(error, `delivering to the inbox of ${node.id}`) };
  }
}

/** Gives a hidden file its name in the inbox. Nothing is overwritten: a name that another memo has gets a number. */
export async function namePart(part: Part): Promise<Part> {
  const { delivery, node } = part;
  if (part.state !== "written") return part;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const path = join(incomingFolder(node.folder), numberedName(delivery.fileName, attempt));
      if (await moveToFreeName(part.temporary, path))
        return { delivery, node, state: "there", copy: { node: node.id, path, fresh: true } };
      const memo = readFound(path);
      if (memo?.mark.id !== delivery.id) continue;
      // Another router has delivered it in this moment.
      await rm(part.temporary, { force: true });
      return heldPart(delivery, node, memo);
    }
  } catch (error) {
    await rm(part.temporary, { force: true }).catch(() => {});
    return { delivery, node, state: "failed", error: fileError(error, `delivering to the inbox of ${node.id}`) };
  }
}
