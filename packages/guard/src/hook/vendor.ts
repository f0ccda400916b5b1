/** The programs whose hooks the guard answers. */
export const vendors = ["claude", "codex", "gemini"] as const;
export type Vendor = (typeof vendors)[number];
