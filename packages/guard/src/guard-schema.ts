import { checkValue, problemsError, risks } from "@memomesh/core";
import * as z from "zod";
import { effects } from "./classification.ts";
import type { GuardRules } from "./guard-rules.ts";

const ruleShape = {
  risk: z.enum(risks),
  effects: z.array(z.enum(effects)).default([]),
  does: z.string().min(1).max(200).optional(),
  mayAgentRun: z.boolean().optional(),
  lower: z.strictObject({ reason: z.string().min(1, "a reason").max(500) }).optional(),
};
const needsReason = "lower: { reason } beside it: what agents may run by themselves has to be allowed in so many words";
const mayRun = (rule: { mayAgentRun?: boolean | undefined; lower?: object | undefined }) =>
  rule.mayAgentRun !== true || rule.lower !== undefined;
const name = z.string().regex(/^[\w.+:@-]+$/, "a program's or subcommand's name, without folders or blanks");

const fingerprint = z
  .string()
  .regex(/^sha256:[0-9a-f]{32}$/, "a fingerprint as `memomesh guard secrets` prints it: sha256: and 32 digits");

const guardSchema = z
  .strictObject({
    programs: z
      .record(
        name,
        z
          .strictObject({
            ...ruleShape,
            commands: z.record(name, z.strictObject(ruleShape).refine(mayRun, needsReason)).optional(),
          })
          .refine(mayRun, needsReason),
      )
      .default({}),
    allowedSecrets: z.array(fingerprint).default([]),
  })
  .prefault({});

const inMesh = z.object({ guard: guardSchema });

/**
 * The rules that mesh.yml has under `guard:`.
 *
 * @param guard as it is written there
 * @param lineOf the line of mesh.yml at which a setting stands; asked only when one is wrong
 * @throws MeshError `mesh.config` with the line of the first wrong setting and a sentence for each
 * @see docs/formats.md
 */
export function readGuardRules(guard: unknown, lineOf: (path: readonly PropertyKey[]) => number): GuardRules {
  const checked = checkValue(inMesh, { guard });
  if (checked.ok) return checked.value.guard;
  const problems = checked.refusals.map(({ path, sentence }) => ({
    code: "mesh.config",
    line: lineOf(path),
    sentence,
  }));
  throw problemsError("mesh.yml", problems);
}
