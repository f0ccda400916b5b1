import { ModelFailure } from "../model.ts";

/** For the SDKs' own time limits, which know nothing of signs of life, in milliseconds: the longest that Node can wait. */
export const noTimeLimit = 2 ** 31 - 1;

/** How one call is watched over. */
export interface Watch {
  readonly signal: AbortSignal;
  /** The longest silence that is put up with, in seconds. */
  readonly seconds: number;
  /** What an error of the SDK means. */
  explain(error: unknown): ModelFailure;
}

/**
 * The events of one streamed call, as they come. What goes wrong while they are waited for becomes a ModelFailure; what
 * goes wrong in those who read them is theirs.
 *
 * @param open starts the call; its signal ends it when the session is cancelled, the vendor fell silent or the reader left
 * @throws ModelFailure, or the reason of `watch.signal`
 */
export async function* eventsOf<Event>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>,
  { signal, seconds, explain }: Watch,
): AsyncGenerator<Event, void, undefined> {
  signal.throwIfAborted();
  const end = new AbortController();
  const silence = new ModelFailure("unavailable", `the vendor has sent nothing for ${seconds} s.`);
  const timer = setTimeout(() => end.abort(silence), seconds * 1000);
  const cancel = () => end.abort(signal.reason);
  signal.addEventListener("abort", cancel, { once: true });
  const ended = new Promise<never>((_, reject) => {
    end.signal.addEventListener("abort", () => reject(end.signal.reason), { once: true });
  });
  ended.catch(() => {});
  try {
    const events = (await Promise.race([open(end.signal), ended]))[Symbol.asyncIterator]();
    for (;;) {
      timer.refresh();
      const next = await Promise.race([events.next(), ended]);
      // Some SDKs end their stream as if all were well when it is aborted.
      end.signal.throwIfAborted();
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    if (end.signal.aborted) throw end.signal.reason;
    throw error instanceof ModelFailure ? error : explain(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
    end.abort(new Error("the answer is no longer read"));
  }
}
