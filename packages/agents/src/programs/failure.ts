import { Exit, MeshError } from "@memomesh/core";
import { redact, safeText } from "@memomesh/guard";
import type { SessionLimits } from "../agent.ts";
import { ModelFailure } from "../model.ts";
import type { ProgramOptions } from "./options.ts";
import type { Failure, Program } from "./program.ts";

/** Which program has failed, and what for. */
interface Failed {
  /** Of the agent. */
  readonly name: string;
  readonly program: Program;
  readonly options: ProgramOptions;
  readonly limits: SessionLimits;
  /** What follows from it for the person, in a few words. */
  readonly consequence: string;
}

/** @throws MeshError `agent.program.login` for a key that was not found, and anything else as it is */
export function loginMissing(error: unknown): never {
  if (!(error instanceof ModelFailure)) throw error;
  throw new MeshError("agent.program.login", error.message, { exit: Exit.notPermitted, cause: error });
}

/** A failure of a program, in words for the person who can help. */
export function explain(
  { name, program, options, limits, consequence }: Failed,
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
      const { turns, cost } = limits;
      const money = cost === undefined ? "" : ` and ${cost} US dollars`;
      return new MeshError(
        "agent.program.limit",
        `${program.title} stopped at a limit; ${consequence}. It had ${turns} turns${money}. ${words}`,
        { exit: Exit.tryAgain },
      );
    }
    default:
      return new MeshError("agent.program.failed", `${program.title} failed; ${consequence}. ${words}`);
  }
}
