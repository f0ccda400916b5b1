import { type AgentConfig, checkValue, Exit, MeshError, tiers } from "@memomesh/core";
import * as z from "zod";

const count = z.int().min(1);
const dollars = z.number("US dollars for a million tokens").min(0, "US dollars for a million tokens");
const words = z.string().min(1);

const address = z
  .url({ protocol: /^https?$/, error: "an address such as http://127.0.0.1:8000/v1", abort: true })
  .refine((text) => !hasPassword(text), "an address without a password");

const priceSchema = z.strictObject({
  input: dollars,
  output: dollars,
  cacheRead: dollars.optional(),
  cacheWrite: dollars.optional(),
});

const temperature = "a number from 0 to 2";
const patience = "a number of seconds up to a day";

/** What mesh.yml may say of every agent whose model is reached through a vendor's SDK. */
export const modelOptions = {
  provider: words,
  tier: z.enum(tiers).optional(),
  /** What it is told stays on machines of the operator. */
  local: z.boolean().optional(),
  /** What the agent is there for, in the operator's words. */
  role: words.optional(),
  model: words.optional(),
  baseUrl: address.optional(),
  /** The most that the model may answer, thoughts included. */
  maxOutputTokens: count.optional(),
  /** The longest conversation that the model can read. */
  contextTokens: count.optional(),
  temperature: z.number(temperature).min(0, temperature).max(2, temperature).optional(),
  prices: priceSchema.optional(),
  /** How long a call may go on without a sign of life. */
  requestSeconds: z.number(patience).positive(patience).max(86_400, patience).default(300),
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
  const result = checkValue(schema, config, mayBeSecret);
  if (result.ok) return result.value;
  throw configError(name, result.refusals.map(({ sentence }) => sentence).join(" "));
}

export function configError(name: string, sentence: string): MeshError {
  return new MeshError("agent.config", `the agent "${name}" in mesh.yml cannot be used: ${sentence}`, {
    exit: Exit.usage,
  });
}

/** Who mistakes keyEnv for the key itself, or writes a password into an address, shall not find it in a log. */
function mayBeSecret([option]: readonly PropertyKey[], found: unknown): boolean {
  return String(option).startsWith("key") || (option === "baseUrl" && String(found).includes("@"));
}

function hasPassword(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}

/** Whether an address is on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}
