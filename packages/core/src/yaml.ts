import { LineCounter, type ParsedNode, parseDocument, Schema, visit } from "yaml";
import type * as z from "zod/v4/core";
import { MeshError } from "./error.ts";
import { lineAt } from "./line.ts";
import { type Problem, problemsError } from "./problem.ts";
import { checkValue } from "./schema.ts";

/** Where a piece of YAML stands: in which file, at which of its lines (default 1), and the code of its errors. */
export interface YamlPlace {
  readonly file: string;
  readonly line?: number;
  readonly code: string;
}

/** A YAML text as a value. */
export interface YamlValue {
  readonly value: unknown;
  /** The line of the file at which this part of the value stands; that of the nearest part around it when it is absent. */
  lineOf(path: readonly PropertyKey[]): number;
}

// "failsafe" leaves every scalar as the text that was written (`1.10` stays `1.10`), "core" is what YAML 1.2 recommends.
// Made once, and when first needed: most files are read without the parser.
const schemas = new Map<string, Schema>();

function schemaOf(scalars: "typed" | "text"): Schema {
  const known = schemas.get(scalars) ?? new Schema({ schema: scalars === "typed" ? "core" : "failsafe" });
  schemas.set(scalars, known);
  return known;
}

/**
 * Reads YAML as strictly as a file from a stranger deserves: names are unique and texts, aliases and tags are refused,
 * one document only.
 *
 * @param scalars "typed": numbers and booleans are told from texts; "text": every scalar is the text as written
 * @throws MeshError with the given code, and the file and line
 */
export function parseYaml(source: string, at: YamlPlace, scalars: "typed" | "text" = "typed"): YamlValue {
  const offset = (at.line ?? 1) - 1;
  const refuse = (line: number, reason: string, cause?: unknown) =>
    new MeshError(at.code, `this is no YAML that can be used: ${reason}.`, {
      place: { file: at.file, line: line + offset },
      cause,
    });
  try {
    const document = parseDocument(source, {
      schema: schemaOf(scalars),
      stringKeys: true,
      resolveKnownTags: false,
      prettyErrors: false,
      lineCounter: new LineCounter(),
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw refuse(lineAt(source, problem.pos[0]), plain(problem.message), problem);
    visit(document, {
      Alias(_, alias) {
        throw refuse(lineAt(source, alias.range?.[0] ?? 0), `aliases are not allowed, found *${alias.source}`);
      },
    });
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return { value, lineOf: (path) => lineAt(source, offsetOf(document.contents, path)) + offset };
  } catch (error) {
    if (error instanceof MeshError) throw error;
    // The parser recurses: a text that is nothing but openers ends here instead of ending the program.
    if (error instanceof RangeError) throw refuse(1, "it is nested too deeply", error);
    throw error;
  }
}

/**
 * Reads YAML into the shape of a schema. A name without a value (`targets:`) counts as absent.
 *
 * @throws MeshError with the given code; its sentence names all that is wrong, its place the first of it
 */
export function readYaml<T>(
  source: string,
  schema: z.$ZodType<T>,
  at: YamlPlace,
  scalars: "typed" | "text" = "typed",
): T {
  const parsed = parseYaml(source, at, scalars);
  const checked = checkValue(schema, withoutEmpty(parsed.value, scalars === "typed" ? null : ""));
  if (checked.ok) return checked.value;
  const problems = checked.refusals.map(
    ({ path, sentence }): Problem => ({ code: at.code, line: parsed.lineOf(path), sentence }),
  );
  throw problemsError(at.file, problems);
}

/** Mappings without the names whose value is empty, at every depth. */
function withoutEmpty(value: unknown, empty: null | ""): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutEmpty(each, empty));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== empty);
  return Object.fromEntries(entries.map(([name, each]) => [name, withoutEmpty(each, empty)]));
}

function plain(message: string): string {
  return message.replace(/\s+/g, " ").replace(/\.$/, "");
}

/** The offset of the last part of `path` that exists, of its name where it has one. */
function offsetOf(root: ParsedNode | null, path: readonly PropertyKey[]): number {
  let offset = root?.range?.[0] ?? 0;
  let node: ParsedNode | null | undefined = root;
  for (const key of path) {
    if (node == null || !("items" in node)) break;
    const item: (typeof node.items)[number] | undefined =
      typeof key === "number" ? node.items[key] : node.items.find((each) => "key" in each && String(each.key) === key);
    if (item === undefined) break;
    offset = ("key" in item ? item.key : item).range?.[0] ?? offset;
    node = "key" in item ? item.value : item;
  }
  return offset;
}
