import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { createProvider } from "../../src/providers/create-provider.ts";
import { defaultModels, knownModel, type Vendor } from "../../src/providers/models.ts";
import { costOf } from "../../src/providers/price.ts";
import { asking, replied } from "./vendors.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  [
    { provider: "anthropic", modle: "x" },
    /^the agent "claude" in mesh\.yml cannot be used: modle is not known; did you mean "model"\?$/,
  ],
  [{ provider: "anthropic", model: "" }, /model "" cannot be used; expected a text\./],
  [
    { provider: "anthropic", thinking: 100 },
    /thinking 100 cannot be used; expected a number of tokens of at least 1024, or adaptive\./,
  ],
  [
    { provider: "anthropic", thinking: 2048, temperature: 1 },
    /temperature 1 cannot be used; expected no temperature beside thinking\./,
  ],
  [{ provider: "anthropic", effort: "huge" }, /effort "huge" is not known; expected low, medium, high, xhigh or max\./],
  [
    { provider: "openai", baseUrl: "localhost:8000" },
    /baseUrl "localhost:8000" cannot be used; expected an address such as http/,
  ],
  [
    { provider: "openai", baseUrl: "localhost" },
    /baseUrl "localhost" cannot be used; expected an address such as http/,
  ],
  [{ provider: "openai", baseUrl: "https://api.deepseek.com" }, /keyEnv is missing; expected the variable that holds/],
  [{ provider: "anthropic", baseUrl: "https://api.anthropic.com.evil.org" }, /keyEnv is missing/],
  [{ provider: "gemini", baseUrl: "https://gateway.example.com" }, /keyEnv is missing/],
  [{ provider: "openai", colour: 1 }, /colour is not known; expected provider, tier, .* or maxTokensField\./],
  [{ provider: "openai", baseUrl: "https://me:secret@example.com/v1" }, /expected an address without a password/],
  [
    { provider: "openai", keyEnv: "AIzaSyExample" },
    /keyEnv cannot be used; expected a variable's name in capitals, such as ANTHROPIC_API_KEY\.$/,
  ],
  [{ provider: "openai", keyCommand: [] }, /keyCommand cannot be used; expected a command such as/],
  [
    { provider: "gemini", apiVersion: "../v1" },
    /apiVersion "\.\.\/v1" cannot be used; expected a version such as v1beta\./,
  ],
  [
    { provider: "gemini", prices: { input: 1 } },
    /prices\.output is missing; expected US dollars for a million tokens\./,
  ],
  [
    { provider: "gemini", prices: { input: 1, output: 2, ouput: 3 } },
    /prices\.ouput is not known; did you mean "output"\?/,
  ],
  [
    { provider: "gemini", thinking: 100, effort: "low" },
    /effort "low" cannot be used; expected either effort or thinking\./,
  ],
  [
    { provider: "openai", requestSeconds: 1e9 },
    /requestSeconds 1000000000 cannot be used; expected a number of seconds up to a day\./,
  ],
  [{ provider: "bedrock", keyEnv: "X" }, /keyEnv is not known/],
  [{ provider: "bedrock", contextTokens: 0 }, /contextTokens 0 cannot be used; expected a number of at least 1\./],
  [{ provider: "offline" }, /provider "offline" has no model behind it; expected anthropic, gemini, openai, bedrock\./],
])("refuses %j in words that help", async (config, words) => {
  await expect(createProvider("claude", config)).rejects.toMatchObject({
    code: "agent.config",
    exit: 2,
    message: expect.stringMatching(words),
  });
});

test.each(["key", "apiKey", "api_key", "token"])(
  "refuses a key that is written as %s, and does not repeat it",
  async (option) => {
    const error = await createProvider("claude", { provider: "anthropic", [option]: "sk-secret" }).catch(
      (error: Error) => error,
    );
    expect(error).toMatchObject({
      code: "agent.config",
      message: expect.stringContaining("git would keep it for ever"),
    });
    expect(String(error)).not.toContain("sk-secret");
  },
);

test("refuses a password in an address without repeating it", async () => {
  const error = await createProvider("m", { provider: "openai", baseUrl: "https://me:hunter2@example.com" }).catch(
    String,
  );
  expect(error).not.toContain("hunter2");
});

test.each(["anthropic", "gemini", "openai", "bedrock"] satisfies Vendor[])(
  "knows a model of %s, what it costs and how much it reads, without being told",
  async (vendor) => {
    const made = await createProvider("worker", { provider: vendor, tier: "standard", role: "careful" });
    expect(made.provider.model).toBe(defaultModels[vendor]);
    expect(made).toMatchObject({ maxOutputTokens: 32_000, local: false });
    expect(made.contextTokens).toBeGreaterThan(200_000);
    expect(made.price?.output).toBeGreaterThan(made.price?.input ?? Number.POSITIVE_INFINITY);
  },
);

test("works with a model that nobody has heard of", async () => {
  const made = await createProvider("worker", { provider: "anthropic", model: "claude-tomorrow-9" });
  expect(made).toMatchObject({ price: undefined, maxOutputTokens: 8_192, contextTokens: 128_000 });
});

test("believes the configuration more than what it knows", async () => {
  const told = { prices: { input: 1, output: 2 }, maxOutputTokens: 100, contextTokens: 1000, local: true };
  const made = await createProvider("worker", { provider: "gemini", ...told });
  expect(made).toMatchObject({ price: told.prices, maxOutputTokens: 100, contextTokens: 1000, local: true });
});

test.each([
  ["http://127.0.0.1:11434/v1", true],
  ["http://localhost:8000/v1", true],
  ["http://[::1]:8000/v1", true],
  ["http://127.0.0.1.example.com/v1", false],
  ["https://api.deepseek.com", false],
])("takes a server at %s as local: %s", async (baseUrl, local) => {
  const keyEnv = "R1_KEY";
  const made = await createProvider("r1", { provider: "openai", model: "deepseek-r1", baseUrl, keyEnv });
  expect(made.local).toBe(local);
  expect(made.price).toEqual(local ? { input: 0, output: 0 } : undefined);
  expect((await createProvider("r1", { provider: "openai", baseUrl, keyEnv, local: !local })).local).toBe(!local);
});

test.each([
  ["anthropic", "ANTHROPIC_API_KEY"],
  ["gemini", "GEMINI_API_KEY or GOOGLE_API_KEY"],
  ["openai", "OPENAI_API_KEY"],
])("says that %s has no key before anything goes over the network", async (provider, variable) => {
  for (const name of variable.split(" or ")) vi.stubEnv(name, undefined);
  const made = await createProvider("worker", { provider });
  await expect(replied(made, asking("x"))).rejects.toMatchObject({
    kind: "login",
    message: expect.stringContaining(`the variable ${variable} is not set`),
  });
});

test("loads no vendor's SDK but that of the agent", async () => {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    const sdk = /^(?:@anthropic-ai|@google|openai$|@aws-sdk\\/client)/;
    registerHooks({ resolve: (name, context, next) => (sdk.test(name) && loaded.push(name), next(name, context)) });
    const { createProvider } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/providers/create-provider.ts"))});
    const before = [...loaded];
    await createProvider("worker", { provider: "gemini" });
    console.log(JSON.stringify({ before, after: [...new Set(loaded)] }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(JSON.parse(stdout)).toEqual({ before: [], after: ["@google/genai"] });
});

test.each(["https://api.openai.com/v1", "https://eu.api.openai.com/v1"])(
  "asks %s with the vendor's key",
  async (baseUrl) => {
    const made = await createProvider("gpt", { provider: "openai", baseUrl });
    expect(made.key?.variables).toEqual(["OPENAI_API_KEY"]);
  },
);

test("splits a keyCommand at its spaces", async () => {
  const made = await createProvider("worker", {
    ...{ provider: "openai", baseUrl: "http://127.0.0.1:9/v1" },
    keyCommand: "/nowhere/pass show openai",
  });
  await expect(replied(made, asking("x"))).rejects.toThrow("its keyCommand /nowhere/pass was not found");
});

test("knows a model also by its dated name", () => {
  expect(knownModel("anthropic", "claude-haiku-4-5-20251001")).toBe(knownModel("anthropic", "claude-haiku-4-5"));
  expect(knownModel("openai", "gpt-6.1-terra-2026-10-26")).toBe(knownModel("openai", "gpt-6.1-terra"));
  expect(knownModel("openai", "constructor")).toBeUndefined();
});

test("adds up what a call has cost", () => {
  const usage = {
    inputTokens: 1_000_000,
    cacheReadTokens: 2_000_000,
    cacheWriteTokens: 500_000,
    outputTokens: 100_000,
  };
  expect(costOf(usage, { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 })).toBeCloseTo(2 + 0.2 + 1.25 + 1);
  expect(costOf(usage, { input: 2, output: 10 })).toBeCloseTo(7 + 1);
});

test("charges a long prompt what long prompts cost, caches included", () => {
  const price = { input: 1, output: 1, long: { above: 100, input: 10, output: 20 } };
  const usage = { inputTokens: 50, cacheReadTokens: 50, cacheWriteTokens: 0, outputTokens: 1 };
  expect(costOf(usage, price) * 1e6).toBeCloseTo(101);
  expect(costOf({ ...usage, cacheReadTokens: 51 }, price) * 1e6).toBeCloseTo(1030);
});
