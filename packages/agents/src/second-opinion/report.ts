import { type Opinion, type OpinionFinding, type Runbook, risks, severities } from "@memomesh/core";
import { redact } from "@memomesh/guard";
import * as z from "zod";
import type { ToolDefinition } from "../model.ts";
import { plain } from "../quote.ts";
import { checked, jsonSchema, refusal } from "../session/tool.ts";

const stepNumber = z.int().min(1);

const schema = z.strictObject({
  risks: z
    .array(z.strictObject({ step: stepNumber, risk: z.enum(risks) }))
    .min(1)
    .describe("Your own opinion of each step's risk, once for every step, whatever its author says."),
  findings: z
    .array(
      z.strictObject({
        step: stepNumber.optional().describe("Number of the step; left out when it is about the runbook as a whole."),
        severity: z
          .enum(severities)
          .describe("blocker: it must not run like this; concern: the person should weigh it; remark: good to know."),
        text: z.string().min(1).describe("What is wrong and what it leads to, in one or two sentences."),
        instead: z.string().min(1).optional().describe("What should be done instead."),
      }),
    )
    .describe("What you have found, the worst first; an empty list when there is nothing to say."),
  verdict: z.enum(["agree", "disagree"]).describe("disagree: you would not let it run as it is."),
  reasons: z.string().min(1).describe("What the verdict is based on, in two or three sentences."),
});

export const reportTool: ToolDefinition = {
  name: "report",
  description: "Hands in your opinion on the runbook, all of it at once. The review ends with it.",
  input: jsonSchema(schema),
};

/** What a model has reported, in texts of one line that are fit for a file and a screen. */
export type Report = Pick<Opinion, "verdict" | "reasons" | "risks" | "findings">;

/** In characters; a longer text is cut. */
const longest = { reasons: 1500, finding: 800 };
/** A person has to read them all. */
const mostFindings = 40;

/**
 * @throws MeshError `session.*` that tells the model what is wrong with its report
 */
export function readReport(input: unknown, { steps }: Pick<Runbook, "steps">): Report {
  const { verdict, reasons, risks: found, findings } = checked("report", schema, input);
  const numbers = [...found.map(({ step }) => step), ...findings.flatMap(({ step }) => step ?? [])];
  const unknown = numbers.find((number) => number > steps.length);
  if (unknown !== undefined) {
    throw refusal("report", `There is no step ${unknown}; the runbook has ${steps.length}. Report again.`);
  }
  const told = new Map(found.map(({ step, risk }) => [step, risk]));
  const missing = steps.filter(({ number }) => !told.has(number)).map(({ number }) => number);
  if (missing.length > 0)
    throw refusal("report", `risks lacks step ${missing.join(", ")}. Report again, with all steps.`);
  if (verdict === "agree" && findings.some(({ severity }) => severity === "blocker")) {
    throw refusal("report", "You found a blocker and agree with the runbook; one of the two is wrong. Report again.");
  }
  return {
    verdict,
    reasons: line(reasons, longest.reasons),
    risks: [...told].map(([step, risk]) => ({ step, risk })),
    findings: findings.slice(0, mostFindings).map(
      ({ step, severity, text, instead }): OpinionFinding => ({
        ...(step === undefined ? {} : { step }),
        severity,
        text: line(text, longest.finding),
        ...(instead === undefined ? {} : { instead: line(instead, longest.finding) }),
      }),
    ),
  };
}

/**
 * The report in the last words of an agent that has no tools: one JSON object, alone or in the only fence.
 *
 * @throws MeshError `session.*` that tells the agent what is wrong with it
 */
export function reportIn(answer: string, runbook: Pick<Runbook, "steps">): Report {
  const fences = [...answer.matchAll(/^[ \t]*```[^\n]*\n(.*?)^[ \t]*```[ \t]*$/gms)].map(([, text = ""]) => text);
  // With several, one of them may be quoted from what was reviewed.
  if (fences.length > 1)
    throw refusal("report", `There are ${fences.length} fences; answer with one JSON object alone.`);
  const text = fences[0] ?? answer;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw refusal(
      "report",
      "The answer is no JSON object; it may have been cut off. Answer with one JSON object alone.",
    );
  }
  return readReport(found, runbook);
}

/** What a model says may have been put into its mouth; it ends up in git and on a terminal. */
function line(text: string, most: number): string {
  return plain(redact(text), most) || "(nothing)";
}
