import type {
  Changeset,
  FileChange,
  LessonDraft,
  Outcome,
  OutgoingMemo,
  SessionUsage,
  StateReport,
} from "@memomesh/core";
import { parseState } from "@memomesh/core/markdown";
import { checkProposalPath } from "@memomesh/guard";
import type { SessionKnowledge } from "../agent.ts";
import { handoverInPlace, handoverLack } from "../handover.ts";
import { changesetOf, shortId } from "../result.ts";
import { boundaryOf } from "./marked.ts";
import { hasOutside } from "./outside.ts";
import { readPath, type SessionPath } from "./paths.ts";
import { refusal } from "./tool.ts";

/** The most that one session writes, in UTF-16 units over all files, and in files; the mesh refuses more. */
const largestChange = 4 * 1024 * 1024;
const mostFiles = 400;
const mostMemos = 20;
const noHandover = "What whoever comes next has to know: the agent left no handover notes.";

/** A runbook that waits for the session's end. */
export interface DraftedRunbook {
  readonly path: string;
  readonly source: string;
}

/** Who has worked, and what it took. */
export interface Worker {
  readonly agent: string;
  readonly model?: string;
  readonly usage?: SessionUsage;
}

/**
 * A session's desk: what it reads lies on the disk, what it writes lies here until the session ends. Reading sees what
 * was written. Everything that is put here has been checked against what the node may do.
 */
export class Desk {
  readonly context: SessionKnowledge;
  /** Whether the session has read words from outside of the mesh. */
  readonly outside: boolean;
  /** See {@link boundaryOf}. */
  readonly boundary: string;
  readonly #files = new Map<string, FileChange>();
  /** What stood in the files of the own folder when they were first read. */
  readonly #found = new Map<string, string | undefined>();
  readonly #seen = new Set<string>();
  readonly #memos: OutgoingMemo[] = [];
  readonly #lessons: LessonDraft[] = [];
  #state: Partial<StateReport> = {};
  #runbook: DraftedRunbook | undefined;
  #outcome: Outcome | undefined;
  /** An end that waits for handover notes. */
  #held: Outcome | undefined;

  /** @throws MeshError `state.header.*` when STATE.md, which a session updates, cannot be read */
  constructor(context: SessionKnowledge) {
    parseState(context.state, "STATE.md");
    this.context = context;
    this.outside = hasOutside(context);
    this.boundary = boundaryOf(context);
  }

  /** How the session ended; undefined while it goes on. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  get runbook(): DraftedRunbook | undefined {
    return this.#runbook;
  }

  /** What was reported for whoever comes next; undefined when nothing was. */
  get handover(): string | undefined {
    return this.#state.handover;
  }

  get lessons(): readonly LessonDraft[] {
    return this.#lessons;
  }

  locate(path: string): SessionPath {
    return readPath(path, this.context.node.id);
  }

  /**
   * The text of a file with the session's own changes; undefined when there is none. A file is read once: when somebody
   * edits it while the session runs, the changeset is based on what the session has seen, and the mesh finds that out.
   *
   * @throws MeshError when it may not be read
   */
  async read(path: string): Promise<string | undefined> {
    const { node, inside, full } = this.locate(path);
    const text = await this.#readOnce(node, full);
    const written = node === undefined ? this.#files.get(inside) : undefined;
    const found = written === undefined ? text : (written.content ?? undefined);
    if (found !== undefined) this.#seen.add(full);
    return found;
  }

  async #readOnce(node: string | undefined, full: string): Promise<string | undefined> {
    if (node !== undefined) return this.context.files.read(full);
    if (!this.#found.has(full)) this.#found.set(full, await this.context.files.read(full));
    return this.#found.get(full);
  }

  /** Whether the session knows what stands in a file: it has read or written it. */
  hasSeen(path: string): boolean {
    const { inside, full } = this.locate(path);
    return this.#seen.has(full) || this.#files.has(inside);
  }

  /** The files below a folder, sorted, relative to it, with the session's own changes. */
  async list(path: string): Promise<readonly string[]> {
    const { node, inside, full } = this.locate(path);
    const found = new Set(await this.context.files.list(full));
    if (node !== undefined) return [...found];
    const prefix = inside === "" ? "" : `${inside}/`;
    for (const { path: changed, content } of this.#files.values()) {
      if (!changed.startsWith(prefix)) continue;
      if (content === null) found.delete(changed.slice(prefix.length));
      else found.add(changed.slice(prefix.length));
    }
    return [...found].sort();
  }

  /** Whether there is a file or folder of this name, on the disk or written by the session. */
  async exists(path: string): Promise<boolean> {
    const { node, inside, full } = this.locate(path);
    const changed = [...this.#files.values()].filter(
      (each) => each.path === inside || each.path.startsWith(`${inside}/`),
    );
    if (node === undefined && changed.some(({ content }) => content !== null)) return true;
    return (
      (await this.context.files.exists(full)) && !(node === undefined && this.#files.get(inside)?.content === null)
    );
  }

  /**
   * Lays down a change of a file in the node's folder. One of a file that steers agents is proposed to the operator.
   *
   * @throws MeshError `session.write` when a session may not write there, or writes too much
   */
  put(change: FileChange): void {
    const decision = checkProposalPath(change.path);
    if (!decision.allowed) throw refusal("write", `${change.path} cannot be written: ${decision.reason}.`);
    const others = [...this.#files.values()].filter(({ path }) => path !== change.path);
    const size = [...others, change].reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
    if (others.length >= mostFiles) throw refusal("write", `A session writes at most ${mostFiles} files.`);
    if (size > largestChange) throw refusal("write", `A session writes at most ${largestChange} characters.`);
    this.#files.set(change.path, change);
  }

  /** @throws MeshError `session.memos` when there are too many */
  send(memo: OutgoingMemo): void {
    if (this.#memos.length >= mostMemos) throw refusal("memos", `A session sends at most ${mostMemos} memos.`);
    this.#memos.push(memo);
  }

  record(lesson: LessonDraft): void {
    this.#lessons.push(lesson);
  }

  /** Adds to what STATE.md will say. Status and handover replace what was reported before. */
  report({ progress = [], next = [], done = [], ...texts }: Partial<StateReport>): void {
    const before = this.#state;
    this.#state = {
      ...before,
      ...texts,
      progress: [...(before.progress ?? []), ...progress],
      next: [...(before.next ?? []), ...next],
      done: [...(before.done ?? []), ...done],
    };
  }

  /** A session has one runbook; a second one takes the first one's place. */
  draft(runbook: DraftedRunbook): void {
    this.#runbook = runbook;
  }

  end(outcome: Outcome): void {
    this.#outcome = outcome;
  }

  /**
   * Ends the session when it leaves handover notes of its own. Without them the end is held back, once: the next call ends
   * the session whatever it leaves.
   *
   * @returns what is missing while the session goes on; undefined when it has ended
   */
  endWithHandover(outcome: Outcome): string | undefined {
    const lack = this.#held === undefined ? this.#handoverLack() : undefined;
    if (lack === undefined) this.end(outcome);
    else this.#held = outcome;
    return lack;
  }

  /** Ends the session as it was to end before handover notes were asked for; false when it was not to end. */
  endAsHeld(): boolean {
    if (this.#held === undefined) return false;
    this.end(this.#held);
    return true;
  }

  #handoverLack(): string | undefined {
    const { state, memo } = this.context;
    return handoverLack(this.#state.handover, parseState(state, "STATE.md").handover, shortId(memo));
  }

  /**
   * What the session wants to have changed.
   *
   * @throws MeshError `session.open` when it has not ended
   */
  changeset({ agent, model, usage }: Worker): Changeset {
    const outcome = this.#outcome;
    if (outcome === undefined) throw refusal("open", "The session has not ended; there is nothing to apply.");
    const { memo } = this.context;
    const { status, progress = [], next = [], done = [] } = this.#state;
    const summary = `${outcome.kind} memo ${shortId(memo)}: ${firstLine(outcome.notes)}`;
    const work = { files: [...this.#files.values()], memos: this.#memos };
    const silent = (outcome.kind === "done" || outcome.kind === "prepared") && this.#handoverLack() !== undefined;
    const { state, ...changeset } = changesetOf(agent, this.context, {
      ...work,
      outcome: silent ? { ...outcome, unknown: [...outcome.unknown, noHandover] } : outcome,
      ...(status === undefined ? {} : { status }),
      progress: summary,
      handover: silent ? handoverInPlace({ ...work, outcome }) : (this.#state.handover ?? outcome.notes),
    });
    return {
      ...changeset,
      ...(model === undefined ? {} : { model }),
      ...(this.#lessons.length === 0 ? {} : { lessons: this.#lessons }),
      ...(state === undefined
        ? {}
        : {
            state: {
              ...state,
              progress: progress.length === 0 ? [summary] : progress,
              next: [...next, ...(state.next ?? [])],
              done: [...done, ...(state.done ?? [])],
              ...(silent ? { handoverBy: "memomesh" } : {}),
            },
          }),
      ...(usage === undefined ? {} : { usage }),
    };
  }
}

function firstLine(notes: string): string {
  const line = notes.trim().split(/\r?\n/, 1)[0] ?? "";
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
