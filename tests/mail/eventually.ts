import { setTimeout as pause } from "node:timers/promises";

/**
 * Looks again and again until something is so.
 *
 * @param seen what is looked for; undefined or false: not yet
 * @param what named when it does not come about
 * @param limitMs far longer than it ever takes on a busy machine; it only bounds how long a failing test hangs
 */
export async function eventually<T>(
  what: string,
  seen: () => T | Promise<T>,
  limitMs = 20_000,
): Promise<Exclude<T, undefined | false>> {
  const limit = Date.now() + limitMs;
  for (;;) {
    const found = await seen();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (Date.now() > limit) throw new Error(`not seen within ${limitMs} ms: ${what}`);
    await pause(10);
  }
}
