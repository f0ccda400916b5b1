import type { Memo, MemoBody } from "@memomesh/core";
import { parseDocument } from "yaml";

/** What a question wants to know. */
export interface AskedFields {
  readonly fields: readonly string[];
  /** The app that it is about. */
  readonly app?: string;
}

const fieldName = /^[a-z][a-z0-9_-]{0,39}$/i;

/** What the `yaml question` block of a memo asks for; undefined when there is none that can be read. */
export function readAskedFields(body: MemoBody): AskedFields | undefined {
  const block = readBlock(body, "question");
  const { fields, app } = block ?? {};
  const names = (Array.isArray(fields) ? fields : [fields]).filter(
    (each): each is string => typeof each === "string" && fieldName.test(each),
  );
  if (names.length === 0) return undefined;
  return { fields: [...new Set(names)].slice(0, 30), ...(typeof app === "string" ? { app } : {}) };
}

/** What an answer says about the wanted fields: in a `yaml answer` block, as list items, or as its only words. */
export function readAnswered(memo: Memo, body: MemoBody, wanted: readonly string[]): Readonly<Record<string, unknown>> {
  const block = readBlock(body, "answer") ?? readBlock(body, "deploy") ?? {};
  const answered: Record<string, unknown> = {};
  for (const field of wanted) {
    const value = Object.hasOwn(block, field) ? block[field] : itemValue(memo.body, field);
    if (value !== undefined && value !== "") answered[field] = value;
  }
  const only = memo.body.replace(/^#.*$/gm, "").trim();
  const [field] = wanted;
  if (Object.keys(answered).length === 0 && wanted.length === 1 && field !== undefined && /^\S{1,200}$/.test(only)) {
    answered[field] = only.replace(/^`(.*)`$/, "$1");
  }
  return answered;
}

/** A block as a value in which every scalar is text; undefined when there is none or it is no list of names and values. */
function readBlock({ fences }: MemoBody, kind: string): Record<string, unknown> | undefined {
  const fence = fences.find(
    ({ lang, meta }) => /^ya?ml$/i.test(lang) && meta.split(/\s/, 1)[0]?.toLowerCase() === kind,
  );
  if (fence === undefined) return undefined;
  const document = parseDocument(fence.text, { schema: "failsafe" });
  if (document.errors.length > 0) return undefined;
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The value behind `- name: value`. */
function itemValue(text: string, field: string): string | undefined {
  const lines = text.split(/\r?\n/).map((line) => /^\s*(?:[-*+]\s+)?\**([\w-]+)\**\s*:\**\s+(.+?)\s*$/.exec(line));
  const found = lines.find((line) => line?.[1]?.toLowerCase() === field.toLowerCase());
  return found?.[2]?.replace(/^`([^`]*)`$/, "$1");
}
