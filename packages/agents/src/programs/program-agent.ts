import type { AgentConfig } from "@memomesh/core";
import type { Agent } from "../agent.ts";
import { definitionsOf } from "../session/tool.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { command } from "./command.ts";
import { gemini } from "./gemini.ts";
import { memoToolNames, memoTools } from "./memo-tools.ts";
import { readProgramOptions } from "./options.ts";
import type { Program } from "./program.ts";
import { holdProgramSession } from "./program-session.ts";
import { programPrompt } from "./prompt.ts";

/** By the name that mesh.yml gives as `provider`. */
export const programs: Readonly<Record<string, Program>> = {
  "claude-code": claude,
  codex,
  "gemini-cli": gemini,
  command,
};

/**
 * An agent that is a program of its own. It works in a private checkout, and what it has changed there and asked for with
 * the memo tools becomes the changeset.
 *
 * @param config whose provider is one of the four
 * @throws MeshError `agent.config`
 */
export async function programAgent(name: string, config: AgentConfig): Promise<Agent> {
  const program = programs[config.provider] as Program;
  const options = readProgramOptions(name, config);
  return {
    name,
    ...(options.model === undefined ? {} : { model: options.model }),
    told: async (knowledge) => {
      const told = await programPrompt(knowledge, program, memoToolNames);
      return { ...told, tools: definitionsOf(memoTools) };
    },
    work: (context) => holdProgramSession({ name, program, options, context }),
  };
}
