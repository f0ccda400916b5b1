/** Thrown in the middle of a detector whose time is up. */
export class TimeUp extends Error {}

/** A time limit for work that nobody can interrupt: it asks for itself, often enough. */
export class Deadline {
  readonly #end: number;
  #asked = 0;

  /** @param milliseconds from now */
  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds;
  }

  /** @throws TimeUp when the time is over */
  ask(): void {
    this.#asked += 1;
    // Looking at the clock costs more than most of what stands between two questions.
    if ((this.#asked === 1 || this.#asked % 64 === 0) && performance.now() > this.#end) throw new TimeUp();
  }
}
