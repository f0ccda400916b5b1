import { cost, type Flaw } from "../finding.ts";
import { entriesOf, textOf, type YamlNode } from "../yaml/node.ts";
import type { Form } from "./compose-keys.ts";
import { nearest } from "./wording.ts";

/** Something that Compose would refuse. */
export function refusal(file: string, line: number, text: string, fix?: string): Flaw {
  return { file, line, text, cost: cost.serious, blocks: true, ...(fix === undefined ? {} : { fix }) };
}

/** Names that are not known here, and values that have another form. What holds a variable may become anything. */
export function formFlaws(
  file: string,
  where: string,
  node: YamlNode | undefined,
  known: Readonly<Record<string, Form>>,
): Flaw[] {
  return [...entriesOf(node)].flatMap(([name, { line, value }]) => {
    if (name.startsWith("x-")) return [];
    const form = Object.hasOwn(known, name) ? known[name] : undefined;
    if (form === undefined) {
      const near = nearest(name, Object.keys(known));
      return [
        refusal(file, line, `${where} has ${name}, which Compose does not know`, near && `did you mean ${near}?`),
      ];
    }
    return hasForm(value, form)
      ? []
      : [refusal(file, line, `${name} of ${where} is ${article(value)}; expected ${wording[form]}`)];
  });
}

const wording: Readonly<Record<Form, string>> = {
  text: "a text",
  number: "a number or an amount",
  flag: "true or false",
  list: "a list",
  map: "names with values",
  "list or map": "a list, or names with values",
  "text or list": "a text or a list",
  "text or map": "a text, or names with values",
  any: "anything",
};

function article(node: YamlNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "names with values";
  return node.value === null ? "empty" : `"${node.text.slice(0, 40)}"`;
}

function hasForm(node: YamlNode, form: Form): boolean {
  if (form === "any") return true;
  if (node.kind === "list") return form.includes("list");
  if (node.kind === "map") return form.includes("map");
  // `volumes: { data: }` and an emptied override are both written as null.
  if (node.value === null) return form.includes("map") || form.includes("list");
  const text = textOf(node) ?? "";
  if (text.includes("$")) return true;
  if (form === "flag") return /^(?:true|false)$/i.test(text);
  if (form === "number") return isAmount(text);
  return form.startsWith("text") && typeof node.value !== "boolean";
}

/** A number, an amount of memory, or one of the words that mean "without limit". */
function isAmount(text: string): boolean {
  return /^-?\d+(?:\.\d+)?(?:e\d+)?\s*(?:[bkmgt]|[kmgt]i?b)?$/i.test(text) || /^\d+-\d+$/.test(text);
}
