import { normalize } from "node:path";
import * as z from "zod";
import {
  type AgentConfig,
  agentName,
  agentSchema,
  type SecondOpinion,
  secondOpinionSchema,
  type TierRules,
  tiersSchema,
} from "./agent-config.ts";
import { type Budgets, budgetsSchema } from "./budget.ts";
import { MeshError } from "./error.ts";
import { type FactCollector, factsSchema } from "./fact.ts";
import { lineAt } from "./line.ts";
import { reservedNames } from "./name.ts";
import { nameSchema } from "./name-schema.ts";
import { type Roles, rolesSchema } from "./roles.ts";
import type { SandboxRule } from "./sandbox-rule.ts";
import { type SecretSources, secretSourcesSchema } from "./secret-sources.ts";
import { type TargetConfig, targetSchema, withGroups } from "./target.ts";
import { parseYaml, readYaml } from "./yaml.ts";

const atLeastOne = z.int("a whole number").min(1);

const signerFiles = {
  allowedSigners: z.string().min(1).default("allowed_signers"),
  revokedKeys: z.string().min(1).optional(),
};
const address = z.string().regex(/^[^\s,*?!"]+$/, "one address, as it stands in allowedSigners");
const addresses = z.union([address.transform((one) => [one]), z.array(address)], {
  error: "an address or a list of addresses",
});

const policySchema = z.strictObject({
  maxMemoBytes: atLeastOne.default(1_048_576),
  maxHops: z.int("a whole number").min(0).default(8),
  maxThread: atLeastOne.default(100),
  settleMs: z.int("a whole number").min(0).default(300),
  drops: z.enum(["operator", "named"]).default("operator"),
  sessionAttempts: atLeastOne.default(3),
  sessionSeconds: atLeastOne.default(900),
  approvalHours: atLeastOne.default(24),
  approvals: z
    .strictObject({
      signatures: z.enum(["required", "when-possible"]),
      ...signerFiles,
    })
    .optional(),
  memos: z.strictObject({ ...signerFiles, signers: z.record(nameSchema, addresses) }).optional(),
  sandbox: z.enum(["required", "when-possible", "off"]).optional(),
});

/** Files of keys, perhaps relative to the mesh's root. */
export interface SignerFiles {
  /** The keys that count, as `ssh-keygen` has it. */
  readonly allowedSigners: string;
  /** Keys that count no more: public keys, or a list that ssh-keygen has made. */
  readonly revokedKeys?: string | undefined;
}

export interface MemoPolicy extends SignerFiles {
  /** For each sender, `operator` or a node, the addresses of the people who may sign for it. */
  readonly signers: Readonly<Record<string, readonly string[]>>;
}

/** Limits and rules of a mesh. */
export interface Policy {
  /** The largest memo that is delivered. */
  readonly maxMemoBytes: number;
  /** How often agents may pass a memo on before a person has to look. */
  readonly maxHops: number;
  /** The most memos of one thread. */
  readonly maxThread: number;
  /** How long a file that does not vouch for itself must have been quiet before it is taken, in milliseconds. */
  readonly settleMs: number;
  /** Whose a file is that lies straight in an inbox: always the operator's, or that of the node it names. */
  readonly drops: "operator" | "named";
  /** How often a session is tried before the memo counts as failed. */
  readonly sessionAttempts: number;
  /** How long a session may take, in seconds. */
  readonly sessionSeconds: number;
  /** How long an approval counts, in hours. */
  readonly approvalHours: number;
  /** Whether approvals are signed; absent: no. */
  readonly approvals?: (SignerFiles & { readonly signatures: "required" | "when-possible" }) | undefined;
  /** Whose signatures count on memos; absent: nobody's. */
  readonly memos?: MemoPolicy | undefined;
  /** Absent: it follows from the targets. */
  readonly sandbox?: SandboxRule | undefined;
}

export interface NodeEntry {
  readonly id: string;
  /** Relative to the mesh's root. */
  readonly path: string;
}

/** What `mesh.yml` says. */
export interface MeshConfig {
  readonly name: string;
  readonly nodes: readonly NodeEntry[];
  /** By name; always has `offline`, which needs no key and no network. */
  readonly agents: Readonly<Record<string, AgentConfig>>;
  readonly tiers: TierRules;
  readonly budgets: Budgets;
  readonly secondOpinion: SecondOpinion;
  readonly roles: Roles;
  readonly targets: Readonly<Record<string, TargetConfig>>;
  /** Collectors of facts about the platform, by name. */
  readonly facts: Readonly<Record<string, FactCollector>>;
  readonly secrets: SecretSources;
  readonly policy: Policy;
  /** As written: the gate knows its own settings. */
  readonly gate: Readonly<Record<string, unknown>>;
  /** As written: the guard knows its own rules. */
  readonly guard: Readonly<Record<string, unknown>>;
}

const nodeId = nameSchema.refine((id) => !reservedNames.includes(id), "another name: operator and mesh are reserved");
export const nodeEntrySchema = z.strictObject({ id: nodeId, path: z.string().min(1).optional() });

const meshSchema = z.strictObject({
  name: z.string().min(1).default("mesh"),
  nodes: z
    .array(
      z.union([nodeId.transform((id) => ({ id, path: undefined })), nodeEntrySchema], {
        error: "a node's id (not operator or mesh) or { id, path }",
      }),
    )
    .transform((entries): NodeEntry[] => entries.map(({ id, path }) => ({ id, path: path ?? defaultPath(id) })))
    .prefault([]),
  agents: z.record(agentName, agentSchema).default({}),
  tiers: tiersSchema,
  budgets: budgetsSchema,
  secondOpinion: secondOpinionSchema,
  roles: rolesSchema,
  targets: z.record(nameSchema, targetSchema).default({}),
  facts: factsSchema,
  secrets: secretSourcesSchema,
  policy: policySchema.prefault({}),
  gate: z.record(z.string(), z.unknown(), "the gate's settings, such as { threshold: 90 }").default({}),
  guard: z.record(z.string(), z.unknown(), "the guard's rules, such as { programs: { … } }").default({}),
});

/** Where a node lies when mesh.yml does not say it, relative to the mesh's root. */
export function defaultPath(id: string): string {
  return `projects/${id}`;
}

/** The line of `mesh.yml` at which a setting stands, for those who know what their part of it means; 1 when it is absent. */
export function lineOfSetting(source: string, file: string, path: readonly PropertyKey[]): number {
  return parseYaml(source, { file, code: "mesh.config" }).lineOf(path);
}

/**
 * Reads `mesh.yml`.
 *
 * @throws MeshError `mesh.config` with file and line: bad YAML, an unknown name (with the one that was probably meant), a
 * wrong value, two nodes with one id
 * @see docs/formats.md
 */
export function parseMeshConfig(source: string, file: string): MeshConfig {
  const { agents, targets: read, ...config } = readYaml(source, meshSchema, { file, code: "mesh.config" });
  const seen = new Set<string>();
  const twice = config.nodes.find(({ id }) => seen.has(id) || !seen.add(id))?.id;
  if (twice !== undefined) {
    throw new MeshError("mesh.config", `there are two nodes with the id "${twice}"; expected one.`, {
      place: { file, line: lineAt(source, source.lastIndexOf(twice)) },
    });
  }
  const kept = config.nodes.find(({ path }) => /^audit(?:\/|$)/.test(normalize(path)));
  if (kept !== undefined) {
    const sentence = `node "${kept.id}" lies in ${kept.path}, where the audit trails of all nodes are kept; expected another folder.`;
    throw new MeshError("mesh.config", sentence, { place: { file, line: lineAt(source, source.indexOf(kept.path)) } });
  }
  const known = withGroups(read);
  if (!known.ok) {
    const place = { file, line: lineAt(source, source.lastIndexOf(`${known.group}:`)) };
    throw new MeshError("mesh.config", known.sentence, { place });
  }
  return { ...config, targets: known.targets, agents: { offline: { provider: "offline", local: true }, ...agents } };
}
