import { entriesOf, itemsOf, textOf, type YamlNode } from "../yaml/node.ts";
import type { Deadline } from "./deadline.ts";

/**
 * A way to values in YAML and JSON documents.
 *
 * - `spec.template`: names, from the node at which one stands; `.` is that node itself
 * - `$.kind`: from the top of its document; `$$.kind`: of every document of its folder and namespace
 * - `*`: every item of a list and every value of a map; `**`: the node and all that lies below it
 * - `"a.b/c"`: a name with dots; `nginx*`: a star within a name is any text
 * - `volumes.*[configMap]`, `[kind=Service]`, `[kind!=Service]`: only where that is there, is so, or is not so
 */
export interface Path {
  readonly scope: "node" | "document" | "folder";
  readonly steps: readonly Step[];
}

type Step =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "glob"; readonly before: string; readonly after: string }
  | { readonly kind: "each" }
  | { readonly kind: "all" }
  | { readonly kind: "filter"; readonly path: Path; readonly value?: string; readonly negated: boolean };

/** Where a path begins. */
export interface Standpoint {
  readonly node: YamlNode;
  readonly document: YamlNode;
  /** The documents of the folder, this one included. */
  readonly folder: readonly YamlNode[];
}

const longestPath = 300;

/** @returns a reason when it cannot be read */
export function readPath(source: string): Path | string {
  if (source.length > longestPath) return `is longer than ${longestPath} characters`;
  const [, scopeMark = ""] = /^(\$\$|\$)?/.exec(source) ?? [];
  const scope = scopeMark === "$$" ? "folder" : scopeMark === "$" ? "document" : "node";
  const steps: Step[] = [];
  let rest = source.slice(scopeMark.length);
  if (rest === "." || rest === "") return { scope, steps };
  for (let first = true; rest !== ""; first = false) {
    const filter = /^\[([^[\]]+)\]/.exec(rest);
    if (filter !== null) {
      const step = readFilter(filter[1] ?? "");
      if (typeof step === "string") return step;
      steps.push(step);
      rest = rest.slice(filter[0].length);
      continue;
    }
    const named = /^(\.)?(?:"([^"]+)"|([^.[\]"]+))/.exec(rest);
    const needsDot = !first || scope !== "node";
    if (named === null || (named[1] === undefined) === needsDot) {
      return `cannot be read from "${rest.slice(0, 40)}" on; expected names with dots between them, and filters such as [kind=Service]`;
    }
    steps.push(stepOf(named[2], named[3]));
    rest = rest.slice(named[0].length);
  }
  return { scope, steps };
}

function stepOf(quoted: string | undefined, bare: string | undefined): Step {
  if (bare === "*") return { kind: "each" };
  if (bare === "**") return { kind: "all" };
  const name = quoted ?? bare ?? "";
  const star = name.indexOf("*");
  return star === -1
    ? { kind: "name", name }
    : { kind: "glob", before: name.slice(0, star), after: name.slice(star + 1).replaceAll("*", "") };
}

function readFilter(text: string): Step | string {
  const [, source = "", comparison, value = ""] = /^(.*?)(?:\s*(!?=)\s*(.*))?$/.exec(text.trim()) ?? [];
  const path = readPath(source);
  if (typeof path === "string") return path;
  if (comparison === undefined) return { kind: "filter", path, negated: false };
  return { kind: "filter", path, value: value.replace(/^(["'])(.*)\1$/, "$2"), negated: comparison === "!=" };
}

/** The nodes that a path leads to, in the order of the documents. */
export function follow(path: Path, from: Standpoint, deadline: Deadline): readonly YamlNode[] {
  const start = path.scope === "node" ? [from.node] : path.scope === "document" ? [from.document] : from.folder;
  return path.steps.reduce<readonly YamlNode[]>(
    (nodes, step) => nodes.flatMap((node) => [...taken(step, node, from, deadline)]),
    start,
  );
}

function* taken(step: Step, node: YamlNode, from: Standpoint, deadline: Deadline): Iterable<YamlNode> {
  deadline.ask();
  switch (step.kind) {
    case "name": {
      const entry = entriesOf(node).get(step.name);
      if (entry !== undefined) yield entry.value;
      break;
    }
    case "glob":
      for (const [name, { value }] of entriesOf(node)) {
        const fits = name.startsWith(step.before) && name.endsWith(step.after);
        if (fits && name.length >= step.before.length + step.after.length) yield value;
      }
      break;
    case "each":
      yield* childrenOf(node);
      break;
    case "all":
      yield node;
      for (const child of childrenOf(node)) yield* taken(step, child, from, deadline);
      break;
    case "filter":
      if (passes(step, node, from, deadline)) yield node;
  }
}

function childrenOf(node: YamlNode): readonly YamlNode[] {
  return node.kind === "map" ? [...entriesOf(node).values()].map(({ value }) => value) : itemsOf(node);
}

function passes(
  { path, value, negated }: Extract<Step, { kind: "filter" }>,
  node: YamlNode,
  from: Standpoint,
  deadline: Deadline,
): boolean {
  const found = follow(path, { ...from, node }, deadline);
  const fits = value === undefined ? found.length > 0 : found.some((each) => textOf(each) === value);
  return fits !== negated;
}
