import matter from "gray-matter";
import { MeshError } from "./error.ts";
import { lineAt } from "./line.ts";
import { parseYaml } from "./yaml.ts";

/** A Markdown file, split into its header and the rest. */
export interface Frontmatter {
  /** The header's values. Every scalar is the text as it was written: `1.10` is "1.10", an empty value is "". */
  readonly data: Record<string, unknown>;
  /** Everything behind the line that closes the header, unchanged. */
  readonly body: string;
  /** Where the body begins, in UTF-16 units. */
  readonly bodyOffset: number;
  /** The line at which the body begins, counted from 1. */
  readonly bodyLine: number;
  readonly present: boolean;
  /** The line of a name in the header; the first line when it is not there. */
  lineOf(key: string): number;
}

/** Bounds what the YAML parser, and one regular expression of gray-matter that takes quadratic time, can be made to do. */
const longestHeader = 16_384;

const opening = /^\uFEFF?---[ \t]*(?=\r?\n|$)/;
const closing = /\n---[ \t]*(?:\r?\n|$)/g;

/**
 * Splits the YAML front matter from a Markdown file. This is the only place that calls gray-matter, which by itself
 * would run a header in JavaScript and remember a broken one as an empty one.
 *
 * @param file the name that errors give
 * @param code the beginning of the codes of errors
 * @throws MeshError `<code>.language`, `.unclosed`, `.too-long`, `.yaml` or `.shape`, with file and line
 * @see docs/security.md, "What shapes the design", point 5
 */
export function splitFrontmatter(source: string, file: string, code = "frontmatter"): Frontmatter {
  const end = headerEnd(source, file, code);
  if (end === 0) {
    const start = source.charCodeAt(0) === 0xfeff ? 1 : 0;
    return { data: {}, body: source.slice(start), bodyOffset: start, bodyLine: 1, present: false, lineOf: () => 1 };
  }
  const header = source.slice(0, end);
  const data = readSimpleLines(header) ?? matter(header, { language: "yaml", engines: engines(file, code) }).data;
  return {
    data,
    body: source.slice(end),
    bodyOffset: end,
    bodyLine: lineAt(source, end),
    present: true,
    lineOf: (key) => lineOfKey(header, key),
  };
}

/** Where the header ends, behind the line end of its closing line; 0 when the file has no header. */
function headerEnd(source: string, file: string, code: string): number {
  if (!/^\uFEFF?---(?!-)/.test(source)) return 0;
  if (!opening.test(source)) {
    const found = JSON.stringify(source.slice(0, 40).split("\n", 1)[0]?.trim());
    const sentence = `the header opens with ${found}; expected --- alone on its line. A header is YAML, never another language.`;
    throw new MeshError(`${code}.language`, sentence, { place: { file, line: 1 } });
  }
  closing.lastIndex = 0;
  const close = closing.exec(source.slice(0, longestHeader + 1));
  if (close !== null) return close.index + close[0].length;
  if (source.length > longestHeader) {
    const sentence = `the header is not closed within ${longestHeader} characters; expected a line --- at its end.`;
    throw new MeshError(`${code}.too-long`, sentence, { place: { file, line: 1 } });
  }
  throw new MeshError(`${code}.unclosed`, "the header is not closed; expected a line --- at its end.", {
    place: { file, line: 1 },
  });
}

function engines(file: string, code: string): Record<string, (source: string) => object> {
  const refuse = () => {
    throw new MeshError(`${code}.language`, "a header is YAML, never another language.", { place: { file, line: 1 } });
  };
  return { yaml: (source) => readHeader(source, file, code), javascript: refuse, json: refuse, coffee: refuse };
}

/** A line as delivery writes it: a name and a text that YAML can read in only one way. */
const simpleLine = /^([a-z][a-z0-9-]*): ([A-Za-z0-9](?:[A-Za-z0-9 ,._/+-]|:(?=[A-Za-z0-9]))*)$/;

/**
 * A header made of simple lines only, read without gray-matter and the YAML parser, which would take ten times as long
 * for every memo that is routed. Undefined when a line is anything else; a property test compares the two.
 *
 * @param header with its opening and its closing line
 */
function readSimpleLines(header: string): Record<string, string> | undefined {
  const data: Record<string, string> = {};
  for (const line of header.slice(header.indexOf("\n") + 1, header.lastIndexOf("\n---")).split("\n")) {
    if (line === "" || line === "\r") continue;
    const [, name, value] = simpleLine.exec(line.trimEnd()) ?? [];
    if (name === undefined || value === undefined || Object.hasOwn(data, name)) return undefined;
    data[name] = value;
  }
  return data;
}

/** @param text what stands between the opening and the closing line; gray-matter leaves half of a CRLF at its end */
function readHeader(text: string, file: string, code: string): object {
  const source = text.replace(/\r$/, "");
  const { value } = parseYaml(source, { file, code: `${code}.yaml` }, "text");
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new MeshError(`${code}.shape`, "the header is not made of lines `name: value`.", { place: { file, line: 2 } });
}

function lineOfKey(header: string, key: string): number {
  const found = header.split("\n").findIndex((line) => /^["']?([\w-]+)["']?[ \t]*:/.exec(line)?.[1] === key);
  return found === -1 ? 1 : found + 1;
}
