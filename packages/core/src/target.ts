import * as z from "zod";
import { nameSchema } from "./name-schema.ts";

/** Facts about a place where steps run, whatever kind it is of. */
interface Place {
  /** The folder in which steps run. */
  readonly path: string;
  readonly production: boolean;
  /** How many people have to approve a step of high risk; absent: two in production, one elsewhere. */
  readonly approvals?: number | undefined;
  /** Variables with the same value in every run, shown to the reviewer. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a host is reached through the system's OpenSSH. */
interface Host {
  readonly host: string;
  readonly user: string;
  readonly port: number;
  /** File of the private key; absent: those that ssh tries by itself. */
  readonly identity?: string | undefined;
  /** `user@host:port` of the host in between. */
  readonly jump?: string | undefined;
  /** File with the public keys of the hosts, as known_hosts has them. No other key is ever accepted. */
  readonly knownHosts: string;
}

/** Where the steps of runbooks run, as mesh.yml has it; paths as written, perhaps relative to the mesh's root. */
export type TargetConfig = SingleConfig | GroupConfig;

type SingleConfig = (Place & { readonly kind: "local" }) | (Place & Host & { readonly kind: "ssh" });

/** In which order a step runs on the members of a group: the first alone and then the next, or all at once. */
export type GroupOrder = "canary" | "parallel";

/** Several targets on which the same steps run. What it says of itself besides its members it has from them. */
interface GroupConfig extends Place {
  readonly kind: "group";
  /** Names of other targets, the canary first. */
  readonly members: readonly string[];
  readonly order: GroupOrder;
}

/** A place where steps run, as far as it decides what a step does. Paths are absolute. */
export type StepTarget = SingleTarget | GroupTarget;

/** One place. */
export type SingleTarget = LocalTarget | SshTarget;

export interface LocalTarget extends Place {
  readonly kind: "local";
  readonly name: string;
}

export interface SshTarget extends Place, Host {
  readonly kind: "ssh";
  readonly name: string;
  /** Fingerprints of the pinned keys of the host and of the one in between; empty until somebody has looked. */
  readonly keys: readonly string[];
}

export interface GroupTarget extends Place {
  readonly kind: "group";
  readonly name: string;
  readonly members: readonly SingleTarget[];
  readonly order: GroupOrder;
}

/** The single places of a target. */
export function placesOf(target: StepTarget): readonly SingleTarget[] {
  return target.kind === "group" ? target.members : [target];
}

const variables = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a variable's name"),
    z.string("a text, in quotes where it looks like a number"),
  )
  .default({});

const place = {
  path: z.string().min(1),
  production: z.boolean().default(false),
  approvals: z.int("a whole number").min(1).max(9).optional(),
  env: variables,
};

/** Names and addresses only: nothing that ssh or a shell would read as an option or as more than a name. */
const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?$/;
const userName = /^[A-Za-z_][\w.-]*$/;
const jumpHost = /^(?:[A-Za-z_][\w.-]*@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/;

/** ssh_config(5) expands "%" and "${" in file names and ends them at a quote. */
const sshFile = z.string().regex(/^[^"%$\\\p{Cc}]+$/u, 'a path without ", %, $ and \\');

const local = z.strictObject({ kind: z.literal("local"), ...place });

const ssh = z.strictObject({
  kind: z.literal("ssh"),
  ...place,
  path: z.string().regex(/^\//, "an absolute path on the host"),
  host: z.string().regex(hostName, "a host's name or address"),
  user: z.string().regex(userName, "a user's name on the host"),
  port: z.int("a whole number").min(1).max(65_535).default(22),
  identity: sshFile.optional(),
  jump: z.string().regex(jumpHost, "user@host:port").optional(),
  knownHosts: sshFile,
});

const group = z.strictObject({
  kind: z.literal("group"),
  members: z.array(nameSchema).min(1),
  order: z.enum(["canary", "parallel"]).default("canary"),
  approvals: place.approvals,
});

/** An entry of `targets` in mesh.yml; without `kind` it is a folder of this machine. */
export const targetSchema = z.preprocess(
  (value) => (typeof value === "object" && value !== null && !("kind" in value) ? { kind: "local", ...value } : value),
  z.discriminatedUnion("kind", [local, ssh, group], { error: "local, ssh or group" }),
);

type ReadTarget = z.output<typeof targetSchema>;

/**
 * Gives groups what they have from their members: one member in production makes a group that is.
 *
 * @returns the targets, or what is wrong with a group
 */
export function withGroups(
  targets: Readonly<Record<string, ReadTarget>>,
):
  | { readonly ok: true; readonly targets: Readonly<Record<string, TargetConfig>> }
  | { readonly ok: false; readonly group: string; readonly sentence: string } {
  const complete: Record<string, TargetConfig> = {};
  for (const [name, target] of Object.entries(targets)) {
    if (target.kind !== "group") {
      complete[name] = target;
      continue;
    }
    const members: SingleConfig[] = [];
    for (const member of target.members) {
      const found = Object.hasOwn(targets, member) ? targets[member] : undefined;
      const isTwice = target.members.indexOf(member) !== target.members.lastIndexOf(member);
      if (found === undefined || found.kind === "group" || isTwice) {
        const sentence = `the group "${name}" cannot have the member "${member}"; expected other targets, no groups, each once.`;
        return { ok: false, group: name, sentence };
      }
      members.push(found);
    }
    complete[name] = { ...target, path: "", production: members.some(({ production }) => production), env: {} };
  }
  return { ok: true, targets: complete };
}
