import type { Mesh } from "../load.ts";
import { type NodeFile, nodeFiles } from "./node-files.ts";

/** A part of a file of a node. Lines are counted from 1, both included. */
export interface Block {
  readonly file: NodeFile;
  readonly from: number;
  readonly to: number;
}

/** Where the nodes' files declare a service of this name: in Compose files, Kubernetes manifests and Caddyfiles. */
export async function findService(mesh: Mesh, name: string): Promise<Block[]> {
  const found: Block[] = [];
  for await (const file of nodeFiles(mesh, (each) => /\.ya?ml$|^caddyfile|\.caddy(?:file)?$/i.test(each))) {
    const caddy = !/\.ya?ml$/i.test(file.path);
    found.push(...(caddy ? sites(file, name) : [...composeServices(file, name), ...manifests(file, name)]));
  }
  return found;
}

/** `services:` at the beginning of a line, and below it, indented, the name. */
function composeServices(file: NodeFile, name: string): Block[] {
  const { lines } = file;
  const start = lines.findIndex((line) => /^services:\s*(?:#.*)?$/.test(line));
  if (start === -1) return [];
  const end = endOf(lines, start, 0);
  const first = lines.slice(start + 1, end).find((line) => /^\s+[^\s#]/.test(line));
  const indent = /^\s*/.exec(first ?? "")?.[0].length ?? 0;
  for (let at = start + 1; at < end; at += 1) {
    const [, space = "", key = ""] = /^(\s*)["']?([^"'#:]+)["']?\s*:/.exec(lines[at] ?? "") ?? [];
    if (space.length === indent && indent > 0 && key.trim() === name)
      return [{ file, from: at + 1, to: endOf(lines, at, indent) }];
  }
  return [];
}

/** A document with a `kind:` whose `metadata:` has the name. */
function manifests(file: NodeFile, name: string): Block[] {
  const found: Block[] = [];
  let start = 0;
  for (let at = 0; at <= file.lines.length; at += 1) {
    if (at < file.lines.length && !/^---(?:\s|$)/.test(file.lines[at] ?? "")) continue;
    const document = file.lines.slice(start, at);
    const metadata = document.findIndex((line) => /^metadata:/.test(line));
    const named = document.slice(metadata + 1, metadata === -1 ? 0 : endOf(document, metadata, 0));
    const isNamed = named.some((line) => /^\s+name:\s*["']?([^"'\s#]+)/.exec(line)?.[1] === name);
    if (isNamed && document.some((line) => /^kind:/.test(line))) found.push({ file, from: start + 1, to: at });
    start = at + 1;
  }
  return found;
}

/** A site of a Caddyfile: one of its addresses is the name. */
function sites(file: NodeFile, name: string): Block[] {
  return file.lines.flatMap((line, at): Block[] => {
    const addresses = /^([^\s#{(][^{#]*?)\s*\{\s*$/.exec(line)?.[1]?.split(/[\s,]+/) ?? [];
    if (!addresses.some((each) => each.replace(/^https?:\/\//, "").replace(/:\d+$/, "") === name)) return [];
    const close = file.lines.findIndex((each, index) => index > at && /^\}/.test(each));
    return [{ file, from: at + 1, to: close === -1 ? file.lines.length : close + 1 }];
  });
}

/** How many lines there are up to the end of the block that begins on a line: what follows is indented further, or empty. */
function endOf(lines: readonly string[], start: number, indent: number): number {
  let end = start + 1;
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line.trim() === "" || /^\s*#/.test(line)) continue;
    if ((/^\s*/.exec(line)?.[0].length ?? 0) <= indent) break;
    end = at + 1;
  }
  return end;
}
