import { setTimeout as sleep } from "node:timers/promises";
import { ModelFailure, type ModelProvider, type ModelRequest, type Reply } from "../model.ts";

/** Waits some milliseconds. @throws when the signal is aborted */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

const mostTries = 5;
const firstWait = 1000;
const longestWait = 30_000;
/** A vendor that wants us to wait for longer is asked again after this. */
const longestAsked = 120_000;

export const waitForReal: Wait = async (milliseconds, signal) => {
  await sleep(milliseconds, undefined, { signal });
};

/** What a call needs beside the request. */
export interface CallOptions {
  readonly signal: AbortSignal;
  readonly wait: Wait;
  onText(text: string): void;
  progress(text: string): void;
}

/**
 * Calls a model, and again when it fails in a way that may pass: at most 5 times, after 1, 2, 4, 8 seconds and up to half
 * as much again, so that many sessions do not come back at once; later when the vendor says so.
 *
 * @throws ModelFailure when it is of a kind that does not pass, or the last try failed
 */
export async function replyWithPatience(
  provider: ModelProvider,
  request: ModelRequest,
  options: CallOptions,
): Promise<Reply> {
  const { signal, wait, onText, progress } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await provider.reply(request, { signal, onText });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ModelFailure) || !error.passing || attempt >= mostTries) throw error;
      const pause = pauseAfter(error, attempt);
      const why = error.kind === "rate" ? "the model's vendor wants fewer requests" : "the model cannot be reached";
      progress(`${why}; tries again in ${Math.ceil(pause / 1000)} s (${attempt + 1} of ${mostTries})`);
      await wait(pause, signal);
    }
  }
}

function pauseAfter({ retryAfter }: ModelFailure, attempt: number): number {
  const own = Math.min(longestWait, firstWait * 2 ** (attempt - 1));
  const jittered = own * (1 + Math.random() / 2);
  return retryAfter === undefined ? jittered : Math.max(jittered, Math.min(retryAfter, longestAsked));
}
