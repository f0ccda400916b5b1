import type { Message, Reply, TokenUsage, ToolCall } from "../model.ts";
import { unusable } from "./failure.ts";

type Stop = Reply["stop"];

/** What a vendor's stream amounts to. */
export interface Outcome {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** undefined when the vendor gave no reason: the stream broke off. */
  readonly stop: Stop | undefined;
  readonly usage: TokenUsage;
  readonly model: string;
  /** @see keepNative */
  readonly native?: unknown;
}

/**
 * The reply that a whole stream makes.
 *
 * @throws ModelFailure `unavailable` when the stream broke off or there is nothing in it
 */
export function replyOf(vendor: string, { text, calls, stop, usage, model, native }: Outcome): Reply {
  if (stop === undefined) throw unusable(vendor, "its stream ended before the answer did");
  const empty = text.trim() === "" && calls.length === 0;
  if (empty && (stop === "finished" || stop === "tools")) throw unusable(vendor, "it is empty");
  return {
    message: { role: "assistant", text, calls, ...(native === undefined ? {} : { native }) },
    // Some servers say that they have finished although they want tools to be used.
    stop: stop === "finished" && calls.length > 0 ? "tools" : stop,
    usage,
    model,
  };
}

/** The arguments of a call as the model wrote them: JSON, nothing at all, or a text that is no JSON. */
export function readArguments(written: string): unknown {
  if (written.trim() === "") return {};
  try {
    return JSON.parse(written) as unknown;
  } catch {
    return written;
  }
}

/** The arguments of a call as vendors take them back: they insist on an object, whatever the model wrote. */
export function givenBack(input: unknown): Record<string, unknown> {
  const object = typeof input === "object" && input !== null && !Array.isArray(input);
  return object ? (input as Record<string, unknown>) : { unreadable: input };
}

/** A vendor's own form of a reply, and whose it is: signed thoughts are worth something only to the model that had them. */
interface Native {
  readonly by: string;
  readonly form: unknown;
}

export function keepNative(by: string, form: unknown): Native {
  return { by, form };
}

/** What `keepNative` kept, when it was by the same model of the same vendor. */
export function keptNative(by: string, message: Extract<Message, { role: "assistant" }>): unknown {
  const native = message.native as Partial<Native> | undefined;
  return native?.by === by ? native.form : undefined;
}

/** A count in a vendor's usage report; whatever is no number counts as none. */
export function tokens(count: unknown): number {
  return typeof count === "number" && Number.isFinite(count) && count > 0 ? count : 0;
}
