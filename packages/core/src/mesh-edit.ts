import { type Document, isMap, isScalar, isSeq, type ParsedNode, parseDocument, type YAMLSeq } from "yaml";
import { lineEndOf } from "./line.ts";
import { defaultPath, nodeEntrySchema, parseMeshConfig } from "./mesh.ts";
import { readYaml } from "./yaml.ts";

/**
 * Adds a node to the text of `mesh.yml`; every byte that was there stays. A node that is listed already is left alone.
 *
 * @throws MeshError `mesh.config` when the text or the new entry cannot be used
 */
export function addNode(meshSource: string, entry: { readonly id: string; readonly path?: string }): string {
  const place = { file: "mesh.yml", code: "mesh.config" };
  const { nodes } = parseMeshConfig(meshSource, place.file);
  const { id, path } = readYaml(JSON.stringify(entry), nodeEntrySchema, place);
  if (nodes.some((node) => node.id === id)) return meshSource;
  const text = path === undefined || path === defaultPath(id) ? id : `{ id: ${id}, path: ${JSON.stringify(path)} }`;
  const lineEnd = lineEndOf(meshSource);
  const document = parseDocument(meshSource);
  const list = document.get("nodes");
  if (!isSeq(list)) return insert(meshSource, afterName(document, meshSource), `  - ${text}${lineEnd}`, lineEnd);
  const last = list.items.at(-1) as ParsedNode | undefined;
  if (list.flow || last === undefined) return insertInBrackets(meshSource, list, last, text);
  const first = (list.items[0] as ParsedNode).range[0];
  const before = meshSource.slice(meshSource.lastIndexOf("\n", first) + 1, first);
  const dash = before.slice(0, before.lastIndexOf("-"));
  return insert(meshSource, nextLine(meshSource, last.range[1]), `${dash}- ${text}${lineEnd}`, lineEnd);
}

function insertInBrackets(source: string, list: YAMLSeq, last: ParsedNode | undefined, text: string): string {
  const at = last === undefined ? (list.range?.[0] ?? 0) + 1 : last.range[1];
  return source.slice(0, at) + (last === undefined ? text : `, ${text}`) + source.slice(at);
}

/** Where the first item of `nodes:` belongs: below the name, or at the end of a file that does not have the name. */
function afterName(document: Document.Parsed, source: string): number | undefined {
  const { contents } = document;
  const key = isMap(contents)
    ? contents.items.find(({ key }) => isScalar(key) && key.value === "nodes")?.key
    : undefined;
  return key ? nextLine(source, key.range[1]) : undefined;
}

function nextLine(source: string, offset: number): number {
  if (source[offset - 1] === "\n") return offset;
  const end = source.indexOf("\n", offset);
  return end === -1 ? source.length : end + 1;
}

function insert(source: string, at: number | undefined, line: string, lineEnd: string): string {
  const before = source.slice(0, at);
  const gap = before === "" || before.endsWith("\n") ? "" : lineEnd;
  return before + gap + (at === undefined ? `nodes:${lineEnd}` : "") + line + source.slice(before.length);
}
