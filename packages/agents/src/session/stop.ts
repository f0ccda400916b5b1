import { Exit, MeshError } from "@memomesh/core";
import type { FailureKind, ModelFailure } from "../model.ts";

/** Why a session ended before its work did. */
export type StopCode =
  | "turns"
  | "tokens"
  | "cost"
  | "time"
  | "loop"
  | "silent"
  | "length"
  | "refused"
  | `model.${FailureKind}`;

/** A conversation with a model that stopped half-way: what happened and what a person can do, each as a sentence. */
export class SessionStopped extends MeshError {
  readonly what: string;
  readonly todo: string;

  constructor(code: StopCode, what: string, todo: string, cause?: unknown) {
    const kept = "Nothing was applied; the transcript is kept, and work on this memo goes on from there.";
    super(`session.${code}`, `${what} ${kept} ${todo}`, {
      exit: Exit.tryAgain,
      ...(cause === undefined ? {} : { cause }),
    });
    this.what = what;
    this.todo = todo;
  }
}

/**
 * A session that stopped half-way. Nothing of it was applied; its transcript is kept, and the next session on the memo
 * goes on from there as long as what it was told is still the same.
 *
 * @param what happened, as a sentence
 * @param todo what a person can do, as a sentence
 */
export function sessionStopped(code: StopCode, what: string, todo: string, cause?: unknown): SessionStopped {
  return new SessionStopped(code, what, todo, cause);
}

/** What happened to a call, and what a person can do about it. */
const failures: Readonly<Record<FailureKind, readonly [what: string, todo: string]>> = {
  rate: [
    "The model's vendor wants fewer requests, and went on saying so",
    "Try again later, or raise the limit with the vendor.",
  ],
  unavailable: [
    "The model cannot be reached",
    "Try again later, and look at the network and at the vendor's status page.",
  ],
  login: ["The agent could not log in", "Look at keyEnv or keyCommand of the agent in mesh.yml."],
  "too-long": [
    "The conversation has become too long for the model",
    "Give the memo a smaller task, or the node an agent whose model can read more.",
  ],
  model: ["The vendor does not know the model", "Correct the agent's model in mesh.yml."],
  request: ["The model's vendor refused the request", "Look at the agent's options in mesh.yml."],
};

/** A session that stopped because its model does not answer. */
export function modelStopped(failure: ModelFailure, agent: string): SessionStopped {
  const [what, todo] = failures[failure.kind];
  const why = failure.message.replace(/\.$/, "");
  return sessionStopped(`model.${failure.kind}`, `${what} (agent ${agent}: ${why}).`, todo, failure);
}
