import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Opinion, printOpinion, printRunbook, risks, severities, sha256 } from "../src/index.ts";
import { parseOpinion, parseRunbook } from "../src/markdown.ts";

const date = "2026-11-21T10:14:09.000Z";
const runbook = parseRunbook(
  printRunbook({
    ...{ id: "rb-01JD8R0000000000000000000A", node: "sysadmin", target: "production", created: date },
    ...{ title: "Deploy shop", what: "Deploys.", unknown: [], rollback: "Go back." },
    steps: [
      { title: "Look", risk: "low", prose: "Looks.", run: "df -Pk ." },
      { title: "Copy", risk: "low", prose: "Copies.", run: "cp -R a b" },
    ],
  }),
  "deploy.md",
);

const opinion: Opinion = {
  ...{ agent: "second", model: "gpt-test", verdict: "disagree", reasons: "The copy cannot be taken back." },
  risks: [
    { step: 1, risk: "low" },
    { step: 2, risk: "high" },
  ],
  findings: [
    { severity: "concern", text: "Nobody is told." },
    { step: 2, severity: "blocker", text: "There is no undo.", instead: "Remove b." },
  ],
  usage: { turns: 1, inputTokens: 4000, outputTokens: 300, cost: 0.05, seconds: 7 },
};

describe("a second opinion", () => {
  test("is a file that people can read", () => {
    expect(printOpinion(opinion, runbook, date)).toBe(`---
runbook: rb-01JD8R0000000000000000000A
digest: ${sha256(runbook.source)}
agent: second
model: gpt-test
date: ${date}
verdict: disagree
---
# Second opinion on "Deploy shop"

**Reasons:** The copy cannot be taken back.

**Used:** 1 turn, 4,000 tokens in, 300 out, $0.0500, 7 s

- **concern:** Nobody is told.

## Step 2: Copy

**Risk:** high; its author says low

- **blocker:** There is no undo.
  **Instead:** Remove b.
`);
  });

  test("is read back with what it is about, without the risks in which the two agree", () => {
    const { usage: _, ...kept } = opinion;
    expect(parseOpinion(printOpinion(opinion, runbook, date), "deploy.review.md")).toEqual({
      ...kept,
      ...{ runbook: runbook.id, digest: sha256(runbook.source), date },
      risks: [{ step: 2, risk: "high" }],
    });
  });

  test("is read back whatever its texts hold", () => {
    const texts = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.constantFrom(
        "## Step 2: x",
        "- **blocker:** y",
        "**Risk:** low",
        "---\nrunbook: x\n---",
        "a\r\n  **Instead:** b",
      ),
    );
    const line = texts.map((text) => `x ${text}`.replace(/\s+/g, " ").trim());
    const finding = fc.record(
      { step: fc.constantFrom(1, 2), severity: fc.constantFrom(...severities), text: line, instead: line },
      { requiredKeys: ["severity", "text"] },
    );
    const risk = fc.constantFrom(...risks.filter((each) => each !== "low")).map((each) => [{ step: 1, risk: each }]);
    fc.assert(
      fc.property(line, risk, fc.array(finding, { maxLength: 5 }), (reasons, told, found) => {
        // In the file the findings of a step stand together.
        const findings = found.toSorted((a, b) => (a.step ?? 0) - (b.step ?? 0));
        const source = printOpinion(
          { agent: "second", verdict: "agree", reasons, risks: told, findings },
          runbook,
          date,
        );
        expect(parseOpinion(source, "x.review.md")).toMatchObject({ reasons, risks: told, findings });
      }),
    );
  });

  test("may hold remarks of a person between its lines", () => {
    const source = printOpinion(opinion, runbook, date).replace(
      "- **blocker:**",
      "I do not think so. Ada\n\n- **blocker:**",
    );
    expect(parseOpinion(source, "x.review.md").findings).toHaveLength(2);
  });

  test.each([
    ["- **Blocker:** There is no undo.", "- **blocker:** There is no undo."],
    ["**Risk:** none", "**Risk:** high; its author says low"],
    ["**Risk:**", "**Risk:** high; its author says low"],
  ])("with the line %j is refused, not half understood", (bad, good) => {
    const source = printOpinion(opinion, runbook, date).replace(good, bad);
    expect(() => parseOpinion(source, "x.review.md")).toThrow(/x\.review\.md:\d+: this line cannot be read/);
  });

  test("says which line of its header is wrong", () => {
    const source = printOpinion(opinion, runbook, date).replace("verdict: disagree", "verdict: maybe");
    expect(() => parseOpinion(source, "x.review.md")).toThrow('x.review.md:7: verdict "maybe" is not known');
  });
});
