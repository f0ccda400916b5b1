import type { Content, Part } from "@google/genai";
import type { Message } from "../model.ts";
import { givenBack, keptNative } from "./reply.ts";

/** Ids that we made because Gemini gave none; it must not see them. */
export const ownId = "memomesh-";
/** @see https://ai.google.dev/gemini-api/docs/thought-signatures: for calls that Gemini did not make itself. */
const unsigned = "skip_thought_signature_validator";

/** A conversation in Gemini's form. */
export function contentsOf(messages: readonly Message[], maker: string): Content[] {
  return messages.flatMap((message) => {
    const parts = partsOf(message, maker);
    return parts.length === 0 ? [] : [{ role: message.role === "assistant" ? "model" : "user", parts }];
  });
}

function partsOf(message: Message, maker: string): Part[] {
  if (message.role === "user") return [{ text: message.text }];
  if (message.role === "results") {
    return message.results.map(({ id, name, text, failed }) => ({
      functionResponse: { ...idOf(id), name, response: failed ? { error: text } : { output: text } },
    }));
  }
  const native = keptNative(maker, message);
  if (Array.isArray(native)) return native as Part[];
  const calls = message.calls.map(
    ({ id, name, input }, index): Part => ({
      functionCall: { ...idOf(id), name, args: givenBack(input) },
      ...(index === 0 ? { thoughtSignature: unsigned } : {}),
    }),
  );
  return [...(message.text === "" ? [] : [{ text: message.text }]), ...calls];
}

function idOf(id: string): { id?: string } {
  return id.startsWith(ownId) ? {} : { id };
}
