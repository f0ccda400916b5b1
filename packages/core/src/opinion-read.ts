import * as z from "zod";
import { MeshError } from "./error.ts";
import { splitFrontmatter } from "./frontmatter.ts";
import { nameSchema } from "./name-schema.ts";
import { type KeptOpinion, type OpinionFinding, severities, verdicts } from "./opinion.ts";
import { type Problem, problemsError } from "./problem.ts";
import { type Risk, risks } from "./runbook.ts";
import { checkValue } from "./schema.ts";

const headerSchema = z.object({
  runbook: z.string().regex(/^rb-[0-9A-Z]{26}$/, "rb- and a ULID"),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits"),
  agent: nameSchema,
  model: z.string().optional(),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/, "a time such as 2026-11-21T10:14:09Z"),
  verdict: z.enum(verdicts),
});

const heading = /^#{1,2} (?:Step ([1-9]\d{0,3}):)?/;
const reasonsLine = /^\*\*Reasons:\*\* (\S.*)$/;
const riskLine = new RegExp(String.raw`^\*\*Risk:\*\* (${risks.join("|")})\b`);
const findingLine = new RegExp(String.raw`^- \*\*(${severities.join("|")}):\*\* (\S.*)$`);
const insteadLine = /^ {2}\*\*Instead:\*\* (\S.*)$/;
const lookalike = /^\s*(?:[-*+]\s+)?\*\*(?:reasons|risk|instead|blocker|concern|remark)\b/i;

/**
 * Reads an opinion from its file. What a person has added between its lines is passed over; a line that looks like one of
 * its own and cannot be read is an error.
 *
 * @param file the name that errors give
 * @throws MeshError `opinion.*` with file and line
 */
export function parseOpinion(source: string, file: string): KeptOpinion {
  const front = splitFrontmatter(source, file, "opinion.header");
  const checked = checkValue(headerSchema, front.data);
  if (!checked.ok) {
    const problems = checked.refusals.map(({ path, sentence }): Problem => {
      const key = String(path[0]);
      return { code: `opinion.header.${key}`, line: front.lineOf(key), sentence };
    });
    throw problemsError(file, problems);
  }
  const { model, ...header } = checked.value;
  const body = readLines(front.body, { file, line: front.bodyLine });
  return { ...header, ...(model === undefined ? {} : { model }), ...body };
}

type Body = Pick<KeptOpinion, "reasons" | "risks" | "findings">;

function readLines(body: string, start: { readonly file: string; readonly line: number }): Body {
  let reasons = "";
  let step: number | undefined;
  const found = new Map<number, Risk>();
  const findings: OpinionFinding[] = [];
  for (const [index, line] of body
    .split(/\r?\n/)
    .map((each) => each.trimEnd())
    .entries()) {
    const title = heading.exec(line);
    const told = reasonsLine.exec(line)?.[1];
    const risk = riskLine.exec(line)?.[1] as Risk | undefined;
    const [, severity, text] = findingLine.exec(line) ?? [];
    const instead = insteadLine.exec(line)?.[1];
    const last = findings.at(-1);
    if (title !== null) step = title[1] === undefined ? undefined : Number(title[1]);
    else if (told !== undefined) reasons = told;
    else if (risk !== undefined && step !== undefined) found.set(step, risk);
    else if (severity !== undefined && text !== undefined) {
      const about = step === undefined ? {} : { step };
      findings.push({ ...about, severity: severity as OpinionFinding["severity"], text });
    } else if (instead !== undefined && last !== undefined) findings.splice(-1, 1, { ...last, instead });
    else if (lookalike.test(line)) {
      const sentence = `this line cannot be read; expected one such as "- **concern:** …", "  **Instead:** …" or, below a step, "**Risk:** high".`;
      throw new MeshError("opinion.line", sentence, { place: { file: start.file, line: start.line + index } });
    }
  }
  return { reasons, risks: [...found].map(([number, risk]) => ({ step: number, risk })), findings };
}
