// Opinions through the vendors' SDKs, against a mock that speaks for the vendors.
import { LLMock } from "@copilotkit/aimock";
import type { AgentConfig } from "@memomesh/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { opinionOn } from "../../src/index.ts";
import { testKeys, vendors } from "../providers/vendors.ts";
import { TestJournal } from "../session.ts";
import { question } from "./question.ts";

const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
beforeAll(() => mock.start());
afterAll(() => mock.stop());
beforeEach(testKeys);
afterEach(() => {
  vi.unstubAllEnvs();
  mock.reset();
});

const report = {
  risks: [
    { step: 1, risk: "low" },
    { step: 2, risk: "medium" },
  ],
  findings: [{ step: 2, severity: "concern", text: "It copies too much." }],
  ...{ verdict: "disagree", reasons: "The copy is too large." },
};

describe.each(["anthropic", "openai", "gemini", "bedrock"])("an opinion of %s", (vendor) => {
  const agent = (more: object = {}): AgentConfig => ({ provider: "", ...vendors[vendor]?.(mock.url), ...more });

  test("comes in one call, whose price is in the journal", async () => {
    mock.on({ predicate: () => true }, { toolCalls: [{ name: "report", arguments: JSON.stringify(report) }] });
    const journal = new TestJournal();
    const opinion = await opinionOn("second", agent({ prices: { input: 1, output: 10 } }), question({ journal }));
    expect(opinion).toMatchObject({ agent: "second", ...report });
    expect(opinion.model).toMatch(/test/);
    expect(journal.entries.flatMap((entry) => (entry.kind === "spent" ? [entry.spending.cost] : []))).toEqual([
      opinion.usage?.cost,
    ]);
    expect(mock.getRequests()).toHaveLength(1);
  });

  test("is asked for again when the report cannot be used", async () => {
    const bad = { ...report, risks: [{ step: 9, risk: "low" }] };
    mock.on({ predicate: () => true }, ({ messages }) => {
      const first = messages.every(({ role }) => role !== "assistant");
      return { toolCalls: [{ name: "report", arguments: JSON.stringify(first ? bad : report) }] };
    });
    expect(await opinionOn("second", agent(), question())).toMatchObject({ verdict: "disagree", usage: { turns: 2 } });
  });
});

test("an agent of a provider that nobody knows gives none, and the error says who does", async () => {
  await expect(opinionOn("x", { provider: "oracle" }, question())).rejects.toMatchObject({
    code: "agent.provider.unknown",
    message: expect.stringMatching(/"oracle".*expected offline, anthropic, .*command/),
  });
});
