import { MeshError } from "@memomesh/core";
import { type Member, readJsonSource, type Value } from "./json-source.ts";

/**
 * JSON settings in which `{ [group]: { [name]: entry } }` stands. Every other byte stays, comments included, and so do
 * members of the entry that people have added.
 *
 * @param source undefined when there is no file
 * @param file the name that errors give
 * @throws MeshError `mcp.config` when the file cannot be read, or has something else in that place
 */
export function withJsonEntry(
  source: string | undefined,
  file: string,
  [group, name]: readonly [group: string, name: string],
  entry: Readonly<Record<string, unknown>>,
): string {
  if (source === undefined || source.trim() === "") {
    return `${JSON.stringify({ [group]: { [name]: entry } }, null, 2)}\n`;
  }
  const servers = memberOf(readJsonSource(source, file), group, source, file);
  if (servers === undefined) return put(source, readJsonSource(source, file), group, { [name]: entry });
  if (memberOf(servers.value, name, source, file) === undefined) return put(source, servers.value, name, entry);
  return Object.entries(entry).reduce((text, [key, value]) => {
    const known = memberOf(memberOf(readJsonSource(text, file), group, text, file)?.value, name, text, file);
    return withMember(text, file, known?.value, key, value);
  }, source);
}

function withMember(source: string, file: string, object: Value | undefined, name: string, value: unknown): string {
  const known = memberOf(object, name, source, file);
  if (known === undefined) return object === undefined ? source : put(source, object, name, value);
  const { start, end } = known.value;
  if (isSame(source.slice(start, end), value)) return source;
  return source.slice(0, start) + printed(value, source, indentAt(source, known.start)) + source.slice(end);
}

/** @throws MeshError `mcp.config` when this is no object */
function memberOf(value: Value | undefined, name: string, source: string, file: string): Member | undefined {
  if (value === undefined) return undefined;
  // Where a name stands twice, programs take the last one.
  if (value.members !== undefined) return value.members.findLast((member) => member.name === name);
  const line = source.slice(0, value.start).split("\n").length;
  const sentence = "an object in braces was expected here; mend the file first. Nothing was written";
  throw new MeshError("mcp.config", sentence, { place: { file, line } });
}

/** A new member behind the last one of an object. */
function put(source: string, { start, end, members = [] }: Value, name: string, value: unknown): string {
  const lineEnd = lineEndOf(source);
  const last = members.at(-1);
  const outer = indentAt(source, start);
  const indent = last === undefined ? outer + unitOf(source) : indentAt(source, last.start);
  const member = `${JSON.stringify(name)}: ${printed(value, source, indent)}`;
  if (last === undefined) {
    const inside = source.slice(start + 1, end - 1).trimEnd();
    return `${source.slice(0, start + 1)}${inside}${lineEnd}${indent}${member}${lineEnd}${outer}${source.slice(end - 1)}`;
  }
  // A comma that is there already, perhaps behind a comment, would be a second one.
  const comma = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*,/.exec(source.slice(last.value.end, end))?.[0] ?? "";
  const at = last.value.end + comma.length;
  const gap = source.slice(start, last.start).includes("\n") ? lineEnd + indent : " ";
  return `${source.slice(0, at)}${comma === "" ? "," : ""}${gap}${member}${source.slice(at)}`;
}

function printed(value: unknown, source: string, indent: string): string {
  return JSON.stringify(value, null, unitOf(source)).replaceAll("\n", `${lineEndOf(source)}${indent}`);
}

function lineEndOf(source: string): string {
  return source.includes("\r\n") ? "\r\n" : "\n";
}

/** The blanks at the beginning of the line in which a position lies. */
function indentAt(source: string, at: number): string {
  return /^[ \t]*/.exec(source.slice(source.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";
}

/** One step of indentation, as the file has it. */
function unitOf(source: string): string {
  return /\n(\t| {1,8})(?=\S)/.exec(source)?.[1] ?? "  ";
}

function isSame(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}
