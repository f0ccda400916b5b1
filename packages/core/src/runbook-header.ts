import * as z from "zod";
import type { Frontmatter } from "./frontmatter.ts";
import { isId } from "./id.ts";
import { nameSchema } from "./name-schema.ts";
import { type Problem, problemsError } from "./problem.ts";
import type { Runbook } from "./runbook.ts";
import { checkValue } from "./schema.ts";

const headerSchema = z.object({
  id: z.string().refine((text) => text.startsWith("rb-") && isId(text.slice(3)), "rb- and a ULID"),
  memo: z.string().refine(isId, "a memo's id").optional(),
  node: nameSchema,
  target: nameSchema,
  created: z.string().regex(/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/, "a time such as 2026-11-21T10:14:09Z"),
  gate: z
    .string()
    .regex(/^(?:100|\d{1,2})$/, "a whole number from 0 to 100")
    .transform(Number)
    .optional(),
});

/** @throws MeshError `runbook.header.*` with file and line, naming all that is wrong */
export function readRunbookHeader(
  front: Frontmatter,
  file: string,
): Pick<Runbook, "id" | "memo" | "node" | "target" | "created" | "gate"> {
  const checked = checkValue(headerSchema, front.data);
  if (!checked.ok) {
    const problems = checked.refusals.map(({ path, sentence }): Problem => {
      const key = String(path[0]);
      return { code: `runbook.header.${key}`, line: front.lineOf(key), sentence };
    });
    throw problemsError(file, problems);
  }
  const { memo, gate, ...header } = checked.value;
  return { ...header, ...(memo === undefined ? {} : { memo }), ...(gate === undefined ? {} : { gate }) };
}
