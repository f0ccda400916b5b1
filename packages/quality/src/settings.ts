import { checkValue, MeshError } from "@memomesh/core";
import * as z from "zod";
import { checks } from "./checks.ts";

/** The score that a changeset must reach before a person is asked to look at it. */
const defaultThreshold = 85;

const weight = z.union([z.number().min(0).max(100), z.literal("off")], "a weight from 0 to 100, or off");

/**
 * What mesh.yml may say under `gate:`. A check is given another weight, or switched off:
 * `gate: { threshold: 90, checks: { limits: 20, observable: off } }`
 */
const gateSchema = z
  .strictObject({
    threshold: z.int("a whole number").min(0).max(100).default(defaultThreshold),
    checks: z.strictObject(Object.fromEntries(checks.map(({ id }) => [id, weight.optional()]))).default({}),
    /** Whether programs of the machine look at files too. */
    tools: z.boolean().default(true),
    /** A folder of JSON schemas for kubeconform, which gets no network. */
    schemas: z.string().min(1).optional(),
  })
  .prefault({});

/** The gate's settings with everything said. */
export type GateSettings = z.infer<typeof gateSchema>;

export const defaultSettings: GateSettings = gateSchema.parse({});

const inMesh = z.object({ gate: gateSchema });

/**
 * The settings that mesh.yml has under `gate:`.
 *
 * @throws MeshError `mesh.config` naming the setting
 */
export function readSettings(gate: Readonly<Record<string, unknown>>): GateSettings {
  const checked = checkValue(inMesh, { gate });
  if (checked.ok) return checked.value.gate;
  const sentence = checked.refusals.map((refusal) => refusal.sentence).join(" ");
  throw new MeshError("mesh.config", sentence, { place: { file: "mesh.yml" } });
}

/** What a check weighs in these settings; 0: it is off. */
export function weightOf(id: string, { checks: told }: GateSettings): number {
  const said = told[id];
  if (said === "off") return 0;
  return said ?? checks.find((check) => check.id === id)?.weight ?? 0;
}
