import * as z from "zod";
import { entriesOf, textOf, type YamlNode } from "../yaml/node.ts";
import type { Deadline } from "./deadline.ts";
import { follow, type Path, readPath, type Standpoint } from "./path.ts";
import { compilePattern, type Pattern } from "./pattern.ts";

/** A path as a detector's block writes it. */
export const pathSchema = z.string().transform((source, context): Path => {
  const path = readPath(source);
  if (typeof path !== "string") return path;
  context.addIssue({ code: "custom", message: `another path: this one ${path}` });
  return z.NEVER;
});

export const patternSchema = z.string().transform((source, context): Pattern => {
  const pattern = compilePattern(source);
  if (typeof pattern !== "string") return pattern;
  context.addIssue({ code: "custom", message: `another pattern: this one ${pattern}` });
  return z.NEVER;
});

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Something that is true of the values at a path. */
export const conditionSchema = z
  .strictObject({
    path: pathSchema.prefault("."),
    exists: z.literal(true, "true; `missing: true` is the opposite").optional(),
    missing: z.literal(true, "true; `exists: true` is the opposite").optional(),
    equals: scalar.optional(),
    in: z.array(scalar).min(1).optional(),
    matches: patternSchema.optional(),
    "not-matches": patternSchema.optional(),
    within: pathSchema.optional(),
    "more-than": z.int("a whole number").min(0).optional(),
    "mentioned-in": pathSchema.optional(),
  })
  .refine(
    (condition) => operators.filter((name) => condition[name] !== undefined).length === 1,
    `exactly one of exists, missing, equals, in, matches, not-matches, within or mentioned-in`,
  )
  .refine(
    (condition) => condition["more-than"] === undefined || condition.within !== undefined,
    "more-than only beside within",
  );

const operators = ["exists", "missing", "equals", "in", "matches", "not-matches", "within", "mentioned-in"] as const;

export type Condition = z.infer<typeof conditionSchema>;

/**
 * Whether a condition holds, and for which values.
 *
 * @returns the values for which it holds; [] for `missing` when nothing is there; undefined when it does not hold
 */
export function hold(condition: Condition, from: Standpoint, deadline: Deadline): readonly YamlNode[] | undefined {
  const nodes = follow(condition.path, from, deadline);
  if (condition.missing) return nodes.length === 0 ? [] : undefined;
  const matches = (pattern: Pattern) => (node: YamlNode) => {
    deadline.ask();
    return (textOf(node) ?? "").split("\n").some((line) => pattern.test(line));
  };
  const not = condition["not-matches"];
  if (not !== undefined) {
    const texts = nodes.filter((node) => textOf(node) !== undefined);
    return texts.length > 0 && !texts.some(matches(not)) ? texts : undefined;
  }
  const held = nodes.filter((node) => holdsFor(condition, node, from, deadline, matches));
  return held.length > 0 ? held : undefined;
}

function holdsFor(
  condition: Condition,
  node: YamlNode,
  from: Standpoint,
  deadline: Deadline,
  matches: (pattern: Pattern) => (node: YamlNode) => boolean,
): boolean {
  const text = textOf(node);
  if (condition.equals !== undefined) return text === condition.equals;
  if (condition.in !== undefined) return text !== undefined && condition.in.includes(text);
  if (condition.matches !== undefined) return matches(condition.matches)(node);
  if (condition.within !== undefined) {
    const holders = follow(condition.within, from, deadline).filter((other) => contains(other, node, deadline));
    return holders.length > (condition["more-than"] ?? 0);
  }
  const places = condition["mentioned-in"];
  if (places === undefined) return condition.exists === true;
  if (text === undefined || text.length < 2) return false;
  return follow(places, from, deadline).some((other) => {
    deadline.ask();
    return textOf(other)?.includes(text) ?? false;
  });
}

/** Whether all that a map says is said by another one too; for scalars, whether they are the same. */
function contains(whole: YamlNode, part: YamlNode, deadline: Deadline): boolean {
  deadline.ask();
  if (part.kind !== "map")
    return part.kind === "scalar" && textOf(whole) !== undefined && textOf(whole) === textOf(part);
  const names = [...part.entries];
  return (
    names.length > 0 &&
    names.every(([name, { value }]) => {
      const other = entriesOf(whole).get(name)?.value;
      return other !== undefined && contains(other, value, deadline);
    })
  );
}
