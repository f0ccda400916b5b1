import { Exit, MeshError } from "@memomesh/core";

/** A line at the end of a commit message, `Memo-Id: 01JD…`. */
export type Trailer = readonly [name: string, value: string];

/** What a commit says. */
export interface CommitText {
  /** In the imperative; taken as one line. */
  readonly subject: string;
  readonly body?: string;
  readonly trailers: readonly Trailer[];
}

/**
 * Prints a commit message. Whatever stands in subject, body and values, only the given trailers read as trailers.
 *
 * @throws MeshError `history.trailer.name` when a trailer's name is not letters, digits and hyphens
 */
export function printCommitMessage({ subject, body = "", trailers }: CommitText): string {
  for (const [name] of trailers) checkName(name);
  const parts = [oneLine(subject) || "Record a change", plainText(body), trailerLines(trailers).join("\n")];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/**
 * Whether a commit message says all that a text would say, perhaps among other things.
 *
 * @param message as `git log` prints it with `%B`
 */
export function saysAll(message: string, { subject, trailers }: CommitText): boolean {
  const lines = new Set(message.split("\n").map((line) => line.replace(/^- /, "")));
  return [oneLine(subject), ...trailerLines(trailers)].every((line) => lines.has(line));
}

/** One text for several things that happened: the body lists them, the trailers follow in the same order. */
export function joinCommitTexts(texts: readonly CommitText[]): CommitText {
  const [first] = texts;
  if (first !== undefined && texts.length === 1) return first;
  return {
    subject: `Record ${texts.length} things that happened`,
    body: texts.map(({ subject }) => `- ${oneLine(subject)}`).join("\n"),
    trailers: texts.flatMap(({ trailers }) => trailers),
  };
}

/** Reads trailers as `git log` prints them with `%(trailers:only,unfold)`: one a line. */
export function readTrailers(source: string): Trailer[] {
  return source.split("\n").flatMap((line): Trailer[] => {
    const colon = line.indexOf(":");
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
}

function trailerLines(trailers: readonly Trailer[]): string[] {
  const said = trailers.map(([name, value]) => [name, oneLine(value)] as const).filter(([, value]) => value !== "");
  return said.map(([name, value]) => `${name}: ${value}`);
}

function checkName(name: string): void {
  if (/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) return;
  throw new MeshError(
    "history.trailer.name",
    `trailer ${JSON.stringify(name)} has no usable name; expected letters, digits and hyphens`,
    { exit: Exit.bug },
  );
}

function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
}

// Without trailers of ours the body's last paragraph would be read for some, and some readers stop at a line of hyphens
// and read the paragraph before it. A bar in front makes such a line plain text.
function plainText(body: string): string {
  return body
    .toWellFormed()
    .split(/\r\n|[\r\n]/)
    .map((line) => line.replaceAll(/[^\P{Cc}\t]/gu, " ").trimEnd())
    .map((line) => (/^([^\s:=#]+\s*[:=#]|---|\(cherry picked)/.test(line) ? `| ${line}` : line))
    .join("\n")
    .replaceAll(/^\n+|\n+$/g, "");
}
