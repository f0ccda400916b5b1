// What is wrong with agents is said when work begins, not when the first memo fails.
import { expect, test } from "vitest";
import { ofKind, Workspace } from "../mail/workspace.ts";

test("says once what is wrong with agents, whether a memo needs them or not, and looks for no key", async () => {
  const mesh = Workspace.open({
    nodes: { ops: { agent: "offline" } },
    git: true,
    more: [
      "agents:",
      "  claude: { provider: anthropic, modle: opus }",
      "  good: { provider: anthropic, keyCommand: [touch, ran] }",
      "  program: { provider: codex, arguments: [--fast] }",
      "  other: { provider: opnai }\n",
    ].join("\n"),
  });
  const warnings = ofKind(await mesh.run(), "warning");
  expect(warnings.map(({ code }) => code)).toEqual(["agent.config", "agent.config", "agent.provider.unknown"]);
  expect(warnings.map(({ text }) => /the agent "(\w+)"/.exec(text)?.[1])).toEqual(["claude", "program", "other"]);
  expect(warnings[0]?.text).toContain(
    'mesh.yml:7: the agent "claude" in mesh.yml cannot be used: modle is not known; did you mean "model"?',
  );
  expect(mesh.exists("ran")).toBe(false);
});
