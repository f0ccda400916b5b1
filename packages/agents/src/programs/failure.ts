import { Exit, MeshError } from "@memomesh/core";
import { redact, safeText } from "@memomesh/guard";
import { ModelFailure } from "../model.ts";
import type { Failure } from "./program.ts";
import type { ProgramWork } from "./program-session.ts";

/** @throws MeshError `agent.program.login` for a key that was not found, and anything else as it is */
export function loginMissing(error: unknown): never {
  if (!(error instanceof ModelFailure)) throw error;
  throw new MeshError("agent.program.login", error.message, { exit: Exit.notPermitted, cause: error });
}

/** A failure of a program, in words for the person who can help. */
export function explain(
  { name, program, options, context }: ProgramWork,
  { kind, text }: Failure,
  secrets: Readonly<Record<string, string>>,
): MeshError {
  const said = safeText(redact(text, secrets), { newlines: true }).trim().slice(-1000);
  const words = said === "" ? "It said nothing." : `It said: ${said}`;
  switch (kind) {
    case "login": {
      const where =
        options.keyCommand === undefined
          ? `the variable ${options.keyEnv ?? program.keyVariables.join(" or ")}`
          : "keyCommand";
      return new MeshError(
        "agent.program.login",
        `${program.title} could not log in with the key of the agent "${name}", which comes from ${where}. ${words}`,
        { exit: Exit.notPermitted },
      );
    }
    case "limit": {
      const { turns, cost } = context.limits;
      const money = cost === undefined ? "" : `, and ${cost} US dollars are left`;
      return new MeshError(
        "agent.program.limit",
        `${program.title} stopped at a limit; nothing was applied, and the memo waits. A session has ${turns} turns${money}. ${words}`,
        { exit: Exit.tryAgain },
      );
    }
    default:
      return new MeshError(
        "agent.program.failed",
        `${program.title} failed; nothing was applied, and the memo waits. ${words}`,
      );
  }
}
