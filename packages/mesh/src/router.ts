import { join, relative } from "node:path";
import {
  bodyDigest,
  idTime,
  type Memo,
  type MemoHeader,
  MeshError,
  memoFileName,
  parseMemo,
  withHeader,
} from "@memomesh/core";
import {
  type Claim,
  claimDrop,
  type Delivery,
  type DeliveryResult,
  DropScanner,
  deliverAll,
  findMemo,
  rejectClaim,
  resumeClaim,
  type Scan,
} from "@memomesh/mailbox";
import { deliveryCommit, rejectionCommit } from "./commit-text.ts";
import type { Tell } from "./events.ts";
import type { History } from "./history.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { readMemoFile } from "./memo-file.ts";
import { sendNotice } from "./notice.ts";
import { type Route, route } from "./route.ts";
import { ThreadCounter } from "./thread-counter.ts";

export interface RoutePass {
  /** Drops that were delivered, dropped as duplicates or rejected. */
  readonly handled: number;
  /** Ids of the nodes that have received something. */
  readonly reached: ReadonlySet<string>;
  /** Ids of the nodes in whose mailbox more lies than was taken now. */
  readonly again: ReadonlySet<string>;
  /** Milliseconds until a drop that may still be written to can be ready; undefined when none is waited for. */
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
   * @param empty whether to wait for files that are still empty; `run` does not, it says so and leaves them
   */
  async pass(mesh: Mesh, nodes: Iterable<MeshNode>, empty: "wait" | "leave"): Promise<RoutePass> {
    const reached = new Set<string>();
    const again = new Set<string>();
    let handled = 0;
    let waitMs: number | undefined;
    for (const node of nodes) {
      const scan = await this.#scanner.scan(node, Date.now());
      for (const problem of scan.problems) this.#tell({ kind: "warning", code: problem.code, text: problem.message });
      for (const drop of scan.waiting) {
        if (!drop.empty || empty === "wait") waitMs = Math.min(waitMs ?? Number.POSITIVE_INFINITY, drop.leftMs);
      }
      const claims = await this.#claim(mesh, scan);
      if (claims.length === 0) continue;
      again.add(node.id);
      handled += claims.length;
      for (const id of await this.#move(mesh, node, claims)) reached.add(id);
    }
    return { handled, reached, again, waitMs };
  }

  async #claim(mesh: Mesh, scan: Scan): Promise<Claim[]> {
    const options = { now: Date.now(), maxBytes: mesh.config.policy.maxMemoBytes };
    const claims: Claim[] = [];
    for (const left of scan.left) claims.push(...(await this.#attempt(() => resumeClaim(left, options))));
    for (const ready of scan.ready) claims.push(...(await this.#attempt(() => claimDrop(ready, options))));
    return claims;
  }

  async #attempt(claim: () => Promise<Claim | undefined>): Promise<Claim[]> {
    try {
      const claimed = await claim();
      return claimed === undefined ? [] : [claimed];
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      this.#tell({ kind: "warning", code: error.code, text: error.message });
      return [];
    }
  }

  async #move(mesh: Mesh, node: MeshNode, claims: readonly Claim[]): Promise<Set<string>> {
    const deliveries = new Map<Delivery, Routed>();
    for (const claim of claims) {
      try {
        const routed = await this.#decide(mesh, node, claim);
        deliveries.set(deliveryOf(routed, mesh), routed);
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        await this.#reject(mesh, node, claim, error);
      }
    }
    const reached = new Set<string>();
    for (const result of await deliverAll([...deliveries.keys()])) {
      const routed = deliveries.get(result.delivery) as Routed;
      for (const id of await this.#conclude(mesh, node, routed, result)) reached.add(id);
    }
    return reached;
  }

  async #decide(mesh: Mesh, node: MeshNode, claim: Claim): Promise<Routed> {
    if (claim.bytes instanceof MeshError) throw claim.bytes;
    const { box, name } = claim.drop;
    const file = relative(mesh.root, `${claim.drop.folder}/${name}`);
    const memo = parseMemo(claim.bytes.toString("utf8"), file, box === "incoming" ? { to: node.id } : {});
    const decided = route(memo, { node: node.id, box }, mesh, await parentOf(mesh, node, memo));
    this.#threads.count(decided.thread ?? memo.header.id ?? claim.id, memo.file);
    return { claim, memo, route: decided };
  }

  async #conclude(mesh: Mesh, node: MeshNode, routed: Routed, result: DeliveryResult): Promise<readonly string[]> {
    const { memo, route: decided, claim } = routed;
    const { id } = result.delivery;
    const { subject } = memo.header;
    switch (result.state) {
      case "delivered": {
        const { from, to } = decided;
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
        await this.#reject(mesh, node, claim, conflict(memo, id, relative(mesh.root, result.path)));
        return [];
      case "failed":
        this.#tell({ kind: "warning", code: result.error.code, text: result.error.message });
        return [];
    }
  }

  async #reject(mesh: Mesh, node: MeshNode, claim: Claim, reason: MeshError): Promise<void> {
    try {
      const { path, reasonPath } = await rejectClaim(claim, node, reason);
      const file = relative(mesh.root, path);
      this.#tell({ kind: "rejected", node: node.id, file, code: reason.code, reason: reason.message });
      const notice = await sendNotice(mesh, node, claim.drop.box, {
        subject: `Not delivered: ${claim.drop.name}`,
        body: `${reason.message}\n\nThe memo was not sent. It lies in \`${file}\`; mend it and drop it again.`,
      });
      const { folder, name } = claim.drop;
      const commit = rejectionCommit(node.id, name, reason.code, reason.message);
      this.#history.record([path, reasonPath, join(folder, name), ...notice], commit);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      this.#tell({ kind: "warning", code: error.code, text: error.message });
    }
  }
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

/** The memo that this one answers, when it lies in the sender's mailbox. */
async function parentOf(mesh: Mesh, node: MeshNode, memo: Memo): Promise<MemoHeader | undefined> {
  if (memo.header.re === undefined) return undefined;
  const sender = mesh.nodes.get(memo.header.from ?? node.id) ?? node;
  const path = await findMemo(sender, memo.header.re);
  return path === undefined ? undefined : (await readMemoFile(path)).memo.header;
}

function conflict(memo: Memo, id: string, path: string): MeshError {
  return new MeshError(
    "memo.id.taken",
    `another memo with the id ${id} and other content was delivered before, to ${path}; leave the id line out and this one gets its own`,
    { place: { file: memo.file } },
  );
}
