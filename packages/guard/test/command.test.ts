import { type Risk, risks } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { classifyCommand } from "../src/index.ts";
import { changing } from "./changing-commands.ts";
import { evasions, unreadable } from "./evasions.ts";
import { harmless } from "./harmless-commands.ts";
import type { Expected, Labelled } from "./labelled.ts";

describe("a harmless command stays what it is", () => {
  test.each(rows(harmless))("%s", (_, labelled) => holds(labelled));
});

describe("a command that changes something has the risk that a reviewer expects", () => {
  test.each(rows(changing))("%s", (_, labelled) => holds(labelled));
});

describe("a disguised command is no less risky", () => {
  test.each(rows(evasions))("%s", (_, labelled) => holds(labelled));
});

describe("what cannot be read is critical", () => {
  test.each(unreadable.map((text) => [text.slice(0, 20), text]))("%j", (_, text) => {
    expect(classifyCommand(text)).toMatchObject({ readable: false, risk: "critical" });
  });
});

/** Numbered titles: a command may hold what vitest takes for a place holder. */
function rows(labelled: readonly Labelled[]): [title: string, labelled: Labelled][] {
  return labelled.map((each) => [`${JSON.stringify(each[0])} is ${each[1]}`, each]);
}

function holds([text, risk, because]: Labelled): void {
  const classification = classifyCommand(text);
  const { effects, reasons, readable } = classification;
  expect(readable, text).toBe(true);
  expect(classification.risk, JSON.stringify(reasons)).toSatisfy((found: Expected) => isAsExpected(found, risk));
  if (because instanceof RegExp) expect(reasons.map((reason) => reason.text).join("\n")).toMatch(because);
  else if (because !== undefined) expect(effects).toContain(because);
}

function isAsExpected(found: string, expected: Expected): boolean {
  const level = (risk: string) => risks.indexOf(risk as Risk);
  return expected.endsWith("+") ? level(found) >= level(expected.slice(0, -1)) : found === expected;
}

describe("a reason", () => {
  test("names the part of the text that caused it", () => {
    const text = "ls; rm -rf /etc";
    const [worst] = classifyCommand(text).reasons.filter(({ risk }) => risk === "critical");
    expect(text.slice(worst?.start, worst?.end)).toContain("/etc");
  });

  test("for an inner text names the argument that holds it", () => {
    const text = "echo x; sh -c 'rm -rf /'";
    const worst = classifyCommand(text).reasons.find(({ risk }) => risk === "critical");
    expect(text.slice(worst?.start, worst?.end)).toContain("rm -rf /");
  });

  test("lies within the text", () => {
    for (const [text] of [...changing, ...evasions]) {
      for (const { start, end } of classifyCommand(text).reasons) {
        expect(start, text).toBeGreaterThanOrEqual(0);
        expect(end, text).toBeGreaterThanOrEqual(start);
        expect(end, text).toBeLessThanOrEqual(text.length);
      }
    }
  });

  test("is given for every risk above low, and for none at low", () => {
    for (const [text] of [...harmless, ...changing, ...evasions]) {
      const { risk, reasons } = classifyCommand(text);
      expect(reasons.length > 0, text).toBe(risk !== "low");
      if (risk !== "low")
        expect(
          reasons.map((reason) => reason.risk),
          text,
        ).toContain(risk);
    }
  });
});
