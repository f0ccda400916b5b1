import type { AgentConfig } from "@memomesh/core";
import type { Agent } from "../agent.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { command } from "./command.ts";
import { gemini } from "./gemini.ts";
import { memoToolNames } from "./memo-tools.ts";
import { readCommandOptions, readVendorOptions } from "./options.ts";
import { holdProgramSession } from "./program-session.ts";
import { programPrompt } from "./prompt.ts";

/** By the name that mesh.yml gives as `provider`. */
const programs = {
  "claude-code": { program: claude, read: readVendorOptions },
  codex: { program: codex, read: readVendorOptions },
  "gemini-cli": { program: gemini, read: readVendorOptions },
  command: { program: command, read: readCommandOptions },
} as const;

/**
 * An agent that is a program of its own. It works in a private checkout, and what it has changed there and asked for with
 * the memo tools becomes the changeset.
 *
 * @param config whose provider is one of the four
 * @throws MeshError `agent.config`
 */
export async function programAgent(name: string, config: AgentConfig): Promise<Agent> {
  const { program, read } = programs[config.provider as keyof typeof programs];
  const options = read(name, config);
  return {
    name,
    ...(options.model === undefined ? {} : { model: options.model }),
    told: (knowledge) => programPrompt(knowledge, program, memoToolNames),
    work: (context) => holdProgramSession({ name, program, options, context }),
  };
}
