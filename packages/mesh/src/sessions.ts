import { join, relative } from "node:path";
import { type Changeset, derivedId, idSuffix, MeshError, sha256, statePath, withHeader } from "@memomesh/core";
import type { GateResult } from "@memomesh/quality";
import { BaseChanged, type Change } from "./change.ts";
import { sessionCommit } from "./commit-text.ts";
import type { Tell } from "./events.ts";
import type { History } from "./history.ts";
import { throughGate } from "./improve-session.ts";
import { readInbox } from "./inbox.ts";
import { dropDraft, keepDraft, keptDraft } from "./kept-draft.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { makeChange } from "./make-change.ts";
import type { MemoFile } from "./memo-file.ts";
import { inboxProblem } from "./memo-signature.ts";
import { sendNotice } from "./notice.ts";
import { planSession } from "./plan.ts";
import { secondOpinion, wantsOpinion } from "./second-opinion.ts";
import { holdSession } from "./session.ts";
import { monthOf, spendingFile } from "./spending.ts";
import { isPlanned, planChange } from "./stages/kept-plan.ts";
import { castFor, partOf } from "./stages/part.ts";
import { agentFor, termsOf } from "./terms.ts";
import { type NextWork, nextWork } from "./worklist.ts";

/** How many sessions may be under way at a time, over all nodes. */
const mostSessions = 4;
/** How often a session is done again because people edit what it works on, before the memo is put off to the next run. */
const mostRedone = 5;

/** Works on what lies in inboxes: one session at a time for each node, and several nodes at a time. */
export class Sessions {
  readonly #history: History;
  readonly #tell: Tell;
  readonly #stop: AbortSignal;
  readonly #attempts = new Map<string, number>();
  /** Why changesets were refused, by memo. */
  readonly #refusals = new Map<string, readonly string[]>();
  /** Memos for which there is no money now. */
  readonly #held = new Set<string>();
  /** Memos that are not taken again before the next start: people edit them, or what they need, all the time. */
  readonly #putOff = new Set<string>();

  constructor(history: History, tell: Tell, stop: AbortSignal) {
    this.#history = history;
    this.#tell = tell;
    this.#stop = stop;
  }

  /**
   * Works on the inboxes of some nodes until there is nothing left to do in them.
   *
   * @returns the ids of the nodes that have sent something
   */
  async work(mesh: Mesh, nodes: Iterable<MeshNode>): Promise<Set<string>> {
    const queue = [...nodes].filter((node) => node.config.agent !== "none");
    const sent = new Set<string>();
    // There may be money again: a new month, another budget.
    this.#held.clear();
    const worker = async () => {
      for (let node = queue.shift(); node !== undefined && !this.#stop.aborted; node = queue.shift()) {
        if (await this.#workOn(mesh, node)) sent.add(node.id);
      }
    };
    await Promise.all(Array.from({ length: Math.min(mostSessions, queue.length) }, worker));
    return sent;
  }

  async #workOn(mesh: Mesh, node: MeshNode): Promise<boolean> {
    let any = false;
    while (!this.#stop.aborted) {
      const work = nextWork(await readInbox(node), new Set([...this.#putOff, ...this.#held]));
      if (work === undefined) return any;
      await this.#session(mesh, node, work);
      any = true;
    }
    return any;
  }

  async #session(mesh: Mesh, node: MeshNode, { memo, answers }: NextWork): Promise<void> {
    const id = memo.memo.header.id as string;
    const { subject } = memo.memo.header;
    const started = Date.now();
    const now = new Date();
    const month = monthOf(now.toISOString());
    let empty: string | undefined;
    try {
      for (const file of [memo, ...answers]) {
        const forged = await inboxProblem(mesh, node, file.memo);
        if (forged !== undefined) return await this.#giveUp(mesh, node, file, forged);
      }
      const refusals = this.#refusals.get(id) ?? [];
      const part = await partOf(mesh, node, memo);
      const cast = castFor(mesh, node, part);
      const terms = await termsOf(cast.mesh, cast.node, memo.memo, now, refusals.length);
      if (terms.limits === undefined) return await this.#hold(mesh, node, memo, month, terms.spent);
      const { agent, limits } = terms;
      empty = terms.month;
      this.#tell({ kind: "session-started", node: node.id, memo: id, subject, agent });
      const progress = (text: string) => this.#tell({ kind: "session-progress", node: node.id, memo: id, text });
      const how = { agent, limits, now, signal: this.#stop, progress, ...(part === undefined ? {} : { part }) };
      const session = { node, memo, answers, refusals };
      const better = (refused: number) => agentFor(cast.mesh, cast.node, memo.memo, refusals.length + refused);
      const kept = await keptDraft(cast.mesh, session, agent);
      if (kept !== undefined) progress("goes on with what an earlier session has prepared");
      const first = kept?.changeset ?? (await holdSession(cast.mesh, session, how));
      if (isPlanned(first, part)) {
        // The memo stays where it is: the engineer's session takes it up.
        await this.#history.flush();
        const account = first.usage === undefined ? [] : [spendingFile(mesh.root, month)];
        await makeChange(mesh.root, this.#history, planChange(node, first, sessionCommit(memo.memo, first)), account);
        this.#attempts.delete(id);
        this.#refusals.delete(id);
        return progress(`has planned it: ${part?.plan}`);
      }
      const { changeset, gate } = kept ?? (await throughGate(cast.mesh, session, how, first, better));
      if (wantsOpinion(cast.mesh, changeset)) {
        await keepDraft(cast.mesh, session, agent, { changeset, ...(gate === undefined ? {} : { gate }) });
      }
      const opinion = await secondOpinion(cast.mesh, { work: { node, memo }, changeset, terms: how });
      const change = await planSession(
        { node, memo, answers, changeset, opinion, at: new Date() },
        sessionCommit(memo.memo, changeset),
      );
      // The delivery gets a commit of its own before the session's touches the same file.
      await this.#history.flush();
      await makeChange(
        mesh.root,
        this.#history,
        change,
        changeset.usage === undefined && opinion?.usage === undefined ? [] : [spendingFile(mesh.root, month)],
      );
      this.#attempts.delete(id);
      this.#refusals.delete(id);
      if (gate?.passed === false) await this.#belowGate(mesh, node, memo, changeset, gate);
      if (changeset.state?.handoverBy === "memomesh") this.#tell(withoutHandover(node, memo, changeset));
      this.#tell({
        kind: "session-finished",
        node: node.id,
        memo: id,
        subject,
        ms: Date.now() - started,
        ...finished(changeset),
        ...(gate === undefined ? {} : { gate: { score: gate.score, threshold: gate.threshold, passed: gate.passed } }),
      });
    } catch (error) {
      const costly = error instanceof MeshError && error.code === "session.cost";
      if (costly && empty !== undefined) await this.#hold(mesh, node, memo, month, empty);
      else await this.#failed(mesh, node, memo, error);
    } finally {
      await dropDraft(mesh, { node, memo });
    }
  }

  async #failed(mesh: Mesh, node: MeshNode, memo: MemoFile, error: unknown): Promise<void> {
    const id = memo.memo.header.id as string;
    const about = { node: node.id, memo: id };
    if (this.#stop.aborted) return;
    const attempts = (this.#attempts.get(id) ?? 0) + 1;
    this.#attempts.set(id, attempts);
    if (error instanceof BaseChanged) {
      const path = relative(mesh.root, error.path);
      this.#tell({
        kind: "session-redone",
        ...about,
        reason: `${path} was changed while the session ran; nothing was applied, it is done again`,
      });
      if (attempts > mostRedone) this.#putOff.add(id);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    const code = error instanceof MeshError ? error.code : "";
    if (code === "changeset.refused") this.#refusals.set(id, [...(this.#refusals.get(id) ?? []), reason]);
    const final = attempts >= mesh.config.policy.sessionAttempts || isFinal(code);
    this.#tell({ kind: "session-failed", ...about, reason, final });
    if (!final) return;
    this.#attempts.delete(id);
    this.#refusals.delete(id);
    await this.#giveUp(mesh, node, memo, reason);
  }

  /** The runbook waits all the same, for a person can mend it, or say why it is good enough. */
  async #belowGate(mesh: Mesh, node: MeshNode, memo: MemoFile, changeset: Changeset, gate: GateResult): Promise<void> {
    const { id = "", subject } = memo.memo.header;
    const path = changeset.outcome.kind === "prepared" ? changeset.outcome.runbook.path : "";
    const { improvementPlan } = await import("./gate/index.ts");
    const says = `\`${relative(mesh.root, join(node.folder, path))}\` waits for you and is below the gate's threshold: mend it, or approve its steps with \`--override-gate "<reason>"\`.`;
    const notice = await sendNotice(mesh, node, "incoming", {
      subject: `The runbook for "${subject}" is below the gate's threshold`,
      body: `${says}\n\n${improvementPlan(gate)}`,
    });
    this.#history.record([notice], {
      subject: `Tell the operator that the runbook for "${subject}" is below the threshold`,
      trailers: [
        ["Memo-Id", id],
        ["Node", node.id],
      ],
    });
  }

  /** The memo waits as it is until there is money again; the operator hears of it once a month. */
  async #hold(mesh: Mesh, node: MeshNode, { memo }: MemoFile, month: string, spent: string): Promise<void> {
    const { id = "", subject } = memo.header;
    this.#held.add(id);
    this.#tell({ kind: "session-held", node: node.id, memo: id, reason: spent });
    const notice = await sendNotice(mesh, node, "incoming", {
      id: derivedId(Date.parse(`${month}-01T00:00:00Z`), `budget ${node.id}`),
      subject: `${node.id} has no budget left this month`,
      body: `Too little is left for a session: ${spent}. "${subject}" waits, and whatever else comes for ${node.id}. \`memomesh cost\` shows what the money went into. Raise the budget to go on now; otherwise it goes on next month.`,
    });
    this.#history.record([notice], {
      subject: `Tell the operator that the budget of ${node.id} is used up`,
      trailers: [["Node", node.id]],
    });
  }

  /** The memo stays in the inbox with `status: failed`, and the operator is told. Removing the line has it tried again. */
  async #giveUp(mesh: Mesh, node: MeshNode, { path, memo }: MemoFile, reason: string): Promise<void> {
    const { id = "", subject } = memo.header;
    const edit = { path, before: sha256(memo.source), after: withHeader(memo.source, { status: "failed" }) };
    const commit = {
      subject: `Give up on "${subject}"`,
      body: reason,
      trailers: [
        ["Memo-Id", id],
        ["Node", node.id],
      ] as const,
    };
    const change: Change = { id: `${id}-failed`, within: node.folder, edits: [edit], commit };
    try {
      await makeChange(mesh.root, this.#history, change);
    } catch (error) {
      if (!(error instanceof BaseChanged)) throw error;
      this.#putOff.add(id);
    }
    const notice = await sendNotice(mesh, node, "incoming", {
      subject: `${node.id} could not work on "${subject}"`,
      body: `${reason}\n\nThe memo waits in \`${relative(mesh.root, path)}\` with \`status: failed\`. Remove that line to have it tried again, or complete it by hand with \`memomesh memo done ${idSuffix(id)}\`.`,
    });
    this.#history.record([notice], {
      subject: `Tell the operator that "${subject}" failed`,
      trailers: commit.trailers,
    });
  }
}

/** What ended a session and would end the next one as well; to try again would only cost money. */
function isFinal(code: string): boolean {
  const passing = ["session.stopped", "session.read.denied", "session.model.rate", "session.model.unavailable"];
  return code.startsWith("session.") && !passing.includes(code);
}

function withoutHandover(node: MeshNode, { memo }: MemoFile, { agent }: Changeset) {
  const text = `${node.id}: ${agent} left no handover notes on "${memo.header.subject}", although it was asked for them; ${relative(node.folder, statePath(node.folder))} says what it changed instead`;
  return { kind: "warning", code: "session.handover", text } as const;
}

function finished({ outcome, usage }: Changeset) {
  const { kind, notes } = outcome;
  return {
    outcome: kind,
    notes,
    ...(outcome.kind === "prepared" ? { runbook: outcome.runbook.path } : {}),
    ...(usage === undefined ? {} : { usage }),
  };
}
