/** Whether something may happen, and why: a sentence that says what to do when it may not. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

export function allowed(reason: string): Decision {
  return { allowed: true, reason };
}

export function denied(reason: string): Decision {
  return { allowed: false, reason };
}
