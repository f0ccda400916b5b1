import * as z from "zod/mini";
import { isId } from "./id.ts";
import { memoStatuses, memoTypes, priorities } from "./memo-header.ts";
import { namePattern, nameWording } from "./name.ts";
import { type Checked, checkValue } from "./schema.ts";

const isoDate = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?$/;

function isDate(text: string): boolean {
  return isoDate.test(text) && !Number.isNaN(Date.parse(text));
}

const id = z.string().check(z.refine(isId, "a memo's id of 26 characters, such as 01JD8Q5T3ZK3N6V9Y2M4R7W1XB"));
const date = z.string().check(z.refine(isDate, "a date such as 2026-11-21 or 2026-11-21T10:12:00Z"));
const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits"));
const name = z.string().check(z.regex(namePattern, nameWording));
const node = z.string().check(z.toLowerCase(), z.regex(namePattern, nameWording));
const hops = z.pipe(z.string().check(z.regex(/^\d{1,6}$/, "a whole number")), z.transform(Number));

const everyone = z.literal("*", { error: '"*"' });
const namedInOneLine = z.pipe(
  z.string(),
  z.transform((text: string) => text.split(",")),
);
const named = z.union([namedInOneLine, z.array(z.string())], { error: 'a node, a list of nodes or "*"' });
const recipients = z.pipe(
  z.pipe(
    named,
    z.transform((names: string[]) => [
      ...new Set(names.map((each) => each.trim().toLowerCase()).filter((each) => each !== "")),
    ]),
  ),
  z.array(z.union([everyone, name])).check(z.minLength(1, 'a node, a list of nodes or "*"')),
);

// In the small form of zod, since most commands check headers and nothing else.
const headerSchema = z.object({
  id: z.optional(id),
  from: z.optional(node),
  to: recipients,
  date: z.optional(date),
  priority: z._default(oneOf(priorities), "normal"),
  type: z.optional(oneOf(memoTypes)),
  subject: z.pipe(
    z.string("a text on one line"),
    z.transform((text: string) => text.replace(/\s+/g, " ").trim()),
  ),
  re: z.optional(id),
  thread: z.optional(id),
  hops: z._default(hops, 0),
  digest: z.optional(digest),
  signature: z.optional(z.string("a text on one line")),
  delivered: z.optional(date),
  status: z.optional(z.enum(memoStatuses)),
  question: z.optional(id),
  answers: z.optional(z.array(id)),
  runbook: z.optional(z.string()),
  sensitive: z.optional(
    z.pipe(
      z.enum(["true", "false"]),
      z.transform((value: "true" | "false") => value === "true"),
    ),
  ),
  origin: z.optional(z.enum(["outside"])),
  proposal: z.optional(digest),
});

/** One of some words, in upper or lower case. */
function oneOf<T extends string>(values: readonly T[]) {
  return z.pipe(z.string().check(z.toLowerCase()), z.enum(values));
}

/** Checks the values of a memo's header. Unknown names are kept in the file and ignored; empty values count as absent. */
export function checkHeader(values: unknown): Checked<z.infer<typeof headerSchema>> {
  return checkValue(headerSchema, values);
}
