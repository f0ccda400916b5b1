/** What the guard says to a call of a tool. */
export interface ToolDecision {
  readonly allowed: boolean;
  /** One sentence. */
  readonly reason: string;
  /** What to do instead, as a sentence; "" when it is allowed. */
  readonly instead: string;
  /** Whether the call would change something. */
  readonly changes: boolean;
}

export function allow(reason: string, changes: boolean): ToolDecision {
  return { allowed: true, reason, instead: "", changes };
}

/** @param reason with or without the full stop at its end */
export function deny(reason: string, instead: string): ToolDecision {
  return { allowed: false, reason: `${reason.replace(/\.+$/, "")}.`, instead, changes: false };
}
