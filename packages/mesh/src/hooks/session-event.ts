/** What a program tells its hooks about a session. */
export interface SessionEvent {
  /** As the program names it; never empty. */
  readonly session: string;
  /** The absolute path of the folder in which the agent is. */
  readonly cwd: string;
  /** Whether the agent goes on only because a hook has asked it to. */
  readonly goesOn: boolean;
}

/** @returns undefined for what is no such event: a hook that only tells something then says nothing */
export function readSessionEvent(text: string): SessionEvent | undefined {
  try {
    const { session_id: session, cwd, stop_hook_active: active } = JSON.parse(text) as Record<string, unknown>;
    if (typeof session !== "string" || session === "" || typeof cwd !== "string" || !cwd.startsWith("/"))
      return undefined;
    return { session, cwd, goesOn: active === true };
  } catch {
    return undefined;
  }
}
