import * as z from "zod";
import { memoTypes, priorities } from "./memo-header.ts";
import { nameSchema } from "./name-schema.ts";
import { risks } from "./runbook.ts";

export const tiers = ["small", "standard", "frontier"] as const;
/** How much model a task deserves. */
export type Tier = (typeof tiers)[number];

/** An agent of mesh.yml. What its provider wants to know beside this, the provider checks. */
export interface AgentConfig {
  readonly provider: string;
  /** For nodes whose agent is "auto". */
  readonly tier?: Tier | undefined;
  /**
   * What it is told stays on machines of the operator. Only of the offline agent that is taken for granted: a server on this
   * machine may pass everything on.
   */
  readonly local?: boolean | undefined;
  readonly [option: string]: unknown;
}

/** Words of node.yml that are not names of agents. */
const chosen = ["auto", "none"];

export const agentName = nameSchema.refine(
  (name) => !chosen.includes(name),
  "another name: auto and none are reserved",
);

export const agentSchema = z
  .looseObject({
    provider: z.string().min(1),
    tier: z.enum(tiers).optional(),
    local: z.boolean().optional(),
  })
  .transform((agent): AgentConfig => ({ ...agent, local: agent.local ?? agent.provider === "offline" }));

const oneOrMore = <T extends string>(values: readonly [T, ...T[]]) =>
  z.union([z.enum(values).transform((value) => [value]), z.array(z.enum(values))], {
    error: `one or a list of ${values.join(", ")}`,
  });

const ruleSchema = z.strictObject({
  type: oneOrMore(memoTypes).optional(),
  priority: oneOrMore(priorities).optional(),
  risk: oneOrMore(risks).optional(),
  tier: z.enum(tiers),
});

/** Which tier a memo gets: the first rule of which all conditions hold decides. */
export type TierRules = readonly z.infer<typeof ruleSchema>[];

/** What is easy needs little, and what could hurt deserves the best, unless mesh.yml has rules of its own. */
const usualRules: z.input<typeof ruleSchema>[] = [
  { risk: ["high", "critical"], tier: "frontier" },
  { priority: "urgent", tier: "frontier" },
  { type: ["question", "answer", "notice"], tier: "small" },
];

export const tiersSchema = z
  .array(ruleSchema, "a list of rules such as { type: alert, tier: frontier }")
  .prefault(usualRules);

/** Which runbooks a second agent reads before a person sees them. */
export interface SecondOpinion {
  /** From this risk on; "never" switches it off. */
  readonly from: (typeof risks)[number] | "never";
  /** Name of an agent of mesh.yml; absent: one of another vendor than the author's. */
  readonly agent?: string | undefined;
}

export const secondOpinionSchema = z
  .strictObject({ from: z.enum([...risks, "never"]).default("high"), agent: agentName.optional() })
  .prefault({});
