import { type BoldHeader, readBoldHeader } from "./bold-header.ts";
import { checkHeader } from "./check-header.ts";
import { sha256 } from "./digest.ts";
import { type Frontmatter, splitFrontmatter } from "./frontmatter.ts";
import { firstHeading } from "./heading.ts";
import { isId } from "./id.ts";
import type { MemoStatus, MemoType, Priority } from "./memo-header.ts";
import { type Problem, problemsError } from "./problem.ts";
import type { Refusal } from "./schema.ts";

export { type MemoStatus, type MemoType, memoTypes, type Priority, priorities } from "./memo-header.ts";

/** What the router needs to know of a memo. */
export interface MemoHeader {
  readonly id?: string;
  readonly from?: string;
  /** Ids of nodes, or "*"; never empty. */
  readonly to: readonly string[];
  /** ISO 8601, as written. */
  readonly date?: string;
  readonly priority: Priority;
  readonly type?: MemoType;
  readonly subject: string;
  /** Id of the memo that this one answers. */
  readonly re?: string;
  /** Id of the first memo of the thread. */
  readonly thread?: string;
  /** How often agents have already passed it on. */
  readonly hops: number;
  /** {@link bodyDigest} of the body as it was sent. */
  readonly digest?: string;
  /** The sender's SSH signature over {@link memoStatement}, without its armour. */
  readonly signature?: string;
  /** When it was delivered, ISO 8601. */
  readonly delivered?: string;
  readonly status?: MemoStatus;
  /** Id of the memo in which the recipient asked back. */
  readonly question?: string;
  /** Ids of the answers that a session has already read. */
  readonly answers?: readonly string[];
  /** Path of the runbook in the recipient's folder. */
  readonly runbook?: string;
  /** Only agents that mesh.yml marks as `local` may read it. */
  readonly sensitive?: boolean;
  /** Its words come from outside of the mesh, by whatever ways. */
  readonly origin?: "outside";
  /** SHA-256 of the proposal that the sender's mesh keeps, which the memo shows. */
  readonly proposal?: string;
}

/** A memo file, read as far as routing needs it. */
export interface Memo {
  /** The name that errors give. */
  readonly file: string;
  readonly source: string;
  readonly header: MemoHeader;
  /** What stands below the front matter, unchanged; a bold-line header is part of it. */
  readonly body: string;
  /** Where the body begins in `source`, in UTF-16 units. */
  readonly bodyOffset: number;
  /** The line at which the body begins, counted from 1. */
  readonly bodyLine: number;
}

/**
 * Reads a memo: front matter, or the bold-line header that people write. Where both say something, front matter wins.
 * The body is not parsed.
 *
 * @param file the name that errors give
 * @param defaults what to assume when the header does not say it
 * @throws MeshError `memo.header.*` with file and line; its sentence names all that is wrong, the first problem first
 * @see docs/formats.md, "A memo"
 */
export function parseMemo(source: string, file: string, defaults: { readonly to?: string } = {}): Memo {
  const front = splitFrontmatter(source, file, "memo.header");
  const bold = readBoldHeader(front.body, front.bodyLine);
  const { body, bodyOffset, bodyLine } = front;
  const header = readHeader(headerValues(front, bold, defaults), file, (key) => lineOf(key, front, bold));
  return { file, source, header, body, bodyOffset, bodyLine };
}

/** SHA-256 of a body's UTF-8 bytes. */
export function bodyDigest(body: string): string {
  return sha256(body);
}

const boldNames = ["from", "to", "date", "priority", "type", "subject", "re"] as const;

function headerValues(
  front: Frontmatter,
  bold: BoldHeader,
  defaults: { readonly to?: string },
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of boldNames) if (bold.data[name]) values[name] = bold.data[name];
  // People write a subject behind Re; only an id says which memo is answered.
  if (!isId(String(values.re))) delete values.re;
  for (const name of Object.keys(front.data)) {
    const value = front.data[name];
    if (value !== "" && value !== "~" && value !== "null") values[name] = value;
  }
  values.to ??= defaults.to;
  values.subject ??= firstHeading(front.body);
  return values;
}

function readHeader(values: Record<string, unknown>, file: string, line: (key: string) => number): MemoHeader {
  const checked = checkHeader(values);
  if (checked.ok && checked.value.subject !== "") return withoutAbsent(checked.value);
  const refusals = checked.ok ? [{ path: ["subject"], sentence: "" }] : checked.refusals;
  const problems = refusals.map((refusal) => headerProblem(refusal, values, line));
  throw problemsError(file, problems);
}

function headerProblem(
  { path, sentence }: Refusal,
  values: Record<string, unknown>,
  line: (key: string) => number,
): Problem {
  const key = String(path[0]);
  if (key === "to" && values.to === undefined) {
    const missing = 'the header does not say to whom; expected a line `to:` with a node, a list of nodes or "*".';
    return { code: "memo.header.missing-to", line: 1, sentence: missing };
  }
  if (key === "subject" && (values.subject === undefined || sentence === "")) {
    const missing = "there is no subject; expected a heading, or a line `subject:` in the header.";
    return { code: "memo.header.missing-subject", line: line(key), sentence: missing };
  }
  return { code: `memo.header.${key}`, line: line(key), sentence };
}

function lineOf(key: string, front: Frontmatter, bold: BoldHeader): number {
  return Object.hasOwn(front.data, key) ? front.lineOf(key) : (bold.lines.get(key) ?? 1);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** An optional value that is absent has no key, so that headers compare and print as they were written. */
function withoutAbsent<T extends object>(value: T): T & Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T & Present<T>;
}
