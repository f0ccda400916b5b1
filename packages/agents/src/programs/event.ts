import * as z from "zod";

/**
 * One line of a program's output, as the event it is.
 *
 * @returns undefined for a line that is none, and for an event that the schema does not know: programs learn new ones
 */
export function readEvent<T>(line: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

export const tokens = z.number().min(0).default(0);

/** What a tool is used on, in a few words, whatever the tool calls it. */
export function subjectOf(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  const { file_path, path, command, subject, title } = input as Record<string, unknown>;
  const found = [file_path, path, command, subject, title].find((each) => typeof each === "string");
  return found === undefined ? "" : ` ${String(found).replace(/\s+/g, " ").slice(0, 100)}`;
}
