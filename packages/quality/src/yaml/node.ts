/** A part of a YAML or JSON document, with aliases and merged parts put in. Lines count from 1. */
export type YamlNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: "map";
  readonly line: number;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  /** Line of the name. */
  readonly line: number;
  readonly value: YamlNode;
}

export interface ListNode {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly YamlNode[];
}

export interface ScalarNode {
  readonly kind: "scalar";
  readonly line: number;
  readonly value: string | number | boolean | null;
  /** As it was written, without quotes. */
  readonly text: string;
}

/** What stands below these names; undefined when one of them is not there. */
export function at(node: YamlNode | undefined, ...names: readonly string[]): YamlNode | undefined {
  return names.reduce<YamlNode | undefined>((part, name) => entriesOf(part).get(name)?.value, node);
}

/** The text of a scalar that has a value. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === "scalar" && node.value !== null ? node.text : undefined;
}

export function entriesOf(node: YamlNode | undefined): ReadonlyMap<string, MapEntry> {
  return node?.kind === "map" ? node.entries : new Map();
}

export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** The texts of a list of scalars; a single scalar counts as a list of one. */
export function textsOf(node: YamlNode | undefined): readonly string[] {
  const parts = node?.kind === "list" ? node.items : node === undefined ? [] : [node];
  return parts.flatMap((part) => textOf(part) ?? []);
}

/** Whether there is a value: neither absent nor null nor empty. */
export function isSet(node: YamlNode | undefined): node is YamlNode {
  if (node === undefined) return false;
  if (node.kind === "scalar") return node.value !== null && node.text !== "";
  return node.kind === "list" ? node.items.length > 0 : node.entries.size > 0;
}

/** Name and value of what may be written as `NAME: value` or as a list of `NAME=value`. */
export function pairsOf(node: YamlNode | undefined): readonly { name: string; value: string; line: number }[] {
  if (node?.kind === "map") {
    return [...node.entries].map(([name, { line, value }]) => ({ name, value: textOf(value) ?? "", line }));
  }
  return itemsOf(node).flatMap((item) => {
    const [, name, value = ""] = /^([^=]+)(?:=([\s\S]*))?$/.exec(textOf(item) ?? "") ?? [];
    return name === undefined ? [] : [{ name, value, line: item.line }];
  });
}
