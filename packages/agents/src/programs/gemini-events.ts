import * as z from "zod";
import { readEvent, subjectOf, tokens } from "./event.ts";
import type { Failure, Listener, Report, Used } from "./program.ts";
import type { ProgramEnd } from "./run-program.ts";

const statsSchema = z.object({ input_tokens: tokens, output_tokens: tokens, total_tokens: tokens, cached: tokens });

const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message"), role: z.string(), content: z.string().default("") }),
  z.object({ type: z.literal("tool_use"), tool_name: z.string(), parameters: z.unknown() }),
  z.object({
    type: z.literal("result"),
    status: z.string(),
    error: z.object({ type: z.string().default(""), message: z.string() }).optional(),
    stats: statsSchema.optional(),
  }),
]);

/** How it ends when it does not even begin. */
const exits: Readonly<Record<number, Failure["kind"]>> = { 41: "login", 145: "login", 147: "login", 53: "limit" };

/** Reads the events of `gemini --output-format stream-json`, as seen with 0.61.0. */
export class GeminiListener implements Listener {
  readonly #model: string;
  #answer = "";
  #uses = 0;
  #result: Extract<z.infer<typeof eventSchema>, { type: "result" }> | undefined;

  constructor(model: string) {
    this.#model = model;
  }

  hear(line: string): string | undefined {
    const event = readEvent(line, eventSchema);
    if (event?.type === "result") this.#result = event;
    if (event?.type === "message" && event.role === "assistant") this.#answer += event.content;
    if (event?.type !== "tool_use") return undefined;
    // Its last words are those behind the last use of a tool.
    this.#answer = "";
    this.#uses += 1;
    return `${event.tool_name}${subjectOf(event.parameters)}`;
  }

  report(end: ProgramEnd | undefined): Report {
    const failure = this.#failure(end);
    return { answer: this.#answer, used: this.#used(), ...(failure === undefined ? {} : { failure }) };
  }

  #failure(end: ProgramEnd | undefined): Failure | undefined {
    if (end === undefined || (this.#result?.status === "success" && end.code === 0)) return undefined;
    return { kind: exits[end.code ?? -1] ?? "other", text: this.#result?.error?.message ?? end.errors };
  }

  #used(): Used | undefined {
    const stats = this.#result?.stats;
    if (stats === undefined) return undefined;
    return {
      model: this.#model,
      // It does not count its calls of the model: one for each use of a tool, and one for the last words.
      turns: this.#uses + 1,
      inputTokens: Math.max(0, stats.input_tokens - stats.cached),
      // Thoughts are in the total only.
      outputTokens: Math.max(stats.output_tokens, stats.total_tokens - stats.input_tokens),
      cacheReadTokens: stats.cached,
      cacheWriteTokens: 0,
      cost: undefined,
    };
  }
}
