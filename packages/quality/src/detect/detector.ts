import { type Lesson, MeshError, readYaml } from "@memomesh/core";
import * as z from "zod";
import { type Condition, conditionSchema, pathSchema, patternSchema } from "./condition.ts";
import { compileGlob } from "./glob.ts";
import type { Path } from "./path.ts";
import type { Pattern } from "./pattern.ts";

/** What a lesson lets a machine look for. */
export interface LessonDetector {
  readonly lesson: Lesson;
  readonly matchers: readonly Matcher[];
  /** Whether a hit keeps the gate shut. */
  readonly blocks: boolean;
  readonly bad: readonly string[];
  readonly good: readonly string[];
  /** Whether it looks at a file of this path. */
  fits(path: string): boolean;
}

/** A hit is a line that the pattern matches, a value on which all conditions hold, or a call of a program. */
export type Matcher =
  | { readonly kind: "text"; readonly regex: Pattern; readonly unless?: Pattern | undefined }
  | { readonly kind: "value"; readonly each: Path; readonly when: readonly Condition[] }
  | {
      readonly kind: "command";
      readonly programs: readonly string[];
      /** What the arguments of a call say, with one space between them; each of these fits. */
      readonly args: readonly Pattern[];
      /** A call with one of these is none that is meant. */
      readonly unless: readonly Pattern[];
    };

const textMatcher = z
  .strictObject({ regex: patternSchema, unless: patternSchema.optional() })
  .transform((matcher): Matcher => ({ kind: "text", ...matcher }));

const valueMatcher = z
  .strictObject({ each: pathSchema.prefault("."), when: z.array(conditionSchema).min(1).max(10) })
  .transform((matcher): Matcher => ({ kind: "value", ...matcher }));

const oneOrMore = <T>(part: z.ZodType<T>) => z.union([part.transform((one) => [one]), z.array(part).min(1).max(20)]);

const commandSchema = z
  .strictObject({
    program: oneOrMore(z.string().regex(/^[\w.+-]{1,100}$/, "the bare name of a program")),
    args: oneOrMore(patternSchema).default([]),
    unless: oneOrMore(patternSchema).default([]),
  })
  .transform(({ program, args, unless }): Matcher => ({ kind: "command", programs: program, args, unless }));

const commandMatcher = z.strictObject({ command: commandSchema }).transform(({ command }) => command);

const examples = z
  .union([z.string().transform((text) => [text]), z.array(z.string()).min(1).max(20)], "a text, or a list of texts")
  .refine(
    (texts) => texts.every((text) => text.trim() !== "" && text.length <= 20_000),
    "examples of 1 to 20,000 characters",
  );

const glob = z.string().refine((text) => typeof compileGlob(text) === "function", "a glob such as **/compose*.yaml");

const common = {
  files: z
    .union([glob.transform((one) => [one]), z.array(glob).min(1).max(30)], "a glob, or a list of them")
    .optional(),
  blocks: z.boolean().default(true),
  bad: examples,
  good: examples,
};

const blockSchema = z
  .strictObject({
    ...common,
    regex: patternSchema.optional(),
    unless: patternSchema.optional(),
    each: pathSchema.optional(),
    when: z.array(conditionSchema).min(1).max(10).optional(),
    command: commandSchema.optional(),
    any: z
      .array(z.union([textMatcher, valueMatcher, commandMatcher]))
      .min(1)
      .max(20)
      .optional(),
  })
  .refine(
    ({ regex, when, command, any }) => [regex, when, command, any].filter((part) => part !== undefined).length === 1,
    "exactly one of regex, when (with each), command or any",
  )
  .refine(({ unless, regex }) => unless === undefined || regex !== undefined, "unless only beside regex")
  .refine(({ each, when }) => each === undefined || when !== undefined, "each only beside when");

/** Larger blocks are no check of one mistake. */
const longestBlock = 64 * 1024;

/**
 * Reads the `yaml detect` block of a lesson.
 *
 * @returns undefined when the lesson has none
 * @throws MeshError `lesson.detect` with file and line
 * @see docs/gate.md, "Detectors"
 */
export function readDetector(lesson: Lesson): LessonDetector | undefined {
  const { detect, file, appliesTo } = lesson;
  if (detect === undefined) return undefined;
  const place = { file, line: detect.line };
  if (detect.text.length > longestBlock) {
    throw new MeshError("lesson.detect", `the block is larger than ${longestBlock / 1024} KB.`, { place });
  }
  const block = readYaml(detect.text, blockSchema, { ...place, code: "lesson.detect" });
  const tests = (block.files ?? appliesTo).map(compileGlob).filter((test) => typeof test === "function");
  if (tests.length === 0) {
    throw new MeshError("lesson.detect", "neither files: nor Applies to says which files are meant; expected a glob.", {
      place,
    });
  }
  return {
    lesson,
    matchers: matchersOf(block),
    blocks: block.blocks,
    bad: block.bad,
    good: block.good,
    fits: (path) => tests.some((test) => test(path)),
  };
}

function matchersOf({ regex, unless, each, when, command, any }: z.infer<typeof blockSchema>): readonly Matcher[] {
  if (any !== undefined) return any;
  if (command !== undefined) return [command];
  if (regex !== undefined) return [{ kind: "text", regex, unless }];
  return [{ kind: "value", each: each ?? { scope: "node", steps: [] }, when: when ?? [] }];
}
