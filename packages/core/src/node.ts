import * as z from "zod";
import { type NodeBudget, nodeBudgetSchema } from "./budget.ts";
import { nameSchema } from "./name-schema.ts";
import { readYaml } from "./yaml.ts";

/** What `node.yml` says. */
export interface NodeConfig {
  /** What the node is for: the offline agent knows `developer` and `sysadmin`, a person may write anything. */
  readonly role: string;
  /** Name of an agent of mesh.yml; "auto": the rules of mesh.yml choose a tier; "none": a person works here. */
  readonly agent: string;
  /** What this node's memos hold is only shown to agents that are marked `local`. */
  readonly sensitive: boolean;
  readonly budget: NodeBudget;
  readonly grants: Grants;
  /** Ids of the senders whose memos must be signed to reach this node; "*": everybody's. Agents cannot sign. */
  readonly requireSignatures: readonly string[];
}

/** What a node may do beyond its own folder. Whatever is not granted is refused. */
export interface Grants {
  /** Ids of the nodes to which it may write; "*": to all. */
  readonly send: readonly string[];
  /** Files that it may read, as `<node>/<glob>`. */
  readonly read: readonly string[];
}

const everyone = z.literal("*", { error: '"*"' });
const readable = z
  .string()
  .regex(/^(?:\*|[a-z][a-z0-9-]*)\/(?!\/)(?!(?:.*\/)?\.\.(?:\/|$)).+$/, "<node>/<glob>, such as developer/dist/**");

const nodeSchema = z.strictObject({
  role: z.string().min(1).default("worker"),
  agent: nameSchema.default("offline"),
  sensitive: z.boolean().default(false),
  budget: nodeBudgetSchema,
  grants: z
    .strictObject({
      send: oneOrMore(z.union([everyone, nameSchema])),
      read: oneOrMore(readable),
    })
    .prefault({}),
  requireSignatures: z.union([
    z.boolean().transform((all): string[] => (all ? ["*"] : [])),
    oneOrMore(z.union([everyone, nameSchema])),
  ]),
});

/** A list, of which a single entry may stand without brackets. */
function oneOrMore(entry: z.ZodType<string, string>) {
  const single = z.string().transform((text) => [text]);
  return z
    .union([single, z.array(z.string())], { error: "a list" })
    .pipe(z.array(entry))
    .default([]);
}

/**
 * Reads `node.yml`. An empty file is a node with no grants that works offline.
 *
 * @throws MeshError `node.config` with file and line
 * @see docs/formats.md
 */
export function parseNodeConfig(source: string, file: string): NodeConfig {
  return readYaml(
    source,
    z.preprocess((value) => value ?? {}, nodeSchema),
    { file, code: "node.config" },
  );
}
