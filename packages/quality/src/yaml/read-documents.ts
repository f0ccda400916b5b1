import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  Scalar,
} from "yaml";
import type { MapEntry, YamlNode } from "./node.ts";

/** The documents of a file, and what is wrong with them. */
export interface ReadDocuments {
  /** Empty when the text is no YAML: a part of what was meant would only mislead. */
  readonly documents: readonly YamlNode[];
  readonly problems: readonly { readonly line: number; readonly text: string }[];
}

/** What aliases may make of one file: more is a bomb. */
const mostNodes = 200_000;
/** What follows the first errors follows from them. */
const mostErrors = 5;
/** Deeper than any configuration; the limit keeps the walk from using up the stack. */
const deepest = 100;

/**
 * Reads YAML as people and tools write it: several documents, aliases, `<<`, tags that nobody here knows. JSON is YAML.
 * A name that stands twice is a problem; the last one wins, as it does for most tools.
 */
export function readDocuments(source: string): ReadDocuments {
  const lines = new LineCounter();
  const problems: { line: number; text: string }[] = [];
  try {
    const parsed = parseAllDocuments(source, {
      schema: "core",
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
      lineCounter: lines,
    });
    const reader = new Reader(lines, problems);
    const all = Array.isArray(parsed) ? parsed : [];
    const last = source.trimEnd().split("\n").length;
    for (const { message, pos } of all.flatMap(({ errors }) => errors).slice(0, mostErrors)) {
      problems.push({ line: Math.min(last, lines.linePos(pos[0]).line), text: message.split("\n", 1)[0] ?? "" });
    }
    if (problems.length > 0) return { documents: [], problems };
    return { documents: all.flatMap((document) => reader.document(document) ?? []), problems };
  } catch (error) {
    if (error instanceof TooMuch) return { documents: [], problems: [...problems, error] };
    if (error instanceof RangeError) return { documents: [], problems: [{ line: 1, text: "it is nested too deeply" }] };
    throw error;
  }
}

class TooMuch extends Error {
  readonly text: string;
  readonly line: number;

  constructor(text: string, line: number) {
    super(text);
    this.text = text;
    this.line = line;
  }
}

class Reader {
  readonly #lines: LineCounter;
  readonly #problems: { line: number; text: string }[];
  #count = 0;
  /** Kept here because asking the parser means a walk through the document for each alias. */
  readonly #anchors = new Map<string, Node>();

  constructor(lines: LineCounter, problems: { line: number; text: string }[]) {
    this.#lines = lines;
    this.#problems = problems;
  }

  document(document: Document): YamlNode | undefined {
    this.#anchors.clear();
    return document.contents === null ? undefined : this.#node(document.contents, 0);
  }

  #line(offset: number | undefined): number {
    return offset === undefined ? 1 : Math.max(1, this.#lines.linePos(offset).line);
  }

  /** @param line that of the alias through which the node was reached */
  #node(node: Node | null, depth: number, line = this.#line(node?.range?.[0])): YamlNode {
    this.#count += 1;
    if (this.#count > mostNodes) throw new TooMuch("its aliases multiply too often", line);
    if (depth > deepest) throw new TooMuch("it is nested too deeply", line);
    if (isAlias(node)) return this.#node(this.#anchors.get(node.source) ?? null, depth + 1, line);
    // Set before its parts are read: an alias means the last anchor of its name before it.
    if (node?.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return { kind: "map", line, entries: this.#entries(node.items, depth + 1) };
    if (isSeq(node)) {
      return { kind: "list", line, items: node.items.map((item) => this.#node(item as Node | null, depth + 1)) };
    }
    return isScalar(node) ? scalar(node, line) : { kind: "scalar", line, value: null, text: "" };
  }

  #entries(pairs: readonly Pair[], depth: number): Map<string, MapEntry> {
    const merged = new Map<string, MapEntry>();
    const own = new Map<string, MapEntry>();
    for (const { key, value } of pairs) {
      const line = this.#line((key as Node | null)?.range?.[0]);
      const name = isScalar(key) ? String(key.value ?? "") : "?";
      const read = this.#node(value as Node | null, depth);
      if (name === "<<" && isScalar(key) && key.type === Scalar.PLAIN) {
        for (const part of read.kind === "list" ? read.items : [read]) {
          for (const [inner, entry] of part.kind === "map" ? part.entries : []) {
            if (!merged.has(inner)) merged.set(inner, entry);
          }
        }
        continue;
      }
      const before = own.get(name);
      if (before !== undefined) {
        this.#problems.push({
          line,
          text: `"${name}" stands here a second time; it is on line ${before.line} already`,
        });
      }
      own.set(name, { line, value: read });
    }
    return new Map([...merged, ...own]);
  }
}

function scalar({ value, source }: Scalar, line: number): YamlNode {
  if (value === null) return { kind: "scalar", line, value: null, text: "" };
  const known = typeof value === "number" || typeof value === "boolean" ? value : String(value);
  return { kind: "scalar", line, value: known, text: typeof known === "string" ? known : (source ?? String(known)) };
}
