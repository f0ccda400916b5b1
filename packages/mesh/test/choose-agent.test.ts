import { parseMeshConfig, type Risk } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { chooseAgent, type Task } from "../src/choose-agent.ts";
import { plainNode } from "./plain-mesh.ts";

const config = parseMeshConfig(
  `agents:
  haiku: { provider: anthropic, tier: small }
  sonnet: { provider: anthropic, tier: standard }
  opus: { provider: anthropic, tier: frontier }
  home: { provider: openai, tier: standard, local: true }
`,
  "mesh.yml",
);

function node(agent: string, sensitive = false) {
  const plain = plainNode("ops");
  return { ...plain, config: { ...plain.config, agent, sensitive } };
}

function task(header: Partial<Task["header"]> = {}, risk: Risk = "low", refused = 0): Task {
  return { header: { priority: "normal", ...header }, risk, refused };
}

describe("the choice of an agent", () => {
  test.each([
    [task(), "sonnet"],
    [task({ type: "question" }), "haiku"],
    [task({ priority: "urgent" }), "opus"],
    [task({ type: "deployment" }, "high"), "opus"],
    [task({ type: "question" }, "high"), "opus"],
  ])("follows the usual rules: %j", (wanted, agent) => {
    expect(chooseAgent(config, node("auto"), wanted)).toBe(agent);
  });

  test("gives every two refused changesets a better model, and stays with the best", () => {
    const chosen = [0, 1, 2, 3, 4, 9].map((refused) =>
      chooseAgent(config, node("auto"), task({ type: "question" }, "low", refused)),
    );
    expect(chosen).toEqual(["haiku", "haiku", "sonnet", "sonnet", "opus", "opus"]);
  });

  test("obeys the rules of mesh.yml instead, the first that fits", () => {
    const own = parseMeshConfig(
      "agents: { a: { provider: x, tier: small }, b: { provider: x, tier: frontier } }\ntiers:\n  - { type: [alert, ask], priority: urgent, tier: frontier }\n  - { tier: small }\n",
      "mesh.yml",
    );
    expect(chooseAgent(own, node("auto"), task({ type: "ask", priority: "urgent" }))).toBe("b");
    expect(chooseAgent(own, node("auto"), task({ type: "ask" }, "critical"))).toBe("a");
  });

  test("takes the next higher tier when one has no agent, else the next lower, at last the offline agent", () => {
    const few = (tier: string) => parseMeshConfig(`agents: { a: { provider: x, tier: ${tier} } }\n`, "mesh.yml");
    expect(chooseAgent(few("frontier"), node("auto"), task())).toBe("a");
    expect(chooseAgent(few("small"), node("auto"), task())).toBe("a");
    expect(chooseAgent(parseMeshConfig("name: x\n", "mesh.yml"), node("auto"), task())).toBe("offline");
  });

  test("keeps what is sensitive on local agents, and refuses one that is not", () => {
    expect(chooseAgent(config, node("auto", true), task({}, "high"))).toBe("home");
    expect(chooseAgent(config, node("auto"), task({ sensitive: true }))).toBe("home");
    expect(chooseAgent(config, node("offline", true), task())).toBe("offline");
    expect(() => chooseAgent(config, node("opus", true), task())).toThrow(
      /"opus" of node ops is not marked `local: true`.*one of offline, home/,
    );
  });

  test("names the agents that there are when a node wants another", () => {
    expect(() => chooseAgent(config, node("gpt"), task())).toThrow(/wants the agent "gpt".*haiku, sonnet, opus, home/);
  });
});
