import { risks } from "@memomesh/core";
import * as z from "zod";
import { effects } from "./classification.ts";

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

/**
 * `guard` of `mesh.yml`: programs that the guard does not know, or not as well as the operator does.
 *
 * @see docs/security.md
 */
export const guardSchema = z
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
  })
  .prefault({});
