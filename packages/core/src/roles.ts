import * as z from "zod";
import { agentName, type Tier, tiers } from "./agent-config.ts";

export const roleNames = ["architect", "engineer", "quality"] as const;
/** A part that an agent plays in infrastructure work. */
export type RoleName = (typeof roleNames)[number];

/** Who plays a part, and how. */
export interface RoleConfig {
  /** Name of an agent of mesh.yml; absent: chosen by the tier, else the node's own. */
  readonly agent?: string | undefined;
  readonly tier?: Tier | undefined;
  /** 0 to 2, for agents with a model that takes one; absent: as the agent has it. */
  readonly temperature?: number | undefined;
}

/** The parts that mesh.yml gives to somebody. */
export type Roles = { readonly [name in RoleName]?: RoleConfig | undefined };

const temperature = z.number("a number from 0 to 2").min(0, "a number from 0 to 2").max(2, "a number from 0 to 2");

const roleSchema = z.union(
  [
    agentName.transform((agent): RoleConfig => ({ agent })),
    z.strictObject({
      agent: agentName.optional(),
      tier: z.enum(tiers).optional(),
      temperature: temperature.optional(),
    }),
  ],
  { error: "an agent's name or { agent, tier, temperature }" },
);

/** `roles: { architect: opus, engineer: { tier: standard, temperature: 0.2 }, quality: gemini }` */
export const rolesSchema = z
  .strictObject({ architect: roleSchema.optional(), engineer: roleSchema.optional(), quality: roleSchema.optional() })
  .prefault({});
