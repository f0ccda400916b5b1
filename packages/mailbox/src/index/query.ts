import { entryKinds } from "./entry.ts";

/** What somebody searches for. */
export interface SearchQuery {
  /** Words, and phrases of several words; each has to be there. */
  readonly words: readonly string[];
  /** Each has to hold; of several values of the same name, one. */
  readonly filters: readonly Filter[];
  /** Milliseconds since 1970, both ends included. */
  readonly after: number | undefined;
  readonly before: number | undefined;
  /** Sentences about what could not be taken as it was meant. */
  readonly notes: readonly string[];
}

export interface Filter {
  readonly name: FilterName;
  readonly value: string;
}

const filterNames = ["from", "to", "node", "type", "box"] as const;
type FilterName = (typeof filterNames)[number];

const longestQuery = 1000;
const mostWords = 16;
const day = 86_400_000;

/**
 * Reads what a person types: words, phrases in double quotes, and `from: to: node: type: box: after: before:`. There is
 * no text that it refuses; what it cannot take as a filter is searched as words, and said. Pure.
 *
 * @param now milliseconds since 1970, for `after:3d`
 */
export function readQuery(text: string, now: number): SearchQuery {
  const words: string[] = [];
  const filters: Filter[] = [];
  const notes: string[] = [];
  const times: { after?: number; before?: number } = {};
  if (text.length > longestQuery) notes.push(`Only the first ${longestQuery} characters were searched for.`);
  for (const [, name = "", quoted, plain = ""] of text.slice(0, longestQuery).matchAll(part)) {
    const value = quoted ?? plain;
    const key = name.slice(0, -1).toLowerCase();
    if (key === "") words.push(value);
    else if (value === "") words.push(key);
    else if (isFilterName(key)) filters.push({ name: key, value: value.toLowerCase() });
    else {
      const time = readTime(value, now);
      if (time === undefined) {
        notes.push(`${name}${value} is no date; expected ${name}2026-11-21, or ${name}3d for three days ago.`);
        words.push(key, value);
      } else if (key === "after") times.after = time;
      // A day is meant with all its hours.
      else times.before = time + (/^\d{4}-\d{2}-\d{2}$/.test(value) ? day - 1 : 0);
    }
  }
  const telling = words.map((word) => word.replaceAll("\0", " ")).filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (telling.length > mostWords) notes.push(`Only the first ${mostWords} words were searched for.`);
  return { words: telling.slice(0, mostWords), filters, after: times.after, before: times.before, notes };
}

/** A filter's name, then a text in quotes or a word. The last quote may be missing. */
const part =
  /((?:from|to|node|type|box|after|before):)?(?:"([^"]*)"?|([^\s"]+))|(?:from|to|node|type|box|after|before):/giu;

function isFilterName(name: string): name is FilterName {
  return (filterNames as readonly string[]).includes(name);
}

const units = { h: 3_600_000, d: day, w: 7 * day, m: 30 * day, y: 365 * day } as const;

/** `2026`, `2026-11`, `2026-11-21`, a whole ISO time, or `3d`, `2w`, `3 days ago`, `today`, `yesterday`; of this place. */
function readTime(value: string, now: number): number | undefined {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (/^today$/i.test(value)) return midnight;
  if (/^yesterday$/i.test(value)) return midnight - day;
  const [, count, unit] = /^(\d{1,4}) ?(h|d|w|m|y)[a-z]*(?: ago)?$/i.exec(value) ?? [];
  if (unit !== undefined) return now - Number(count) * units[unit.toLowerCase() as keyof typeof units];
  if (!/^\d{4}(?:-\d{2}(?:-\d{2}(?:T.*)?)?)?$/.test(value)) return undefined;
  const time = new Date(value.length <= 10 ? `${value.padEnd(10, "-01")}T00:00` : value).getTime();
  return Number.isNaN(time) ? undefined : time;
}

/** The query in FTS5's language, in which every word of the person's is a string; undefined when nothing is asked for. */
export function matchText({ words, filters }: SearchQuery, need: "all" | "any" = "all"): string | undefined {
  const parts: string[] = [];
  if (words.length > 0) parts.push(`{title body} : (${words.map(string).join(need === "all" ? " AND " : " OR ")})`);
  for (const [, same] of Map.groupBy(filters, ({ name }) => name)) {
    parts.push(`tags : (${same.flatMap(tagsOf).map(string).join(" OR ")})`);
  }
  return parts.length === 0 ? undefined : parts.map((each) => `(${each})`).join(" AND ");
}

function tagsOf({ name, value }: Filter): string[] {
  if (name !== "type") return [tag(name, value)];
  // `type:runbook` asks for a kind of file, `type:alert` for a kind of memo.
  return [tag(isKind(value) ? "kind" : "type", value)];
}

function isKind(value: string): boolean {
  return (entryKinds as readonly string[]).includes(value);
}

/** What can be asked of an entry, as a single word that no text holds by chance. */
export function tag(name: FilterName | "kind", value: string): string {
  return `${name}x${Buffer.from(value.toLowerCase()).toString("hex")}x`;
}

function string(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
