import { unsafeCharacters } from "@memomesh/guard";
import * as z from "zod";

// What a client may say. Everything has a length, and no character that a reader could not see.

/** Text on one line, such as a subject. */
export function line(most: number, says: string): z.ZodString {
  return z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/[\n\t]/.test(text), "expected one line")
    .superRefine(visible)
    .describe(says);
}

/** Markdown of several lines. */
export function prose(most: number, says: string): z.ZodString {
  return z.string().min(1).max(most).superRefine(visible).describe(says);
}

/** A memo's id, or the end of it that stands at the end of its file name. */
export function memoReference(says: string): z.ZodString {
  return z
    .string()
    .regex(/^[0-9A-Za-z]{5,26}$/, "expected a memo's id, or at least its last five characters")
    .describe(says);
}

function visible(text: string, context: z.core.$RefinementCtx<string>): void {
  const [found] = unsafeCharacters(text);
  if (found === undefined) return;
  const message = `it holds ${found.name} at position ${found.offset}, which a reader cannot see; leave it out`;
  context.addIssue({ code: "custom", message, input: text });
}
