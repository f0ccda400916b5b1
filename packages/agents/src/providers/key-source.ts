import { isLoopback } from "./config.ts";
import type { KeySource } from "./key.ts";
import type { Vendor } from "./models.ts";

/** The variables in which people have the keys of vendors. Amazon's SDK finds its credentials by itself. */
const usual: Readonly<Record<Vendor, readonly string[]>> = {
  anthropic: ["ANTHROPIC_API_KEY"],
  gemini: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  openai: ["OPENAI_API_KEY"],
  bedrock: [],
};

interface Told {
  readonly keyEnv?: string | undefined;
  readonly keyCommand?: readonly string[] | undefined;
  readonly baseUrl?: string | undefined;
}

/** Where the key of an agent's model comes from; undefined: it is asked for none. */
export function keySource(agent: string, vendor: Vendor, { keyEnv, keyCommand, baseUrl }: Told): KeySource | undefined {
  if (vendor === "bedrock") return undefined;
  // A server on this machine asks for no key, and it is not shown the one for OpenAI.
  const here = vendor === "openai" && baseUrl !== undefined && isLoopback(baseUrl);
  if (here && keyEnv === undefined && keyCommand === undefined) return undefined;
  return { agent, variables: keyEnv === undefined ? usual[vendor] : [keyEnv], command: keyCommand };
}
