import { cost, type Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import { at, entriesOf, isSet, itemsOf, textOf, type YamlNode } from "../yaml/node.ts";
import { nearest } from "./wording.ts";

const groupKeys = new Set("name interval limit query_offset rules labels partial_response_strategy".split(" "));
const ruleKeys = new Set("record alert expr for keep_firing_for labels annotations".split(" "));

/** What Prometheus would refuse of a file of rules. */
export function prometheusFlaws({ path, documents }: ReadFile): Flaw[] {
  const groups = itemsOf(at(documents[0], "groups"));
  const seen = new Set<string>();
  return groups.flatMap((group) => {
    const name = textOf(at(group, "name"));
    const twice = name !== undefined && seen.has(name);
    seen.add(name ?? "");
    return [
      ...(name === undefined ? [refused(path, group.line, "this group of rules has no name")] : []),
      ...(twice ? [refused(path, group.line, `a second group has the name ${name}`)] : []),
      ...unknownKeys(path, group, groupKeys, "a group of rules"),
      ...itemsOf(at(group, "rules")).flatMap((rule) => ruleFlaws(path, rule)),
    ];
  });
}

function refused(file: string, line: number, text: string, fix?: string): Flaw {
  return { file, line, text, cost: cost.serious, blocks: true, ...(fix === undefined ? {} : { fix }) };
}

function unknownKeys(file: string, node: YamlNode, known: ReadonlySet<string>, where: string): Flaw[] {
  return [...entriesOf(node)].flatMap(([name, { line }]) => {
    if (known.has(name)) return [];
    const near = nearest(name, known);
    return [
      refused(file, line, `${where} has ${name}, which Prometheus does not know`, near && `did you mean ${near}?`),
    ];
  });
}

function ruleFlaws(file: string, rule: YamlNode): Flaw[] {
  const kinds = ["alert", "record"].filter((name) => isSet(at(rule, name)));
  const expression = at(rule, "expr");
  const duration = at(rule, "for");
  return [
    ...(kinds.length === 1 ? [] : [refused(file, rule.line, "a rule is either an alert or a record")]),
    ...unknownKeys(file, rule, ruleKeys, "a rule"),
    ...(isSet(expression)
      ? balanceFlaws(file, expression)
      : [refused(file, rule.line, `the rule ${textOf(at(rule, kinds[0] ?? "")) ?? ""} has no expr`)]),
    ...(duration === undefined || /^(?:\d+(?:ms|[smhdwy]))+$|^0$/.test(textOf(duration) ?? "")
      ? []
      : [refused(file, duration.line, `for is "${textOf(duration) ?? ""}"; expected a time such as 5m`)]),
  ];
}

const partners: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

function balanceFlaws(file: string, node: YamlNode): Flaw[] {
  const open: string[] = [];
  const plain = (textOf(node) ?? "").replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, "");
  for (const character of plain) {
    if ("([{".includes(character)) open.push(character);
    else if (")]}".includes(character) && open.pop() !== partners[character]) {
      return [refused(file, node.line, `the expression has a ${character} without its partner`)];
    }
  }
  const [left] = open;
  return left === undefined ? [] : [refused(file, node.line, `the expression has a ${left} without its partner`)];
}
