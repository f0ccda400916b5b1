import type { Commit, CommitResult } from "./commit.ts";
import { nextGroup } from "./commit-plan.ts";
import type { Repository } from "./repository.ts";

/** What a queue may be told. */
export interface CommitQueueOptions {
  /** More waiting commits than this become one; 20 when absent. */
  readonly together?: number;
  /** Milliseconds until a refused commit is tried again; doubled with each refusal, up to a minute. 1000 when absent. */
  readonly retry?: number;
  /** Hears of every attempt, also of those that will be repeated. */
  readonly report?: (commits: readonly Commit[], result: CommitResult) => void;
}

/** So many refusals in a row are taken for a set-up that refuses everything; the others are spared the attempt. */
const enough = 3;
const longestPause = 60_000;
/** Where one commit takes seconds, as in a repository of a hundred thousand files, fewer wait for one of their own. */
const longestBacklogMs = 20_000;

/**
 * Commits in the background what is put into it, so that delivery never waits for git: one by one when there are few,
 * together when there are many. What git refuses stays in the queue and is tried again.
 *
 * The queue lives in memory. The files of a commit that was never made are safe; only what happened to them is not told.
 */
export class CommitQueue {
  readonly #repository: Repository;
  readonly #options: Required<CommitQueueOptions>;
  readonly #alone = new Set<Commit>();
  #waiting: Commit[] = [];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #refusals = 0;
  /** Milliseconds that the last commit took. */
  #lastMs = 0;
  #closed = false;

  constructor(repository: Repository, { together = 20, retry = 1000, report = () => {} }: CommitQueueOptions = {}) {
    this.#repository = repository;
    this.#options = { together, retry, report };
  }

  /** What is not committed yet, oldest first. */
  get waiting(): readonly Commit[] {
    return [...this.#waiting];
  }

  /** Puts a commit at the end of the queue and returns at once. */
  add(commit: Commit): void {
    this.#waiting.push(commit);
    // While earlier ones are refused, this one waits with them: order is kept, and the refusal has one pace.
    if (this.#refusals === 0 && !this.#closed) this.#wake(0);
  }

  /**
   * Tries everything that waits now, without waiting out a pause.
   *
   * @returns what git still refuses; it stays in the queue
   */
  async flush(): Promise<readonly Commit[]> {
    await this.#running;
    await this.#run();
    return this.waiting;
  }

  /** Flushes a last time and stops trying. Git is never interrupted. */
  async close(): Promise<readonly Commit[]> {
    this.#closed = true;
    return this.flush();
  }

  #wake(milliseconds: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#run(), milliseconds);
    this.#timer.unref();
  }

  #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#commitWaiting().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #commitWaiting(): Promise<void> {
    const refused = new Set<Commit>();
    let row = 0;
    while (row < enough) {
      const open = this.#waiting.filter((commit) => !refused.has(commit));
      if (open.length === 0) break;
      const group = nextGroup(open, this.#mostAlone(), this.#alone);
      const result = await this.#commit(group);
      this.#options.report(group, result);
      if (result.state === "committed" || result.state === "unchanged") {
        this.#drop(group);
        row = 0;
      } else if (group.length > 1 && result.state === "failed") {
        for (const commit of group) this.#alone.add(commit);
      } else if (result.state === "failed" && !result.retry) {
        this.#drop(group);
      } else {
        // At the end of the queue it does not keep the others from their turn.
        this.#drop(group);
        this.#waiting.push(...group);
        for (const commit of group) refused.add(commit);
        row = result.state === "busy" ? enough : row + 1;
      }
    }
    this.#pace(refused.size > 0);
  }

  /** How many may wait for commits of their own. */
  #mostAlone(): number {
    return Math.min(this.#options.together, longestBacklogMs / this.#lastMs);
  }

  async #commit(group: readonly Commit[]): Promise<CommitResult> {
    const begun = performance.now();
    try {
      const [first] = group;
      if (first === undefined || group.length > 1) return await this.#repository.commitTogether(group);
      const [result] = await this.#repository.commit([first]);
      return result!;
    } finally {
      this.#lastMs = performance.now() - begun;
    }
  }

  #drop(group: readonly Commit[]): void {
    const dropped = new Set(group);
    this.#waiting = this.#waiting.filter((commit) => !dropped.has(commit));
  }

  #pace(isRefused: boolean): void {
    this.#refusals = isRefused ? this.#refusals + 1 : 0;
    if (!isRefused || this.#closed) return;
    const pause = Math.min(this.#options.retry * 2 ** (this.#refusals - 1), longestPause);
    this.#wake(pause * (0.75 + Math.random() / 2));
  }
}
