import type { Changeset, Memo, MemoBody, SandboxRule } from "@memomesh/core";
import type { GuardRules } from "@memomesh/guard";
import type { Message, TokenUsage, ToolDefinition } from "./model.ts";
import type { AssembledContext } from "./session/assemble.ts";

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
export interface SessionKnowledge {
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
  /** What mesh.yml says under `guard:`, by which steps are classified and secrets are told from what is none. */
  readonly guard?: GuardRules;
  /** The nodes that this one may write to or read from. */
  readonly nodes: readonly SessionNode[];
  readonly files: SessionFiles;
  /** Source of docs/ai-lessons.md of the node and of the mesh; what applies is the agent's to find. */
  readonly lessons: readonly TextFile[];
  /** docs/platform-reference.md; "" when there is none. */
  readonly platform: string;
  readonly limits: SessionLimits;
  /** Why the changesets of earlier sessions on this memo were refused, the oldest first. */
  readonly refusals: readonly string[];
  /** What the node's own history and archive tell of what the memo asks why; Markdown; absent: it asks for something else. */
  readonly history?: string;
  /** What an earlier session on this memo has prepared, and what the gate wants better of it; absent: nothing. */
  readonly improvement?: Improvement;
}

/** A draft that is below the gate's threshold. */
export interface Improvement {
  /** What costs it points, and how that is mended; Markdown. */
  readonly plan: string;
  /** The draft's files, the runbook first. */
  readonly files: readonly TextFile[];
}

/** What an agent knows, and where it works. */
export interface SessionContext extends SessionKnowledge {
  readonly journal: SessionJournal;
  readonly workshop: Workshop;
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
  /** A file that may not be text, to be copied. It is not recorded: see `relyOn`. */
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** Records that the changeset is based on what `readBytes` has given for a file of the own folder. */
  relyOn(path: string): void;
  /** Everything of other nodes that was granted: `<node>:<path>`, sorted. */
  granted(): Promise<readonly string[]>;
  /** The path relative to the mesh's root, as a runbook's needs name it. */
  meshPath(path: string): string;
  /** What was read of the own folder so far: path, and its SHA-256; null when it was absent. */
  base(): Readonly<Record<string, string | null>>;
}

export interface TextFile {
  /** Relative to the mesh's root. */
  readonly file: string;
  readonly source: string;
}

/** At the first of these limits a session stops and can be continued. */
export interface SessionLimits {
  /** Calls of the model. */
  readonly turns: number;
  /** Tokens in and out, over the whole session. */
  readonly tokens: number;
  /** Seconds. */
  readonly seconds: number;
  /** US dollars: what is left of the budgets of session, node and month; undefined: no limit. */
  readonly cost: number | undefined;
}

/** What was used, and by which model. */
export interface Spending extends TokenUsage {
  readonly provider: string;
  readonly model: string;
  /** US dollars; undefined when no price is known. */
  readonly cost: number | undefined;
}

/** Where a session writes down what happens in it, so that it can be read, paid for and continued. */
export interface SessionJournal {
  /** What an earlier session on this memo left when it stopped without a changeset; [] when there is none. */
  readonly earlier: readonly JournalEntry[];
  /** Removes secrets and writes durably. */
  write(entry: JournalEntry): Promise<void>;
}

export type JournalEntry =
  /** `start` is the digest of all that the model is told before the conversation: only an equal one can be continued. */
  | { readonly kind: "opened"; readonly agent: string; readonly model: string; readonly start: string }
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "spent"; readonly spending: Spending }
  | { readonly kind: "stopped"; readonly reason: string };

/** What an agent needs that runs programs of its own. */
export interface Workshop {
  /**
   * Absolute path of a folder of the session's own, outside of every node, on the same machine; made on demand, removed by the caller.
   *
   * @param kept of an earlier session, as {@link Workshop.kept} gives it: it is this session's from now on
   */
  folder(kept?: string): Promise<string>;
  /** Has the folder stay for the next session on the same memo, with a note as JSON. */
  keep(note: unknown): Promise<void>;
  /** What an earlier session on this memo has kept; its folder may be gone by now. */
  kept(): Promise<{ readonly note: unknown; readonly folder: string | undefined } | undefined>;
  /** Absolute path of the folder in which the guard notes its decisions about the session; what the program does can write there. */
  readonly audit: string;
  /** The command line that starts this memomesh: program and first arguments. */
  readonly memomesh: readonly string[];
  readonly sandbox: {
    readonly rule: SandboxRule;
    /** Absolute paths of folders in which a program has no business, whatever else it is shown: the mesh, its nodes, the person's home. */
    readonly hidden: readonly string[];
  };
}

/** What an agent is told, and the tools that it is given besides any of its own. */
export interface ToldContext extends AssembledContext {
  readonly tools: readonly ToolDefinition[];
}

/** Who does the work: a function from context to changeset. It changes nothing itself. */
export interface Agent {
  /** Its name in mesh.yml. */
  readonly name: string;
  readonly model?: string;
  /** What it would be told at the beginning of a session; absent when nobody is told anything: it reads files by itself. */
  readonly told?: (knowledge: SessionKnowledge) => Promise<ToldContext>;
  /** @throws whatever `context.signal` was aborted with */
  work(context: SessionContext): Promise<Changeset>;
}
