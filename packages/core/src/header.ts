import { type Pair, parseDocument, type Scalar, YAMLMap } from "yaml";
import { splitFrontmatter } from "./frontmatter.ts";
import { type HeaderValue, printHeaderValue } from "./header-value.ts";
import { lineEndOf } from "./line.ts";

/** New values of header lines; undefined removes the line. */
export type HeaderChanges = Readonly<Record<string, HeaderValue | undefined>>;

/**
 * Changes, adds and removes header lines of a Markdown file. Every other line, comment and line end stays as it is, and
 * so does every byte of the body. A file without a header gets one.
 *
 * @throws MeshError `frontmatter.*` when the header that is there cannot be read
 */
export function withHeader(source: string, changes: HeaderChanges): string {
  const front = splitFrontmatter(source, "header");
  const said = (name: string) => (Object.hasOwn(front.data, name) ? front.data[name] : undefined);
  // A memo on its way says most of it already, and looking for a line costs a parse of the whole header.
  const entries = Object.entries(changes).filter(([name, value]) => !isSame(said(name), value));
  if (entries.length === 0) return source;
  const lineEnd = lineEndOf(source);
  if (!front.present) {
    const lines = entries.map(([name, value]) => printLine(name, value ?? "", lineEnd));
    return `${source.slice(0, front.bodyOffset)}---${lineEnd}${lines.join("")}---${lineEnd}${front.body}`;
  }
  const start = source.indexOf("\n") + 1;
  const end = source.lastIndexOf("\n---", front.bodyOffset) + 1;
  let header = source.slice(start, end);
  for (const [name, value] of entries) {
    if (isFlow(header)) header = setFlow(header, name, value);
    else if (value === undefined) header = removeLine(header, name);
    else if (said(name) === undefined) header += printLine(name, value, lineEnd);
    else header = setLine(header, name, value, lineEnd);
  }
  return source.slice(0, start) + header + source.slice(end);
}

/** Whether a header has this value already, however it is written. */
function isSame(said: unknown, value: HeaderValue | undefined): boolean {
  if (said === undefined || value === undefined) return said === value;
  if (typeof value !== "object") return said === String(value);
  return Array.isArray(said) && said.length === value.length && value.every((each, index) => said[index] === each);
}

function printLine(name: string, value: HeaderValue, lineEnd: string): string {
  return `${name}: ${printHeaderValue(value)}${lineEnd}`;
}

function setLine(header: string, name: string, value: HeaderValue, lineEnd: string): string {
  const found = find(header, name);
  if (found === undefined) return header + printLine(name, value, lineEnd);
  const { colon, from, to } = found;
  const before = header.slice(0, colon);
  const between = header.slice(colon, from);
  const after = header.slice(to);
  const printed = printHeaderValue(value);
  const endsLine = header.slice(from, to).endsWith("\n");
  if (!between.includes("\n")) return `${before}${between || " "}${printed}${endsLine ? lineEnd : ""}${after}`;
  // The old value stands on lines of its own; the new one goes behind the name, and a comment there stays.
  const kept = between.replace(/[ \t]*$/, "").replace(endsLine ? "" : /\r?\n$/, "");
  return `${before} ${printed}${kept}${after}`;
}

function removeLine(header: string, name: string): string {
  const found = find(header, name);
  if (found === undefined) return header;
  const from = header.lastIndexOf("\n", found.name) + 1;
  const ended = header[found.to - 1] === "\n" && found.to > found.from;
  const lineEnd = ended ? found.to - 1 : header.indexOf("\n", found.to);
  return header.slice(0, from) + (lineEnd === -1 ? "" : header.slice(lineEnd + 1));
}

/** Where a name and its value stand in a header; comments behind the value are not part of it. */
function find(header: string, name: string): { name: number; colon: number; from: number; to: number } | undefined {
  const map = mapOf(header);
  const pair = map?.items.find((each) => String((each.key as Scalar).value) === name) as
    | Pair<Scalar, Scalar>
    | undefined;
  const key = pair?.key.range;
  if (!key) return undefined;
  const colon = header.indexOf(":", key[1]) + 1;
  const value = pair.value?.range;
  // What is empty has no place of its own, or one behind the line end.
  const empty = !value || value[0] === value[1];
  return { name: key[0], colon, from: empty ? colon : value[0], to: empty ? colon : value[1] };
}

function mapOf(header: string): YAMLMap | undefined {
  const { contents } = parseDocument(header, { schema: "failsafe", stringKeys: true, logLevel: "silent" });
  return contents instanceof YAMLMap ? contents : undefined;
}

/** A header written as `{ to: sysadmin }` has no lines of its own to change. */
function isFlow(header: string): boolean {
  return /^\s*\{/m.test(header) && mapOf(header)?.flow === true;
}

function setFlow(header: string, name: string, value: HeaderValue | undefined): string {
  const document = parseDocument(header, { schema: "failsafe" });
  if (value === undefined) document.delete(name);
  else document.set(name, typeof value === "object" ? [...value] : String(value));
  return document.toString({ lineWidth: 0 });
}
