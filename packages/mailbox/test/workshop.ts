import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  bodyDigest,
  incomingFolder,
  MeshError,
  memoFileName,
  type NodeFolder,
  newId,
  outgoingFolder,
  parseMemo,
  printMemo,
  withHeader,
} from "@memomesh/core";
import {
  type Claim,
  claimDrop,
  type Delivery,
  type DeliveryResult,
  DropScanner,
  deliverAll,
  rejectClaim,
  resumeClaim,
} from "../src/index.ts";

/** A folder with nodes in it, removed with `remove`. */
export interface Workshop {
  readonly root: string;
  node(id: string): NodeFolder;
  remove(): void;
}

export function openWorkshop(...ids: string[]): Workshop {
  const root = mkdtempSync(join(tmpdir(), "memomesh-mailbox-"));
  const node = (id: string) => ({ id, folder: join(root, id) });
  for (const id of ids) {
    mkdirSync(outgoingFolder(node(id).folder), { recursive: true });
    mkdirSync(incomingFolder(node(id).folder), { recursive: true });
  }
  return { root, node, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A memo as a person writes it. */
export function plainMemo(to: string, subject: string, body = ""): string {
  return `---\nto: ${to}\n---\n# ${subject}\n\n${body}\n`;
}

/** A memo as a tool writes it: with an id and a digest. */
export function toolMemo(to: readonly string[], subject: string, body = "Text.", id = newId(Date.now())): string {
  return printMemo({ id, to, subject, body, digest: true });
}

export function drop(node: NodeFolder, name: string, text: string, box: "outgoing" | "incoming" = "outgoing"): string {
  const path = join(box === "outgoing" ? outgoingFolder(node.folder) : incomingFolder(node.folder), name);
  writeFileSync(path, text);
  return path;
}

export function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

export function inbox(node: NodeFolder): string[] {
  return names(incomingFolder(node.folder));
}

/** The texts of the memos in an inbox. */
export function received(node: NodeFolder): string[] {
  return inbox(node).map((name) => readFileSync(join(incomingFolder(node.folder), name), "utf8"));
}

export const options = { now: Date.now(), maxBytes: 1_048_576 };

/** Claims everything that lies in a node's mailbox, also what was left behind. */
export async function claimAll(node: NodeFolder, limit?: number): Promise<Claim[]> {
  const scan = await new DropScanner({ settleMs: 0, emptyMs: 0, maxBytes: options.maxBytes }).scan(
    node,
    Date.now(),
    limit,
  );
  const claims = [
    ...(await Promise.all(scan.left.map((left) => resumeClaim(left, options)))),
    ...(await Promise.all(scan.ready.map((ready) => claimDrop(ready, options)))),
  ];
  return claims.filter((claim) => claim !== undefined);
}

/** What a router decides that knows no rules: it goes to whom the header names. */
export function deliveryOf(claim: Claim, root: string): Delivery {
  if (claim.bytes instanceof MeshError) throw claim.bytes;
  const memo = parseMemo(claim.bytes.toString(), claim.drop.name);
  const id = memo.header.id ?? claim.id;
  const date = memo.header.date ?? new Date(claim.at).toISOString();
  const digest = bodyDigest(memo.body);
  return {
    claim,
    id,
    digest,
    recipients: memo.header.to.map((to) => ({ id: to, folder: join(root, to) })),
    fileName: memoFileName(memo.header.subject, date, id),
    source: withHeader(memo.source, { id, from: claim.drop.node, digest, delivered: new Date(claim.at).toISOString() }),
  };
}

/** Delivers what lies in a node's mailbox until nothing is left; conflicts go to rejected/. */
export async function routeAll(node: NodeFolder, root: string, limit?: number): Promise<DeliveryResult[]> {
  const all: DeliveryResult[] = [];
  for (let claims = await claimAll(node, limit); claims.length > 0; claims = await claimAll(node, limit)) {
    const results = await deliverAll(claims.map((claim) => deliveryOf(claim, root)));
    for (const { state, delivery } of results) {
      if (state === "conflict")
        await rejectClaim(delivery.claim, node, new MeshError("memo.id.conflict", "another memo has this id."));
    }
    all.push(...results);
    if (results.some(({ state }) => state === "failed")) break;
  }
  return all;
}
