// What any program says about a runbook, and what it cannot do for that.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AgentConfig } from "@memomesh/core";
import { expect, test } from "vitest";
import { opinionOn } from "../../packages/agents/src/index.ts";
import { question } from "../../packages/agents/test/second-opinion/question.ts";
import { TestJournal } from "../../packages/agents/test/session.ts";
import { VendorMesh } from "./vendor-mesh.ts";

/** What a test needs of a program and its vendor. */
interface Played {
  config(): AgentConfig;
  /** The model has the program run a command, and says these words when it has heard what came of it. */
  triesAndSays(command: string, words: string): void;
  /** What the model was told last, as JSON. */
  told(): string;
}

const report = {
  risks: [
    { step: 1, risk: "low" },
    { step: 2, risk: "high" },
  ],
  findings: [{ step: 2, severity: "concern", text: "It copies too much." }],
  ...{ verdict: "disagree", reasons: "The copy is too large." },
};

export function testOpinion({ config, triesAndSays, told }: Played): void {
  test("gives an opinion on a runbook, and can use no tool for it", async () => {
    const mesh = new VendorMesh();
    const folder = join(mesh.workshop, "session");
    const traces = ["home", "temporary", "reading"].map((place) => join(folder, "answer-1", place, "ran"));
    triesAndSays(`touch ${traces.join(" ")}; echo 4711 | tr 1-7 a-g`, JSON.stringify(report));
    const journal = new TestJournal();
    const workshop = { folder: async () => folder, sandbox: { rule: "required", hidden: [mesh.root] } } as const;
    const agent = { keyCommand: ["printf", "dummy-key-4711"], ...config() };
    const opinion = await opinionOn("second", agent, question({ journal, workshop }));
    expect(opinion).toMatchObject({ agent: "second", ...report });
    expect(opinion.usage?.inputTokens).toBeGreaterThan(0);
    expect(journal.entries.filter(({ kind }) => kind === "spent")).toHaveLength(1);
    expect(traces.filter((trace) => existsSync(trace))).toEqual([]);
    expect(told()).not.toContain("dgaa");
    expect(mesh.running()).toEqual([]);
  });
}
