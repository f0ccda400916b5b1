export const priorities = ["low", "normal", "high", "urgent"] as const;
export type Priority = (typeof priorities)[number];

export const memoTypes = ["deployment", "ask", "question", "answer", "review", "alert", "notice", "stage"] as const;
export type MemoType = (typeof memoTypes)[number];

export const memoStatuses = ["asked", "prepared", "failed", "done", "declined"] as const;
/** Where the work on a memo stands; a memo without a status waits to be worked on. */
export type MemoStatus = (typeof memoStatuses)[number];
