import { type HeaderValue, printHeaderValue } from "./header-value.ts";
import { firstHeading } from "./heading.ts";
import { idSuffix } from "./id.ts";
import { bodyDigest, type MemoType, type Priority } from "./memo.ts";

/** A memo before it is a file. */
export interface MemoDraft {
  readonly id?: string;
  readonly from?: string;
  readonly to: readonly string[];
  readonly date?: string;
  readonly priority?: Priority;
  readonly type?: MemoType;
  readonly re?: string;
  readonly thread?: string;
  readonly hops?: number;
  readonly origin?: "outside" | undefined;
  readonly proposal?: string | undefined;
  readonly subject: string;
  /** Markdown below the heading. */
  readonly body: string;
  /** Whether the header vouches for the body with its digest; a router then takes the file without waiting. */
  readonly digest?: boolean;
}

/** A memo as a file. {@link parseMemo} reads the same header back. */
export function printMemo(draft: MemoDraft): string {
  const subject = draft.subject.replace(/\s+/g, " ").trim();
  const text = draft.body.trim();
  const body = `# ${subject}\n${text === "" ? "" : `\n${text}\n`}`;
  const lines: readonly (readonly [string, HeaderValue | undefined])[] = [
    ["id", draft.id],
    ["from", draft.from],
    ["to", draft.to.length === 1 ? draft.to[0] : draft.to],
    ["date", draft.date],
    ["priority", draft.priority],
    ["type", draft.type],
    ["subject", firstHeading(body) === subject ? undefined : subject],
    ["re", draft.re],
    ["thread", draft.thread],
    ["hops", draft.hops],
    ["origin", draft.origin],
    ["proposal", draft.proposal],
    ["digest", draft.digest ? bodyDigest(body) : undefined],
  ];
  const header = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${printHeaderValue(value)}\n`],
  );
  return `---\n${header.join("")}---\n${body}`;
}

const longestSlug = 60;
/** Words that a file name can do without. */
const small = new Set(["a", "an", "and", "at", "for", "from", "in", "of", "on", "the", "to", "with"]);

/**
 * The file name of a delivered memo: `2026-11-21-deploy-shop-1-4-2-staging-7w1xb.md`.
 *
 * @param date ISO 8601; its day is used
 * @param id the memo's id, of which the end makes the name unique
 */
export function memoFileName(subject: string, date: string, id: string): string {
  return `${date.slice(0, 10)}-${slug(subject)}-${idSuffix(id)}.md`;
}

/** At most 60 of the characters a-z, 0-9 and dash; "memo" when nothing else is left of the text. */
function slug(text: string): string {
  const words =
    text
      .normalize("NFKD")
      .replace(/\p{Mark}/gu, "")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const telling = words.filter((word) => !small.has(word));
  const joined = (telling.length > 0 ? telling : words).join("-") || "memo";
  if (joined.length <= longestSlug) return joined;
  const cut = joined.lastIndexOf("-", longestSlug);
  return joined.slice(0, cut > longestSlug / 2 ? cut : longestSlug);
}
