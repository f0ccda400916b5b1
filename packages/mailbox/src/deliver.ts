import { unlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { MeshError, NodeFolder } from "@memomesh/core";
import { type Claim, letGo } from "./claim.ts";
import { type Copy, findParts, namePart, type Part, writePart } from "./copy.ts";
import { errnoOf, fileError } from "./fault.ts";
import { syncFolder } from "./files.ts";
import { together } from "./together.ts";

/** A decision of the router: this claim, in this form, to these nodes. */
export interface Delivery {
  readonly claim: Claim;
  /** The memo's id: that of its header, else that of the claim. */
  readonly id: string;
  /** `bodyDigest` of the body as it was sent. */
  readonly digest: string;
  /** At least one, each once. */
  readonly recipients: readonly NodeFolder[];
  /** As `memoFileName` makes it: it ends in the end of the id. */
  readonly fileName: string;
  /** The delivered form; its header has `id` and `delivered`. */
  readonly source: string;
}

export type DeliveryResult =
  /** Every recipient has it, durably; the claim is gone. */
  | { readonly state: "delivered"; readonly delivery: Delivery; readonly copies: readonly Copy[] }
  /** Every recipient had it before, with the same content; the claim is gone. */
  | { readonly state: "duplicate"; readonly delivery: Delivery; readonly copies: readonly Copy[] }
  /** A recipient has another memo under this id, at `path`. The claim is still in hand, to be rejected. */
  | { readonly state: "conflict"; readonly delivery: Delivery; readonly node: string; readonly path: string }
  /** Some recipients may have it. The claim stays where it is, and scanning finds it again. */
  | {
      readonly state: "failed";
      readonly delivery: Delivery;
      readonly copies: readonly Copy[];
      readonly error: MeshError;
    };

/** How many files are written and synced at a time: enough to share the disk's work, few enough to be open at once. */
const atATime = 64;

/**
 * Delivers memos to inboxes, durably, each to all of its recipients. Files are synced together and every inbox once,
 * then the claims are removed: a process that dies before that leaves a claim whose delivery can be repeated, and what
 * has arrived is recognised by its id and digest, in the inbox or in the archive.
 *
 * @param deliveries a few hundred at most; their sources are in memory meanwhile
 * @returns one result for each delivery, in their order; what the disk refused is in the results, not thrown
 */
export async function deliverAll(deliveries: readonly Delivery[]): Promise<readonly DeliveryResult[]> {
  // Nobody would have it, and the claim would be removed as if everybody had.
  if (deliveries.some(({ recipients }) => recipients.length === 0)) throw new TypeError("a delivery has no recipient");
  const results = new Map<Delivery, DeliveryResult>();
  for (let rest = deliveries; rest.length > 0; ) {
    const { first, others } = onePerId(rest);
    for (const result of await deliverTogether(first)) results.set(result.delivery, result);
    rest = others;
  }
  return deliveries.map((delivery) => results.get(delivery) as DeliveryResult);
}

/** Memos with the same id are delivered one after the other, so that the second one finds the first. */
function onePerId(deliveries: readonly Delivery[]): { first: Delivery[]; others: Delivery[] } {
  const byId = new Map<string, Delivery>();
  for (const delivery of deliveries) if (!byId.has(delivery.id)) byId.set(delivery.id, delivery);
  const first = [...byId.values()];
  return {
    first,
    others: first.length === deliveries.length ? [] : deliveries.filter((each) => byId.get(each.id) !== each),
  };
}

/** All copies are written before the first one is named, and all named before the first inbox is synced. */
async function deliverTogether(deliveries: readonly Delivery[]): Promise<DeliveryResult[]> {
  const found = await findParts(deliveries);
  const refused = new Set(found.filter(({ state }) => state === "conflict").map(({ delivery }) => delivery));
  const written = await together(found, atATime, async (part) => (refused.has(part.delivery) ? part : writePart(part)));
  const named = await together(written, atATime, namePart);
  const parts = Map.groupBy(await syncInboxes(named), ({ delivery }) => delivery);
  return deliveries.map((delivery) => endClaim(resultOf(delivery, parts.get(delivery) ?? [])));
}

/** Syncs every inbox once. What was there before is synced too: the process that put it there may have died before it did. */
async function syncInboxes(parts: readonly Part[]): Promise<Part[]> {
  const folders = [...new Set(parts.flatMap((part) => (part.state === "there" ? dirname(part.copy.path) : [])))];
  const failures = new Map<string, MeshError>();
  await together(folders, atATime, async (folder) => {
    await syncFolder(folder).catch((error) => failures.set(folder, fileError(error, `syncing ${folder}`)));
  });
  return parts.map((part) => {
    const error = part.state === "there" ? failures.get(dirname(part.copy.path)) : undefined;
    return error === undefined ? part : { delivery: part.delivery, node: part.node, state: "failed", error };
  });
}

function resultOf(delivery: Delivery, parts: readonly Part[]): DeliveryResult {
  const copies = parts.flatMap((part) => (part.state === "there" ? part.copy : []));
  for (const part of parts) {
    if (part.state === "conflict") return { state: "conflict", delivery, node: part.node.id, path: part.path };
  }
  for (const part of parts) {
    if (part.state === "failed") return { state: "failed", delivery, copies, error: part.error };
  }
  return { state: copies.some(({ fresh }) => fresh) ? "delivered" : "duplicate", delivery, copies };
}

/** Removes the claim of what is delivered. No sync: a claim that comes back after a crash is recognised as a duplicate. */
function endClaim(result: DeliveryResult): DeliveryResult {
  if (result.state === "conflict") return result;
  const { claim } = result.delivery;
  letGo(claim);
  if (result.state === "failed") return result;
  try {
    unlinkSync(claim.path);
    return result;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return result;
    const { delivery, copies } = result;
    return { state: "failed", delivery, copies, error: fileError(error, `removing ${claim.path}`) };
  }
}
