import * as z from "zod";
import { type FactFigures, printFigures, readFigures } from "./figures.ts";
import { nameSchema } from "./name-schema.ts";

/** A command that only looks, by which the operator has facts about the platform collected. */
export interface FactCollector {
  /** Shell text. */
  readonly command: string;
  /** Name of a target of mesh.yml; absent: this machine, in the mesh's folder. */
  readonly target?: string | undefined;
  /** What the command prints. */
  readonly format: "text" | "json" | "csv";
  /** How long its facts hold, in seconds. */
  readonly maxAge: number;
  /** How long it may take, in seconds. */
  readonly timeout: number;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, "a time such as 30m, 6h or 2d")
  .transform((text) => Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? 1));

/** What mesh.yml may say under `facts:`. */
export const factsSchema = z
  .record(
    nameSchema,
    z.strictObject({
      command: z.string().min(1).max(2000),
      target: nameSchema.optional(),
      format: z.enum(["text", "json", "csv"]).default("text"),
      maxAge: duration.prefault("1h"),
      timeout: z.int("a whole number of seconds").min(1).max(300).default(30),
    }),
  )
  .default({});

/** A fact as docs/platform-reference.md has it. */
export interface PlatformFact {
  /** Of its collector. */
  readonly name: string;
  /** When it was collected; ISO 8601. */
  readonly at: string;
  /** Where, in a word. */
  readonly from: string;
  /** How long it holds, in seconds. */
  readonly maxAge: number;
  /** Compact lines. */
  readonly text: string;
  /** What of it can be computed with. */
  readonly figures?: FactFigures;
}

// What stands between these lines is written by `memomesh facts`; the rest of the file belongs to people.
const begin = "<!-- facts: written by `memomesh facts refresh`; edits up to the end mark are lost -->";
const end = "<!-- facts: end -->";

/** The facts that a platform reference holds. Lines that nobody here has written are no facts. */
export function readFacts(source: string): readonly PlatformFact[] {
  const [, inside] = split(source);
  return inside.split(/^### /m).slice(1).flatMap(factOf);
}

/** The text with these facts instead of those that it has; everything outside of the marks stays as it is. */
export function withFacts(source: string, facts: readonly PlatformFact[]): string {
  const [before, , after] = split(source);
  const head = before === "" ? "# Platform reference\n\n" : before;
  const blocks = [...facts].sort((a, b) => (a.name < b.name ? -1 : 1)).map(printFact);
  return `${head.endsWith("\n") ? head : `${head}\n\n`}${begin}\n${blocks.map((block) => `\n${block}\n`).join("")}\n${end}\n${after}`;
}

/** Whether a fact is older than it may be. A date that cannot be read, or of the future, counts as old. */
export function isStale({ at, maxAge }: Pick<PlatformFact, "at" | "maxAge">, now: Date): boolean {
  const age = (now.getTime() - Date.parse(at)) / 1000;
  return !(age >= -60 && age <= maxAge);
}

/** A platform reference for a reader: what is stale says so, in its heading. */
export function withStaleness(source: string, now: Date): string {
  const stale = new Map(readFacts(source).flatMap((fact) => (isStale(fact, now) ? [[fact.name, fact] as const] : [])));
  if (stale.size === 0) return source;
  const [before, inside, after] = split(source);
  const told = inside.replace(/^### (\S+)$/gm, (heading, name: string) => {
    const fact = stale.get(name);
    return fact === undefined
      ? heading
      : `${heading} (STALE: collected ${ageText(fact, now)} ago, holds for ${durationText(fact.maxAge)}; do not rely on it)`;
  });
  return `${before}${begin}\n${told}${end}\n${after}`;
}

/** How old a fact is, in a word: "5h". */
export function ageText({ at }: Pick<PlatformFact, "at">, now: Date): string {
  return durationText(Math.max(0, Math.round((now.getTime() - Date.parse(at)) / 1000)));
}

/** Seconds in the largest unit of which there are two: "90m", "2d". */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return "an unknown time";
  const [unit = "s", size = 1] =
    Object.entries(units)
      .reverse()
      .find(([, each]) => seconds >= 2 * each || (seconds >= each && seconds % each === 0)) ?? [];
  return `${Math.floor(seconds / size)}${unit}`;
}

function printFact({ name, at, from, maxAge, text, figures }: PlatformFact): string {
  // Indented, so that no line of it is a heading or a mark.
  const lines = text.split(/\r?\n/).map((line) => `    ${line}`.trimEnd());
  const about = `Collected: ${at} on ${from}. Holds for ${durationText(maxAge)} (${maxAge} s).`;
  const head = [`### ${name}`, about, ...(figures === undefined ? [] : [printFigures(figures)])];
  return `${head.join("\n")}\n\n${lines.join("\n")}`;
}

function factOf(block: string): PlatformFact[] {
  const [heading = "", about = "", ...rest] = block.trimEnd().split("\n");
  const [, at, from, seconds] = /^Collected: (\S+) on (\S+)\. Holds for \S+ \((\d+) s\)\.$/.exec(about) ?? [];
  if (at === undefined || from === undefined) return [];
  const figures = readFigures(rest[0] ?? "");
  const lines = rest.slice(rest.indexOf("") + 1);
  const text = lines.map((line) => line.replace(/^ {4}/, "")).join("\n");
  return [
    { name: heading.trim(), at, from, maxAge: Number(seconds), text, ...(figures === undefined ? {} : { figures }) },
  ];
}

/** What stands before the marks, between them and behind them. */
function split(source: string): readonly [before: string, inside: string, after: string] {
  const lines = source.split("\n");
  const from = lines.indexOf(begin);
  const to = lines.indexOf(end, from + 1);
  if (from === -1 || to === -1) return [source, "", ""];
  return [
    lines
      .slice(0, from)
      .map((line) => `${line}\n`)
      .join(""),
    lines
      .slice(from + 1, to)
      .map((line) => `${line}\n`)
      .join(""),
    lines.slice(to + 1).join("\n"),
  ];
}
