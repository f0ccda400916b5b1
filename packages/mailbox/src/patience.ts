/** How long to wait for somebody else, and by what clock. */
export interface Patience {
  /** Milliseconds in all; 0: one attempt. */
  readonly limit: number;
  wait(milliseconds: number): Promise<unknown>;
}

/** Tries again, after growing and uneven pauses, for as long as somebody is in the way and patience lasts. */
export async function patiently<T>(
  { limit, wait }: Patience,
  attempt: () => Promise<T>,
  isHeld: (outcome: T) => boolean,
): Promise<T> {
  let left = limit;
  for (let pause = 20; ; pause = Math.min(2 * pause, 500)) {
    const outcome = await attempt();
    if (!isHeld(outcome) || left <= 0) return outcome;
    const milliseconds = Math.min(left, pause * (0.5 + Math.random()));
    left -= milliseconds;
    await wait(milliseconds);
  }
}
