import type { AgentConfig } from "@memomesh/core";
import { afterAll, afterEach, beforeEach, vi } from "vitest";
import type { ModelRequest, Reply } from "../../src/model.ts";
import { type CreatedProvider, createProvider } from "../../src/providers/create-provider.ts";
import { type RawServer, rawServer } from "./raw-server.ts";

/** The four providers, each as mesh.yml would point it at a server on this machine. */
export const vendors: Readonly<Record<string, (url: string) => AgentConfig>> = {
  anthropic: (url) => ({ provider: "anthropic", model: "claude-test", baseUrl: url, keyEnv: "MEMOMESH_TEST_KEY" }),
  gemini: (url) => ({
    ...{ provider: "gemini", model: "gemini-test", baseUrl: url, keyEnv: "MEMOMESH_TEST_KEY" },
    apiVersion: "v1beta",
  }),
  openai: (url) => ({ provider: "openai", model: "gpt-test", baseUrl: `${url}/v1`, keyEnv: "MEMOMESH_TEST_KEY" }),
  bedrock: (url) => ({
    ...{ provider: "bedrock", model: "anthropic.claude-test", baseUrl: url, region: "eu-central-1" },
  }),
};

/** Keys for all vendors, and none of the machine's own. */
export function testKeys(): void {
  vi.stubEnv("MEMOMESH_TEST_KEY", "test-key-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIATEST");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test-secret");
  vi.stubEnv("AWS_SESSION_TOKEN", undefined);
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_BEARER_TOKEN_BEDROCK", undefined);
}

export async function vendorAt(name: string, url: string, options: object = {}): Promise<CreatedProvider> {
  const config = vendors[name]?.(url);
  return createProvider("worker", { ...config, ...options } as AgentConfig);
}

/** A server for the tests of one file, which plays a vendor byte by byte, and that vendor's provider pointed at it. */
export async function rawVendor(
  name: string,
): Promise<{ readonly server: RawServer; readonly make: (options?: object) => Promise<CreatedProvider> }> {
  const server = await rawServer();
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(testKeys);
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  return { server, make: (options = {}) => vendorAt(name, server.url, options) };
}

export const addTool = {
  name: "add",
  description: "Adds two numbers.",
  input: {
    type: "object",
    properties: { a: { type: "number" }, b: { type: "number" } },
    required: ["a", "b"],
    additionalProperties: false,
  },
};

export function asking(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  return { system: "Be brief.", messages: [{ role: "user", text }], tools: [addTool], maxOutputTokens: 4096, ...more };
}

/** One reply, and the pieces in which its text came. */
export async function replied(
  { provider }: CreatedProvider,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Reply & { readonly pieces: readonly string[] }> {
  const pieces: string[] = [];
  const reply = await provider.reply(request, { signal, onText: (text) => pieces.push(text) });
  return { ...reply, pieces };
}
