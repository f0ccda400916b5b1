import { MeshError, type Opinion } from "@memomesh/core";
import { SessionStopped, sessionStopped } from "../session/stop.ts";
import type { OpinionQuestion } from "./question.ts";

/** How often an agent may answer before it has to have reported something that can be used. */
export const mostAnswers = 4;

/** @param who the model, or the program */
export function noReport(who: string): SessionStopped {
  const what = `${who} answered ${mostAnswers} times without a report that can be used, although it was told what was wrong.`;
  return sessionStopped("silent", what, "Name another agent as secondOpinion.agent in mesh.yml.");
}

/** @param who the model, or the program */
export function tooLate(who: string, seconds: number): SessionStopped {
  return sessionStopped("time", `${who} took longer than ${seconds} s.`, "Raise policy.sessionSeconds in mesh.yml.");
}

/**
 * Has an agent asked. What stops it is written down, and is told as what an opinion, not a session, has come to.
 *
 * @throws MeshError `opinion.*`, and others as they are; whatever `question.signal` was aborted with
 */
export async function asking({ journal, signal }: OpinionQuestion, ask: () => Promise<Opinion>): Promise<Opinion> {
  try {
    return await ask();
  } catch (error) {
    const reason = reasonOf(error);
    await journal.write({ kind: "stopped", reason: signal.aborted ? "It was cancelled." : reason });
    signal.throwIfAborted();
    if (!(error instanceof SessionStopped)) throw error;
    throw new MeshError(error.code.replace("session.", "opinion."), reason, { exit: error.exit, cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SessionStopped) return `${error.what} ${error.todo}`;
  return error instanceof Error ? error.message : String(error);
}
