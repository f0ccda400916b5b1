import { describe, expect, test } from "vitest";
import { createAgent } from "../../src/index.ts";
import { refused } from "./stand-in.ts";

describe("the options of an agent that is a program", () => {
  test.each([
    [{ provider: "claude-code", modle: "opus" }, /"worker".*modle is not known; did you mean "model"/],
    [{ provider: "codex", program: "../codex" }, /program "\.\.\/codex" cannot be used; expected a name in PATH/],
    [{ provider: "codex", baseUrl: "ftp://x" }, /baseUrl "ftp:\/\/x" cannot be used/],
    [{ provider: "gemini-cli", key: "abc" }, /key does not belong into mesh.yml/],
    [{ provider: "command" }, /command is missing; expected a list/],
    [{ provider: "command", command: [] }, /command \(a list\) cannot be used; expected a list/],
    [{ provider: "command", command: ["x"], keyCommand: "pass x" }, /keyCommand needs keyEnv/],
  ])("refuses %o and names what is wrong", async (config, message) => {
    const error = await refused(createAgent("worker", config));
    expect(error.code).toBe("agent.config");
    expect(error.message).toMatch(message);
  });

  test("knows the model that it was given", async () => {
    expect((await createAgent("worker", { provider: "codex", model: "gpt-5.5", tier: "frontier" })).model).toBe(
      "gpt-5.5",
    );
  });
});
