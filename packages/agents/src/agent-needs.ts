import type { AgentConfig } from "@memomesh/core";
import { ModelFailure } from "./model.ts";
import type { ProgramOptions } from "./programs/options.ts";
import type { Program } from "./programs/program.ts";
import { keyFinder } from "./providers/key.ts";

/** What an agent needs on this machine before it can work, and what is known of its cost. */
export interface AgentNeeds {
  /** Whether what it uses can be reckoned in money. */
  readonly priced: boolean;
  readonly key?: KeyNeed;
  readonly program?: ProgramNeed;
}

/** A key, from a variable or from a command. */
interface KeyNeed {
  readonly from: "environment" | "command";
  /**
   * Looks for it; a command is run for that.
   *
   * @returns why there is none, and what to do; undefined when there is one. Never the key
   */
  missing(): Promise<string | undefined>;
}

/** A program that is started for each session. */
export interface ProgramNeed extends Pick<Program, "title" | "install" | "oldest"> {
  /** Name in PATH, or a path. */
  readonly program: string;
}

/**
 * What an agent of mesh.yml needs.
 *
 * @throws MeshError `agent.config`
 */
export async function agentNeeds(name: string, config: AgentConfig): Promise<AgentNeeds> {
  const { programs } = await import("./programs/program-agent.ts");
  if (Object.hasOwn(programs, config.provider)) return programNeeds(name, config, programs[config.provider] as Program);
  return config.provider === "offline" ? { priced: true } : modelNeeds(name, config);
}

async function modelNeeds(name: string, config: AgentConfig): Promise<AgentNeeds> {
  const { createProvider } = await import("./providers/create-provider.ts");
  const { price, key } = await createProvider(name, config);
  const priced = price !== undefined;
  if (key === undefined) return { priced };
  const from = key.command === undefined ? "environment" : "command";
  return { priced, key: { from, missing: () => complaint(keyFinder(key)(new AbortController().signal)) } };
}

async function programNeeds(name: string, config: AgentConfig, program: Program): Promise<AgentNeeds> {
  const { readProgramOptions } = await import("./programs/options.ts");
  const { pricedProgram } = await import("./programs/spent.ts");
  const options = readProgramOptions(name, config);
  const { title, install, oldest, command } = program;
  return {
    priced: pricedProgram({ program, options }),
    key: {
      from: options.keyCommand === undefined ? "environment" : "command",
      missing: () => complaint(findProgramKey(name, program, options)),
    },
    program: { title, install, oldest, program: options.program ?? command },
  };
}

async function findProgramKey(name: string, program: Program, options: ProgramOptions): Promise<unknown> {
  const { programKey } = await import("./programs/environment.ts");
  return programKey(name, program, options, new AbortController().signal);
}

async function complaint(search: Promise<unknown>): Promise<string | undefined> {
  try {
    await search;
    return undefined;
  } catch (error) {
    if (error instanceof ModelFailure) return error.message;
    throw error;
  }
}
