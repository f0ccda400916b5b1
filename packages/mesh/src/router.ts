import { join, relative } from "node:path";
import { setImmediate as letTheDiskGoOn } from "node:timers/promises";
import { bodyDigest, idTime, type Memo, MeshError, memoFileName, parseMemo, withHeader } from "@memomesh/core";
import {
  type Claim,
  claimDrop,
  type Delivery,
  type DeliveryResult,
  type Drop,
  DropScanner,
  deliverAll,
  type Rejection,
  rejectClaim,
  resumeClaim,
  type Scan,
} from "@memomesh/mailbox";
import { deliveryCommit, rejectionCommit } from "./commit-text.ts";
import type { Tell } from "./events.ts";
import type { History } from "./history.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { checkSignature } from "./memo-signature.ts";
import { noticeId, sendNotice } from "./notice.ts";
import { type Route, route } from "./route.ts";
import { refuseSecrets } from "./secrets.ts";
import { parentOf } from "./send.ts";
import { Setbacks } from "./setbacks.ts";
import { ThreadCounter } from "./thread-counter.ts";

export interface RoutePass {
  /** Drops that were delivered, dropped as duplicates or rejected. */
  readonly handled: number;
  /** Ids of the nodes that have received something. */
  readonly reached: ReadonlySet<string>;
  /** Ids of the nodes in whose mailbox more lies than was taken now. */
  readonly again: ReadonlySet<string>;
  /** Milliseconds until a drop that is still written to, or that the disk refused, can be taken; undefined without one. */
  readonly waitMs: number | undefined;
}

/** A claim with the decision where it goes. */
interface Routed {
  readonly claim: Claim;
  readonly memo: Memo;
  readonly route: Route;
}

/** Moves what was dropped to where it belongs. Decisions are made by `route`; files are moved by the mailbox. */
export class Router {
  readonly #scanner: DropScanner;
  readonly #history: History;
  readonly #tell: Tell;
  readonly #threads: ThreadCounter;
  /** Drops that the disk refused to move, and mailboxes that it refused to show, by their paths. */
  readonly #setbacks = new Setbacks();

  constructor(mesh: Mesh, history: History, tell: Tell) {
    const { settleMs, maxMemoBytes, maxThread } = mesh.config.policy;
    this.#scanner = new DropScanner({ settleMs, maxBytes: maxMemoBytes });
    this.#threads = new ThreadCounter(maxThread);
    this.#history = history;
    this.#tell = tell;
  }

  /**
   * Looks through the mailboxes of some nodes once and moves what is ready.
   *
   * @param stuck whether to wait for files that are still empty, and for the disk to take what it refused; `run` does
   * not, it leaves them to the next one
   */
  async pass(mesh: Mesh, nodes: Iterable<MeshNode>, stuck: "wait" | "leave"): Promise<RoutePass> {
    const reached = new Set<string>();
    const again = new Set<string>();
    let handled = 0;
    let waitMs: number | undefined;
    const wait = (milliseconds: number) => {
      waitMs = Math.min(waitMs ?? Number.POSITIVE_INFINITY, milliseconds);
    };
    let batch: Claim[] = [];
    let moving: Promise<unknown> = Promise.resolve();
    // The disk is busy with one batch while the next one is read and decided; never with two, which could hold the same
    // memo.
    const moveBatch = async () => {
      const decided = await this.#decideAll(mesh, batch);
      batch = [];
      await moving;
      moving = this.#deliver(mesh, decided, reached);
      moving.catch(() => undefined);
    };
    for (const node of nodes) {
      const now = Date.now();
      const scan = await this.#scanner.scan(node, now);
      if (scan.problems.length === 0) this.#setbacks.clear(node.folder);
      for (const problem of scan.problems) this.#setback(node.folder, problem);
      for (const drop of scan.waiting) if (!drop.empty || stuck === "wait") wait(drop.leftMs);
      const claims = await this.#claim(mesh, scan, now);
      for (const drop of [...scan.left, ...scan.ready]) {
        const leftMs = this.#setbacks.leftMs(keyOf(drop), Date.now());
        if (leftMs > 0 && stuck === "wait") wait(leftMs);
      }
      if (claims.length === 0) continue;
      again.add(node.id);
      handled += claims.length;
      batch.push(...claims);
      await letTheDiskGoOn();
      if (isFull(batch)) await moveBatch();
    }
    await moveBatch();
    await moving;
    return { handled, reached, again, waitMs };
  }

  async #claim(mesh: Mesh, scan: Scan, now: number): Promise<Claim[]> {
    const options = { now, maxBytes: mesh.config.policy.maxMemoBytes };
    const isDue = (drop: Drop) => this.#setbacks.leftMs(keyOf(drop), now) === 0;
    const claims = await Promise.all([
      ...scan.left.filter(isDue).map((left) => this.#attempt(left, () => resumeClaim(left, options))),
      ...scan.ready.filter(isDue).map((ready) => this.#attempt(ready, () => claimDrop(ready, options))),
    ]);
    return claims.filter((claim) => claim !== undefined);
  }

  async #attempt(drop: Drop, claim: () => Promise<Claim | undefined>): Promise<Claim | undefined> {
    try {
      return await claim();
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      this.#setback(keyOf(drop), error);
      return undefined;
    }
  }

  /** It is tried again later. A failure that stays the same is told once. */
  #setback(key: string, error: MeshError): void {
    if (this.#setbacks.add(key, error.message, Date.now()))
      this.#tell({ kind: "warning", code: error.code, text: error.message });
  }

  /** What goes where. What may not go is rejected. */
  async #decideAll(mesh: Mesh, claims: readonly Claim[]): Promise<Map<Delivery, Routed>> {
    const decided = new Map<Delivery, Routed>();
    for (const [index, claim] of claims.entries()) {
      if (index % decisionsInARow === 0) await letTheDiskGoOn();
      try {
        const routed = await this.#decide(mesh, claim);
        decided.set(deliveryOf(routed, mesh), routed);
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        await this.#reject(mesh, claim, error);
      }
    }
    return decided;
  }

  /** @param reached gets the ids of the nodes that have received something */
  async #deliver(mesh: Mesh, decided: ReadonlyMap<Delivery, Routed>, reached: Set<string>): Promise<void> {
    for (const result of await deliverAll([...decided.keys()])) {
      const routed = decided.get(result.delivery) as Routed;
      for (const id of await this.#conclude(mesh, routed, result)) reached.add(id);
    }
  }

  async #decide(mesh: Mesh, claim: Claim): Promise<Routed> {
    if (claim.bytes instanceof MeshError) throw claim.bytes;
    const { box, name } = claim.drop;
    const node = senderOf(mesh, claim);
    const file = relative(mesh.root, `${claim.drop.folder}/${name}`);
    const memo = parseMemo(claim.bytes.toString("utf8"), file, box === "incoming" ? { to: node.id } : {});
    const claimed = mesh.nodes.get(memo.header.from ?? node.id) ?? node;
    const decided = route(memo, { node: node.id, box }, mesh, await parentOf(claimed, memo.header.re));
    await checkSignature(mesh, memo, decided.from, decided.to);
    await refuseSecrets(memo.source, file, mesh.guard);
    // What the disk refused is not counted again at every attempt.
    if (!claim.recovered) this.#threads.count(decided.thread ?? memo.header.id ?? claim.id, memo.file);
    return { claim, memo, route: decided };
  }

  async #conclude(mesh: Mesh, routed: Routed, result: DeliveryResult): Promise<readonly string[]> {
    const { memo, route: decided, claim } = routed;
    const { id } = result.delivery;
    const { subject } = memo.header;
    if (result.state !== "failed") this.#setbacks.clear(keyOf(claim.drop));
    switch (result.state) {
      case "delivered": {
        const { from, to } = decided;
        this.#scanner.delivered(result.copies);
        const paths = [...result.copies.map(({ path }) => path), `${claim.drop.folder}/${claim.drop.name}`];
        this.#tell({
          kind: "delivered",
          memo: id,
          from,
          to,
          subject,
          file: relative(mesh.root, result.copies[0]?.path ?? ""),
        });
        this.#history.record(paths, deliveryCommit({ id, from, to, subject }));
        return to;
      }
      case "duplicate":
        this.#tell({ kind: "duplicate", memo: id, from: decided.from, file: memo.file });
        return [];
      case "conflict":
        await this.#reject(mesh, claim, conflict(memo, id, relative(mesh.root, result.path)));
        return [];
      case "failed":
        this.#setback(keyOf(claim.drop), result.error);
        return [];
    }
  }

  async #reject(mesh: Mesh, claim: Claim, reason: MeshError): Promise<void> {
    const { box, folder, name } = claim.drop;
    const node = senderOf(mesh, claim);
    const notices: string[] = [];
    const announce = async ({ path }: Rejection) => {
      const notice = {
        id: noticeId(claim.id),
        subject: `Not delivered: ${name}`,
        body: `${reason.message}\n\nThe memo was not sent. It lies in \`${relative(mesh.root, path)}\`; mend it and drop it again.`,
      };
      notices.push(await sendNotice(mesh, node, box, notice));
    };
    try {
      const { path, reasonPath } = await rejectClaim(claim, node, reason, announce);
      const file = relative(mesh.root, path);
      this.#setbacks.clear(keyOf(claim.drop));
      this.#tell({ kind: "rejected", node: node.id, file, code: reason.code, reason: reason.message });
      const commit = rejectionCommit(node.id, name, reason.code, reason.message);
      // What holds a secret stays out of the history.
      const kept = reason.code === "memo.secret" ? [] : [path];
      this.#history.record([...kept, reasonPath, join(folder, name), ...notices], commit);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      this.#setback(keyOf(claim.drop), error);
    }
  }
}

/** The node in whose mailbox it was dropped. */
function senderOf(mesh: Mesh, { drop }: Claim): MeshNode {
  return mesh.nodes.get(drop.node) as MeshNode;
}

/** Enough to share the syncing of folders, few enough that reading and writing overlap. */
const mostClaims = 500;

/** Fewer than the disk can wait for: what it has done is only heard of in between. */
const decisionsInARow = 8;

/** Whether so much is claimed that it is moved before more is: a batch shares folder syncs, and lies in memory meanwhile. */
function isFull(batch: readonly Claim[]): boolean {
  const bytes = batch.reduce((sum, claim) => sum + (claim.bytes instanceof MeshError ? 0 : claim.bytes.length), 0);
  return batch.length >= mostClaims || bytes >= 16 * 1024 * 1024;
}

function keyOf({ folder, name }: Drop): string {
  return join(folder, name);
}

function deliveryOf({ claim, memo, route: { from, to, hops, thread } }: Routed, mesh: Mesh): Delivery {
  const id = memo.header.id ?? claim.id;
  const date = memo.header.date ?? new Date(idTime(claim.id)).toISOString();
  const digest = bodyDigest(memo.body);
  const source = withHeader(memo.source, {
    id,
    from,
    to: to.length === 1 ? to[0] : to,
    date,
    subject: memo.header.subject,
    thread,
    hops: hops === 0 ? undefined : hops,
    digest,
    delivered: new Date(claim.at).toISOString(),
    // What only the mesh may say about a memo is not believed of its author.
    status: undefined,
    question: undefined,
    answers: undefined,
    runbook: undefined,
  });
  const recipients = to.map((node) => mesh.nodes.get(node) as MeshNode);
  return { claim, id, digest, recipients, fileName: memoFileName(memo.header.subject, date, id), source };
}

function conflict(memo: Memo, id: string, path: string): MeshError {
  return new MeshError(
    "memo.id.taken",
    `another memo with the id ${id} and other content was delivered before, to ${path}; leave the id line out and this one gets its own`,
    { place: { file: memo.file } },
  );
}
