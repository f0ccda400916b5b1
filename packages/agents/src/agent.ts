import type { Changeset, Memo, MemoBody } from "@memomesh/core";
import { Exit, MeshError } from "@memomesh/core";
import { offlineAgent } from "./offline/offline-agent.ts";

/** A place where steps run, as far as an agent has to know it. */
export interface SessionTarget {
  readonly kind: string;
  readonly production: boolean;
  readonly path: string;
  /** Names of the variables that every step has there. */
  readonly env: readonly string[];
}

/** Another node, as far as this one may deal with it. */
export interface SessionNode {
  readonly id: string;
  readonly role: string;
  /** Relative to the mesh's root. */
  readonly path: string;
}

/** All that an agent knows when it begins to work on a memo. It remembers nothing else. */
export interface SessionContext {
  /** A ULID. */
  readonly session: string;
  /** ISO 8601; the only clock that an agent has. */
  readonly now: string;
  readonly node: SessionNode & {
    /** Ids of the nodes that it may write to; "*": all of them. The operator always. */
    readonly send: readonly string[];
  };
  readonly memo: Memo;
  readonly body: MemoBody;
  /** The other memos of the thread that this node holds, answers included, the oldest first. */
  readonly thread: readonly Memo[];
  /** AGENTS.md of the node; "" when there is none. */
  readonly instructions: string;
  /** STATE.md of the node; "" when there is none. */
  readonly state: string;
  /** The targets of the mesh by name. */
  readonly targets: Readonly<Record<string, SessionTarget>>;
  /** The nodes that this one may write to or read from. */
  readonly nodes: readonly SessionNode[];
  readonly files: SessionFiles;
  readonly signal: AbortSignal;
  /** Tells whoever watches what is being done. */
  progress(text: string): void;
}

/**
 * The files that a session may see. A path is relative to the node's folder; `<node>:<path>` means another node's.
 * Reading what was not granted throws a MeshError.
 */
export interface SessionFiles {
  /** The text of a file; undefined when it is absent. What is read of the own folder is recorded with its digest. */
  read(path: string): Promise<string | undefined>;
  /** The files below a folder, sorted, relative to it. */
  list(path: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
  /** The path relative to the mesh's root, as a runbook's needs name it. */
  meshPath(path: string): string;
  /** What was read of the own folder so far: path, and its SHA-256; null when it was absent. */
  base(): Readonly<Record<string, string | null>>;
}

/** Who does the work: a function from context to changeset. It changes nothing itself. */
export interface Agent {
  /** Its name in mesh.yml. */
  readonly name: string;
  readonly model?: string;
  /** @throws whatever `context.signal` was aborted with */
  work(context: SessionContext): Promise<Changeset>;
}

/**
 * The agent that mesh.yml configures under a name.
 *
 * @throws MeshError `agent.provider.unknown`
 */
export function createAgent(name: string, config: { readonly provider: string }): Agent {
  if (config.provider === "offline") return offlineAgent(name);
  throw new MeshError(
    "agent.provider.unknown",
    `the agent "${name}" has the provider "${config.provider}", which is not known; expected offline.`,
    { exit: Exit.usage },
  );
}
