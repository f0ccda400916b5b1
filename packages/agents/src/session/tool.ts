import { Exit, MeshError } from "@memomesh/core";
import * as z from "zod";
import type { ToolDefinition } from "../model.ts";
import type { Desk } from "./desk.ts";

/** One thing that a session can do. What it cannot do by a tool, it cannot do. */
export interface SessionTool extends ToolDefinition {
  /**
   * @returns what the model is told
   * @throws MeshError when the input is wrong or the session may not do this; nothing has changed then
   */
  run(desk: Desk, input: unknown): Promise<string>;
}

/** A tool whose input is checked before it runs. */
export function tool<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  /** Written for the model. */
  readonly description: string;
  readonly schema: Schema;
  run(desk: Desk, input: z.infer<Schema>): Promise<string> | string;
}): SessionTool {
  const { name, description, schema } = definition;
  return {
    name,
    description,
    input: jsonSchema(schema),
    run: async (desk, input) => definition.run(desk, checked(name, schema, input)),
  };
}

/** Tools as they are described to a model. */
export function definitionsOf(tools: readonly ToolDefinition[]): readonly ToolDefinition[] {
  return tools.map(({ name, description, input }) => ({ name, description, input }));
}

/** A refusal that the model is told as the tool's failed result. */
export function refusal(code: string, sentence: string): MeshError {
  return new MeshError(`session.${code}`, sentence, { exit: Exit.notPermitted });
}

/**
 * What a model has given a tool, when it fits.
 *
 * @throws MeshError `session.input` that tells the model what is wrong
 */
export function checked<Schema extends z.ZodObject>(name: string, schema: Schema, input: unknown): z.infer<Schema> {
  if (typeof input === "string") {
    throw refusal(
      "input",
      `The arguments of ${name} are no JSON object; they may have been cut off. Nothing was done.`,
    );
  }
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`,
  );
  throw refusal("input", `The arguments of ${name} cannot be used: ${problems.join("; ")}. Nothing was done.`);
}

/** The part of JSON Schema that every vendor reads: types, lists, enumerations and descriptions. */
export function jsonSchema(schema: z.ZodObject): Readonly<Record<string, unknown>> {
  const { $schema: _, ...found } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema: part }) => {
      if (part.type !== "integer") return;
      if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
      if (part.minimum === Number.MIN_SAFE_INTEGER) delete part.minimum;
    },
  });
  return found;
}
