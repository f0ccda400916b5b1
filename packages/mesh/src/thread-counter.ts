import { MeshError } from "@memomesh/core";

/** How many threads are remembered; the ones that were quiet for the longest are forgotten. */
const remembered = 10_000;

/** Stops a thread that grows without end, as two agents can make it that never quite answer each other. */
export class ThreadCounter {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws MeshError `memo.thread-too-long` when the thread has had its number of memos since the coordinator started */
  count(thread: string, file: string): void {
    const count = (this.#counts.get(thread) ?? 0) + 1;
    if (count > this.#max) {
      throw new MeshError(
        "memo.thread-too-long",
        `this thread has had ${this.#max} memos (policy.maxThread); a person has to decide how it goes on, in a new memo`,
        { place: { file } },
      );
    }
    this.#counts.delete(thread);
    this.#counts.set(thread, count);
    const oldest = this.#counts.keys().next().value;
    if (this.#counts.size > remembered && oldest !== undefined) this.#counts.delete(oldest);
  }
}
