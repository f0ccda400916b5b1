// A model that says what a test has written down, and remembers what it was asked.
import type { SessionContext } from "../../src/agent.ts";
import type { ModelProvider, ModelRequest, Reply, ToolCall } from "../../src/model.ts";
import { holdConversation, type SessionModel } from "../../src/session/conversation.ts";

type Answer = Reply | Error;
type Line = Answer | ((request: ModelRequest, signal: AbortSignal) => Answer | Promise<Answer>);

const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 50, cacheWriteTokens: 10 };

let made = 0;

/** A reply that uses tools: name and input, one after the other. */
export function calls(...wanted: readonly (readonly [name: string, input: unknown])[]): Reply {
  const toolCalls = wanted.map(([name, input]): ToolCall => {
    made += 1;
    return { id: `call-${made}`, name, input };
  });
  return { message: { role: "assistant", text: "", calls: toolCalls }, stop: "tools", usage, model: "scripted-1" };
}

export function says(text: string, stop: Reply["stop"] = "finished"): Reply {
  return { message: { role: "assistant", text, calls: [] }, stop, usage, model: "scripted-1" };
}

export const finishes = calls(["finish", { handover: "Nothing is open.", notes: "Done." }]);

export class ScriptedModel implements ModelProvider {
  readonly system = "scripted";
  readonly model = "scripted";
  readonly requests: ModelRequest[] = [];
  readonly #lines: readonly Line[];

  constructor(...lines: readonly Line[]) {
    this.#lines = lines;
  }

  /** The results of the tools that were used before the last call, one text each. */
  get results(): readonly string[] {
    const last = this.requests.at(-1)?.messages.at(-1);
    return last?.role === "results" ? last.results.map(({ text }) => text) : [];
  }

  async reply(request: ModelRequest, options: { signal: AbortSignal; onText(text: string): void }): Promise<Reply> {
    options.signal.throwIfAborted();
    const line = this.#lines[this.requests.length] ?? this.#lines.at(-1);
    // The conversation grows; what was asked does not.
    this.requests.push({ ...request, messages: [...request.messages] });
    const answer = typeof line === "function" ? await line(request, options.signal) : line;
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("the script is empty");
    for (const word of answer.message.text.match(/\S+\s*/g) ?? []) options.onText(word);
    return answer;
  }
}

/** Holds a session with a model; pauses take no time and are written down. */
export function hold(
  provider: ModelProvider,
  context: SessionContext,
  { waits = [], ...known }: Partial<SessionModel> & { waits?: number[] } = {},
) {
  const model = { price: undefined, maxOutputTokens: 8000, contextTokens: 100_000, ...known, provider };
  return holdConversation("tester", model, context, async (milliseconds, signal) => {
    waits.push(milliseconds);
    signal.throwIfAborted();
  });
}
