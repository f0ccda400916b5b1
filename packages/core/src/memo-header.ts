import * as z from "zod";
import { isId } from "./id.ts";
import { nameSchema } from "./name.ts";

export const priorities = ["low", "normal", "high", "urgent"] as const;
export type Priority = (typeof priorities)[number];

export const memoTypes = ["deployment", "ask", "question", "answer", "review", "alert", "notice", "stage"] as const;
export type MemoType = (typeof memoTypes)[number];

const memoStatuses = ["asked", "prepared", "failed", "done", "declined"] as const;
/** Where the work on a memo stands; a memo without a status waits to be worked on. */
export type MemoStatus = (typeof memoStatuses)[number];

const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?$/;

function isDate(text: string): boolean {
  return isoDate.test(text) && !Number.isNaN(Date.parse(text));
}

const id = z.string().refine(isId, "a memo's id of 26 characters, such as 01JD8Q5T3ZK3N6V9Y2M4R7W1XB");
const date = z.string().refine(isDate, "a date such as 2026-11-21 or 2026-11-21T10:12:00Z");
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits");
const node = z.string().toLowerCase().pipe(nameSchema);
const hops = z
  .string()
  .regex(/^\d{1,6}$/, "a whole number")
  .transform(Number);

const everyone = z.literal("*", { error: '"*"' });
const recipients = z
  .union([z.string().transform((text) => text.split(",")), z.array(z.string())], {
    error: 'a node, a list of nodes or "*"',
  })
  .transform((names) => [...new Set(names.map((name) => name.trim().toLowerCase()).filter((name) => name !== ""))])
  .pipe(z.array(z.union([everyone, nameSchema])).min(1, 'a node, a list of nodes or "*"'));

/** A memo's header. Unknown names are kept in the file and ignored; empty values count as absent. */
export const headerSchema = z.object({
  id: id.optional(),
  from: node.optional(),
  to: recipients,
  date: date.optional(),
  priority: z.string().toLowerCase().pipe(z.enum(priorities)).default("normal"),
  type: z.string().toLowerCase().pipe(z.enum(memoTypes)).optional(),
  subject: z.string("a text on one line").transform((text) => text.replace(/\s+/g, " ").trim()),
  re: id.optional(),
  thread: id.optional(),
  hops: hops.default(0),
  digest: digest.optional(),
  delivered: date.optional(),
  status: z.enum(memoStatuses).optional(),
  question: id.optional(),
  answers: z.array(id).optional(),
  runbook: z.string().optional(),
});
