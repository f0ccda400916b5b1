import type { AgentConfig } from "@memomesh/core";
import { expect, test } from "vitest";
import { vendorOf } from "../src/index.ts";

test.each<[AgentConfig, string]>([
  [{ provider: "anthropic" }, "anthropic"],
  [{ provider: "claude-code" }, "anthropic"],
  [{ provider: "bedrock" }, "anthropic"],
  [{ provider: "bedrock", model: "eu.amazon.nova-pro-v1:0" }, "amazon"],
  [{ provider: "bedrock", model: "us.deepseek.r1-v1:0" }, "deepseek"],
  [{ provider: "gemini", model: "gemini-3.8-flash" }, "google"],
  [{ provider: "gemini-cli" }, "google"],
  [{ provider: "openai" }, "openai"],
  [{ provider: "codex", model: "gpt-6.1-sol" }, "openai"],
  [{ provider: "openai", baseUrl: "http://127.0.0.1:11434/v1", model: "deepseek-r1:14b" }, "deepseek"],
  [{ provider: "openai", baseUrl: "https://openrouter.ai/api/v1", model: "anthropic/claude-sonnet-5-5" }, "anthropic"],
  [
    { provider: "openai", baseUrl: "http://127.0.0.1:8000/v1", model: "house-7b" },
    "openai at http://127.0.0.1:8000/v1",
  ],
  [{ provider: "command", command: ["aider"] }, "command"],
])("an agent with %j thinks with a model of %s", (config, vendor) => {
  expect(vendorOf(config)).toBe(vendor);
});
