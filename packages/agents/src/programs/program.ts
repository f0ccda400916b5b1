import type { Vendor } from "@memomesh/guard";
import type { SessionLimits, Spending } from "../agent.ts";
import type { Vendor as ModelVendor } from "../providers/models.ts";
import type { ProgramOptions } from "./options.ts";
import type { ProgramEnd } from "./run-program.ts";

/** A program that can do a session, as far as one differs from another. */
export interface Program {
  /** As people call it. */
  readonly title: string;
  /** What is started when mesh.yml does not say it. */
  readonly command: string;
  /** How somebody gets it. */
  readonly install: string;
  /** The oldest version with which it was tried; undefined: we know nothing of its versions. */
  readonly oldest: string | undefined;
  /** Whose models it asks, as the GenAI semantic conventions name it. */
  readonly system: string;
  /** Whose list of models and prices is meant, when it is known. */
  readonly vendor: ModelVendor | undefined;
  /** The address of its model when mesh.yml does not say it; undefined: nobody knows whom it asks. */
  readonly modelUrl: string | undefined;
  /** Whether it says itself what a run has cost. */
  readonly reckons: boolean;
  /** The variables in which it takes a key; the first is the usual one. [] for one that may do without. */
  readonly keyVariables: readonly string[];
  /** Whether ending without an error says that the work is done, with no `finish`. */
  readonly doneByEnding: boolean;
  /** Lays down what it reads when it starts. */
  prepare(task: Task): Promise<Start>;
  /** A listener for one run. */
  listen(task: Task): Listener;
}

/** What a program is to do, and with what. */
export interface Task {
  readonly options: ProgramOptions;
  readonly limits: SessionLimits;
  /** Who it is and what the rules are; "" when the prompt says it all. */
  readonly system: string;
  readonly prompt: string;
  /** The folders of this run; absolute. */
  readonly places: Places;
  /** Whether it runs in a sandbox of ours. */
  readonly confined: boolean;
  /** The command line of the MCP server with the memo tools; undefined: it only answers, and has no tools of any kind. */
  readonly memoTools: readonly string[] | undefined;
  /** A session of the program's own that goes on with `prompt`; undefined: a new one begins. */
  readonly resume?: {
    readonly session: string;
    /** The use of a tool to which the operator has not said yes. */
    readonly refuse?: string;
    /** US dollars that the session has cost before; the program counts them again. */
    readonly cost: number;
  };
  /** The guard as a hook: a line for a POSIX shell. It ends with 0 or, for whatever is not to happen, with 2. */
  guard(vendor: Vendor): string;
}

export interface Places {
  /** Stands for the mesh's root. Everything in it may be read. */
  readonly checkout: string;
  /** The node's own folder in it. The program starts here. */
  readonly folder: string;
  readonly home: string;
  readonly temporary: string;
}

/** How a program is started. */
export interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** For its standard input, which is closed behind it. */
  readonly input: string;
  /** Absolute paths of what was laid down for it that neither it nor its agent is to change. */
  readonly fixed: readonly string[];
}

/** Understands what a program says while it runs. What it does not know it passes over. */
export interface Listener {
  /**
   * @param line of standard output, without its end
   * @returns what the program is doing, for whoever watches
   */
  hear(line: string): string | undefined;
  /** What the run came to. It may have been ended by force, in the middle of a line. */
  report(end: ProgramEnd | undefined): Report;
}

/** What a run came to, as far as the program says it. */
export interface Report {
  /** Its last words; "" when it said nothing. */
  readonly answer: string;
  /** Undefined when it did not say. */
  readonly used: Used | undefined;
  readonly failure?: Failure;
  /** A use of a tool that waits for a person, as one of the program's hooks wanted it. */
  readonly deferred?: {
    readonly tool: string;
    readonly input: unknown;
    /** The program's names for this use and for its session, with which the session can go on. */
    readonly use?: string | undefined;
    readonly session?: string | undefined;
  };
}

/** All that a run has used; `cost` in US dollars, as the program itself reckons it. */
export interface Used extends Omit<Spending, "provider" | "model"> {
  readonly model: string | undefined;
  readonly turns: number;
}

export interface Failure {
  readonly kind: "login" | "limit" | "other";
  /** In the program's words. */
  readonly text: string;
}
