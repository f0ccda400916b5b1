/** What tells whether a file has changed since it was last looked at. */
export interface Stamp {
  readonly ino: number;
  readonly size: number;
  /** When its content was last changed, milliseconds since 1970. */
  readonly mtimeMs: number;
}

/** A file as it was seen, and since when it has looked like this. */
export interface Sighting {
  readonly stamp: Stamp;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/**
 * A file that has not been touched for this long, by its own account, is taken at first sight. Longer than a file
 * system's coarsest time (FAT: 2 s), and long enough for clocks of two machines that differ a little.
 */
const untouchedMs = 3000;

export function sameStamp(one: Stamp, other: Stamp): boolean {
  return one.ino === other.ino && one.size === other.size && one.mtimeMs === other.mtimeMs;
}

/**
 * Decides how much longer a file has to stay as it is before it counts as completely written.
 *
 * @param before how it was seen last, undefined at first sight
 * @param now milliseconds since 1970
 * @param settleMs how long it has to be quiet
 * @returns what to remember, and the milliseconds left; 0: it is ready
 */
export function settle(
  before: Sighting | undefined,
  stamp: Stamp,
  now: number,
  settleMs: number,
): { seen: Sighting; leftMs: number } {
  const unchanged = before !== undefined && sameStamp(before.stamp, stamp);
  // A clock that was set back must not make a file wait for the time by which it was set back.
  const since = unchanged ? Math.min(before.since, now) : now;
  const seen = { stamp, since };
  if (now - stamp.mtimeMs >= Math.max(settleMs, untouchedMs)) return { seen, leftMs: 0 };
  return { seen, leftMs: Math.max(0, settleMs - (now - since)) };
}
