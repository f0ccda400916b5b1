import { appendFile, readFile } from "node:fs/promises";
import { parseMeshConfig, parseNodeConfig } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { allowance } from "../src/budget.ts";
import { costReport } from "../src/cost.ts";
import { readSpending, recordSpending, type SpendingEntry, spendingFile } from "../src/spending.ts";
import { temporaryFolder } from "./folder.ts";
import { plainNode } from "./plain-mesh.ts";

function spent(cost: number | null, more: Partial<SpendingEntry> = {}): SpendingEntry {
  const tokens = { inputTokens: 10, cacheReadTokens: 20, cacheWriteTokens: 30, outputTokens: 5 };
  const about = { at: "2026-11-10T00:00:00Z", node: "ops", agent: "claude", memo: "m", session: "s" };
  return { ...about, provider: "anthropic", model: "big", ...tokens, cost, ...more };
}

function node(budget: string) {
  const plain = plainNode("ops");
  return { ...plain, config: { ...plain.config, ...parseNodeConfig(`budget: ${budget}\n`, "node.yml") } };
}

const mesh = (budgets: string) => parseMeshConfig(`budgets: ${budgets}\n`, "mesh.yml");

describe("what a session may use", () => {
  test("is the session's own limit when there is no other", () => {
    expect(allowance(mesh("{ session: { turns: 7, cost: 2 } }"), node("{}"), [])).toEqual({
      limits: { turns: 7, tokens: 1_000_000, seconds: 900, cost: 2 },
    });
    expect(allowance(mesh("{}"), node("{}"), []).limits?.cost).toBeUndefined();
  });

  test("is what a node.yml says, where it says something", () => {
    const own = node("{ session: { turns: 3, cost: 0.5 }, month: 20 }");
    const allowed = allowance(mesh("{ session: { turns: 7, tokens: 50, cost: 2 }, node: 1 }"), own, [spent(2)]);
    expect(allowed.limits).toMatchObject({ turns: 3, tokens: 50, cost: 0.5 });
  });

  test("is at most what is left of the month, of the node and of all", () => {
    const month = [spent(3), spent(4, { node: "dev" })];
    expect(allowance(mesh("{ node: 5, month: 100 }"), node("{}"), month)).toMatchObject({ limits: { cost: 2 } });
    expect(allowance(mesh("{ node: 5, month: 8 }"), node("{}"), month)).toMatchObject({
      limits: { cost: 1 },
      month: "of the month's budget of the mesh (budgets.month of mesh.yml), $7.00 of $8.00 are spent",
    });
  });

  test("is nothing when a month's budget is spent, whichever it is", () => {
    const month = [spent(3), spent(4, { node: "dev" })];
    expect(allowance(mesh("{ month: 7 }"), node("{}"), month).spent).toMatch(/budgets\.month/);
    expect(allowance(mesh("{ node: 3 }"), node("{}"), month).spent).toMatch(/budgets\.node/);
    expect(allowance(mesh("{ node: 9 }"), node("{ month: 0 }"), month).spent).toMatch(/its node\.yml/);
  });

  test("does not count what has no known price", () => {
    expect(allowance(mesh("{ node: 1 }"), node("{}"), [spent(null)]).limits?.cost).toBe(1);
  });
});

describe("the account book", () => {
  test("has a file a month, and survives a line that was cut in two", async () => {
    const root = await temporaryFolder();
    await recordSpending(root, spent(1));
    await appendFile(spendingFile(root, "2026-11"), '{"at":"2026-11-1');
    await recordSpending(root, spent(2));
    await recordSpending(root, spent(4, { at: "2026-12-01T00:00:00Z" }));
    expect((await readSpending(root, "2026-11")).map(({ cost }) => cost)).toEqual([1, 2]);
    expect((await readSpending(root)).map(({ cost }) => cost)).toEqual([1, 2, 4]);
    expect(await readSpending(root, "2025-01")).toEqual([]);
    expect(await readFile(spendingFile(root, "2026-11"), "utf8")).toMatch(/\n$/);
  });
});

describe("the report of costs", () => {
  const nodes = new Map([["ops", node("{ month: 20 }")]]);
  const report = (entries: SpendingEntry[], now = "2026-11-16T00:00:00Z", month = "2026-11") =>
    costReport(entries, { nodes, config: mesh("{ node: 5, month: 50 }") }, month, new Date(now));

  test("sums by node, agent and month, the dearest first", () => {
    const { total, byNode, byAgent, byMonth, budget } = report([
      spent(1),
      spent(2, { node: "dev", model: "small", session: "t" }),
      spent(null),
      spent(8, { at: "2026-10-31T23:59:59Z" }),
    ]);
    expect(total).toEqual({ cost: 3, unpriced: 1, sessions: 2, inputTokens: 180, outputTokens: 15 });
    expect(byNode.map(({ node: id, cost, budget: limit }) => [id, cost, limit])).toEqual([
      ["dev", 2, 5],
      ["ops", 1, 20],
    ]);
    expect(byAgent.map(({ agent, model, cost }) => [agent, model, cost])).toEqual([
      ["claude", "small", 2],
      ["claude", "big", 1],
    ]);
    expect(byMonth.map(({ month, cost }) => [month, cost])).toEqual([
      ["2026-10", 8],
      ["2026-11", 3],
    ]);
    expect(budget).toBe(50);
  });

  test("looks ahead to the end of the month, but not on its first day and not when it is over", () => {
    expect(report([spent(3)]).forecast).toBeCloseTo(6, 9);
    expect(report([spent(3)], "2026-11-01T20:00:00Z").forecast).toBeUndefined();
    expect(report([spent(3)], "2026-12-01T00:00:00Z").forecast).toBeUndefined();
  });
});
