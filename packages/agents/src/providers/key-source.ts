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

/** Where vendors answer themselves; Amazon's address follows from its region. */
const hosts: Readonly<Record<Vendor, string | undefined>> = {
  anthropic: "api.anthropic.com",
  gemini: "generativelanguage.googleapis.com",
  openai: "api.openai.com",
  bedrock: undefined,
};

/** Whether an address is the vendor's own, such as api.openai.com or eu.api.openai.com; undefined stands for it. */
export function isVendorItself(vendor: Vendor, baseUrl: string | undefined): boolean {
  const host = hosts[vendor];
  if (baseUrl === undefined || host === undefined) return baseUrl === undefined;
  const { hostname } = new URL(baseUrl);
  return hostname === host || hostname.endsWith(`.${host}`);
}

/** Whether the vendor's usual key may be used at an address: at the vendor's own, or on this machine. */
export function takesUsualKey(vendor: Vendor, baseUrl: string | undefined): boolean {
  return isVendorItself(vendor, baseUrl) || (baseUrl !== undefined && isLoopback(baseUrl));
}

/** What mesh.yml may say of a key and of who is to get it. */
export interface KeyTold {
  readonly keyEnv?: string | undefined;
  readonly keyCommand?: readonly string[] | undefined;
  readonly baseUrl?: string | undefined;
}

/** Where the key of an agent's model comes from; undefined: it is asked for none. */
export function keySource(
  agent: string,
  vendor: Vendor,
  { keyEnv, keyCommand, baseUrl }: KeyTold,
): KeySource | undefined {
  if (vendor === "bedrock") return undefined;
  // A server on this machine asks for no key, and it is not shown the one for OpenAI.
  const here = vendor === "openai" && baseUrl !== undefined && isLoopback(baseUrl);
  if (here && keyEnv === undefined && keyCommand === undefined) return undefined;
  return { agent, variables: keyEnv === undefined ? usual[vendor] : [keyEnv], command: keyCommand };
}
