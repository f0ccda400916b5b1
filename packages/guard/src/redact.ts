import { redactShapes } from "./secret-shape.ts";

/** Shorter values stand in every text and give nothing away. */
const shortest = 4;
/** From this length on, a value is looked for in other spellings and line by line. */
const shortestPart = 8;

/**
 * Takes secrets out of text that is kept or shown: the values of named variables become `‹NAME›`, and what looks like a
 * known kind of secret becomes `‹secret›`.
 *
 * @param secrets values by the name of their variable
 */
export function redact(text: string, secrets: Readonly<Record<string, string>> = {}): string {
  return redactShapes(redactValues(text, secrets));
}

function redactValues(text: string, secrets: Readonly<Record<string, string>>): string {
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(secrets)) {
    for (const spelling of spellings(value)) if (!names.has(spelling)) names.set(spelling, name);
  }
  if (names.size === 0) return text;
  // All at once and the longest first, so that a value inside of another one does not leave the rest of it.
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escaped).join("|"), "g");
  return text.replace(pattern, (found) => `‹${names.get(found)}›`);
}

function spellings(value: string): readonly string[] {
  if (value.trim().length < shortest) return [];
  if (value.length < shortestPart) return [value];
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const base64 = Buffer.from(value).toString("base64");
  const spelled = [
    value,
    value.trim(),
    ...(lines.length > 1 ? lines : []),
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(value).toString("base64url"),
    Buffer.from(value).toString("hex"),
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1),
  ];
  return spelled.filter((spelling) => spelling.length >= shortestPart);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
