import { type AgentConfig, Exit, MeshError, tiers } from "@memomesh/core";
import * as z from "zod";

const count = z.int("a whole number").min(1, "a number of at least 1");
const dollars = z.number("US dollars for a million tokens").min(0, "US dollars for a million tokens");
const words = z.string("a text").min(1, "a text");

const address = z
  .url({ protocol: /^https?$/, error: "an address such as http://127.0.0.1:8000/v1" })
  .refine((text) => new URL(text).username === "" && new URL(text).password === "", "an address without a password");

const priceSchema = z.strictObject(
  {
    input: dollars,
    output: dollars,
    cacheRead: dollars.optional(),
    cacheWrite: dollars.optional(),
  },
  { error: unknownName },
);

/** What mesh.yml may say of every agent whose model is reached through a vendor's SDK. */
export const modelOptions = {
  provider: words,
  tier: z.enum(tiers, tiers.join(", ")).optional(),
  /** What it is told stays on machines of the operator. */
  local: z.boolean("true or false").optional(),
  /** What the agent is there for, in the operator's words. */
  role: words.optional(),
  model: words.optional(),
  baseUrl: address.optional(),
  /** The most that the model may answer, thoughts included. */
  maxOutputTokens: count.optional(),
  /** The longest conversation that the model can read. */
  contextTokens: count.optional(),
  temperature: z
    .number("a number from 0 to 2")
    .min(0, "a number from 0 to 2")
    .max(2, "a number from 0 to 2")
    .optional(),
  prices: priceSchema.optional(),
  /** How long a call may go on without a sign of life. */
  requestSeconds: z
    .number("a number of seconds up to a day")
    .positive("a number of seconds up to a day")
    .max(86_400, "a number of seconds up to a day")
    .default(300),
};

const variable = "a variable's name in capitals, such as ANTHROPIC_API_KEY";
const command = "a command such as [pass, show, anthropic]";

/** Where the key of an agent comes from. */
export const keyOptions = {
  /** A variable's name; in capitals only, so that few keys pass for one. */
  keyEnv: z
    .string(variable)
    .regex(/^[A-Z_][A-Z0-9_]*$/, variable)
    .optional(),
  /** A program and its arguments; a text is split at its spaces, no shell reads it. */
  keyCommand: z
    .union([words.transform((text) => text.trim().split(/\s+/)), z.array(words, command).min(1, command)], command)
    .optional(),
};

/** A schema that names what it knows when it meets an option that it does not know. */
export function optionsOf<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, { error: unknownName });
}

function unknownName(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys") return "names with values";
  return Object.keys((issue.inst as z.ZodObject | undefined)?._zod.def.shape ?? {})
    .filter((name) => name !== "provider")
    .join(", ");
}

const keyItself = /^(?:api)?[-_]?(?:key|token|secret|password)$/i;

/**
 * What mesh.yml says of an agent, checked.
 *
 * @param name of the agent
 * @throws MeshError `agent.config` that names the agent and every option that is wrong
 */
export function readOptions<T>(name: string, config: AgentConfig, schema: z.ZodType<T>): T {
  const secret = Object.keys(config).find((option) => keyItself.test(option));
  if (secret !== undefined) {
    throw configError(
      name,
      `${secret} does not belong into mesh.yml, because git would keep it for ever; expected keyEnv (the name of a variable) or keyCommand (a command that prints the key). A key that was committed has to be replaced.`,
    );
  }
  const result = schema.safeParse(config);
  if (result.success) return result.data;
  throw configError(name, result.error.issues.flatMap((issue) => refusals(issue, config)).join(" "));
}

export function configError(name: string, sentence: string): MeshError {
  return new MeshError("agent.config", `the agent "${name}" in mesh.yml cannot be used: ${sentence}`, {
    exit: Exit.usage,
  });
}

function refusals(issue: z.core.$ZodIssue, config: unknown): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${[...issue.path, key].join(".")} is not known; expected ${issue.message}.`);
  }
  const found = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    config,
  );
  const option = issue.path.join(".");
  if (found === undefined) return [`${option} is missing; expected ${issue.message}.`];
  // Who mistakes keyEnv for the key itself shall not find it in a log.
  const shown = option.startsWith("key") ? "" : ` ${JSON.stringify(found).replace(/\/\/[^/@]*@/, "//…@")}`;
  return [`${option}${shown} cannot be used; expected ${issue.message}.`];
}

/** Whether an address is on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}
