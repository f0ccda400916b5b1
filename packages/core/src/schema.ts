import * as z from "zod/v4/core";
import { listed, nearest } from "./wording.ts";

/** A sentence about one value that a schema refused, and the way to that value. */
export interface Refusal {
  readonly path: readonly PropertyKey[];
  readonly sentence: string;
}

type Hidden = (path: readonly PropertyKey[], found: unknown) => boolean;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Checks a value against a schema and says what is wrong in sentences:
 * `priority "asap" is not known; expected low, normal, high or urgent.`
 *
 * A message that stands in a schema completes the words "expected …", as in `z.string().regex(…, "a node's name")`.
 *
 * @param hidden which values a sentence must not repeat, because they may be secrets
 */
export function checkValue<T>(schema: z.$ZodType<T>, value: unknown, hidden: Hidden = () => false): Checked<T> {
  const result = z.safeParse(schema, value, { error: expected });
  if (result.success) return { ok: true, value: result.data };
  const refusals = result.error.issues.flatMap(unfold).flatMap((issue) => refuse(issue, value, hidden));
  return { ok: false, refusals };
}

type Issue = z.$ZodIssue;

/** A refused union says little; the alternative that came furthest says what is wrong. */
function unfold(issue: Issue): readonly Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const deep = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0));
  return deep === undefined
    ? [issue]
    : deep.flatMap((inner) => unfold({ ...inner, path: [...issue.path, ...inner.path] }));
}

function refuse(issue: Issue, value: unknown, hidden: Hidden): Refusal[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const known = issue.message.split(", ");
      const near = nearest(key, known);
      const hint = near === undefined ? `expected ${listed(known)}` : `did you mean "${near}"?`;
      return { path: [...path, key], sentence: `${nameOf([...path, key])} is not known; ${closed(hint)}` };
    });
  }
  if (issue.code === "invalid_key") {
    const wanted = issue.issues[0]?.message ?? "another name";
    return [{ path, sentence: `the name ${nameOf(path)} cannot be used; expected ${wanted}.` }];
  }
  const found = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  if (path.length === 0) return [{ path, sentence: `found ${described(found)}; expected ${issue.message}.` }];
  if (found === undefined || found === null) {
    return [{ path, sentence: `${nameOf(path)} is missing; expected ${issue.message}.` }];
  }
  const verdict = issue.code === "invalid_value" ? "is not known" : "cannot be used";
  const shown = hidden(path, found) ? "" : ` ${described(found)}`;
  return [{ path, sentence: `${nameOf(path)}${shown} ${verdict}; expected ${issue.message}.` }];
}

function closed(hint: string): string {
  return hint.endsWith("?") ? hint : `${hint}.`;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === "number") return `${name}[${key}]`;
    return name === "" ? String(key) : `${name}.${String(key)}`;
  }, "");
}

function described(found: unknown): string {
  if (typeof found === "string") return JSON.stringify(found.length > 60 ? `${found.slice(0, 60)}…` : found);
  if (Array.isArray(found)) return "(a list)";
  if (found === null || found === undefined) return "nothing";
  return typeof found === "object" ? "(names with values)" : String(found);
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "names with values",
  record: "names with values",
};

/** Completes "expected …" for every issue whose schema does not say it in its own words. */
function expected(issue: z.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected] ?? issue.expected;
    case "invalid_value":
      return listed(issue.values.map(String));
    case "invalid_union":
      return listed(issue.errors.flatMap(([first]) => first?.message ?? []));
    case "too_small":
      return bound(issue.origin, issue.minimum, "at least");
    case "too_big":
      return bound(issue.origin, issue.maximum, "at most");
    case "unrecognized_keys":
      return Object.keys((issue.inst as z.$ZodObject | undefined)?._zod.def.shape ?? {}).join(", ");
    default:
      return undefined;
  }
}

function bound(origin: string, limit: number | bigint, words: "at least" | "at most"): string {
  if (origin === "string") return limit === 1 ? "a text" : `${words} ${limit} characters`;
  return origin === "array" ? `${words} ${limit} of them` : `a number of ${words} ${limit}`;
}
