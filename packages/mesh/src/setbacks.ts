const shortestPauseMs = 1000;
const longestPauseMs = 30_000;

/**
 * What could not be done now, as on a full disk, and when it is tried again: after a second, then after ever longer
 * pauses. Times are milliseconds since 1970.
 */
export class Setbacks {
  readonly #byKey = new Map<string, { readonly until: number; readonly pauseMs: number; readonly text: string }>();

  /** Milliseconds until it may be tried again; 0: now. */
  leftMs(key: string, now: number): number {
    return Math.max(0, (this.#byKey.get(key)?.until ?? 0) - now);
  }

  /**
   * Notes a failure.
   *
   * @returns whether its text is news; the same failure again is not
   */
  add(key: string, text: string, now: number): boolean {
    const last = this.#byKey.get(key);
    const pauseMs = last === undefined ? shortestPauseMs : Math.min(2 * last.pauseMs, longestPauseMs);
    this.#byKey.set(key, { until: now + pauseMs, pauseMs, text });
    return last?.text !== text;
  }

  clear(key: string): void {
    this.#byKey.delete(key);
  }
}
