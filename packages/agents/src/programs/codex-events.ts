import * as z from "zod";
import { readEvent, tokens } from "./event.ts";
import type { Failure, Listener, Report, Used } from "./program.ts";
import type { ProgramEnd } from "./run-program.ts";

const itemSchema = z.object({
  type: z.string(),
  text: z.string().optional(),
  command: z.string().optional(),
  tool: z.string().optional(),
  changes: z.array(z.object({ path: z.string() })).optional(),
});

const usageSchema = z.object({
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_input_tokens: tokens,
  output_tokens: tokens,
});

const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["item.started", "item.completed"]), item: itemSchema }),
  z.object({ type: z.literal("turn.completed"), usage: usageSchema }),
  z.object({ type: z.literal("turn.failed"), error: z.object({ message: z.string() }) }),
]);

/** Reads the events of `codex exec --json`, as seen with 0.169.0. */
export class CodexListener implements Listener {
  readonly #model: string | undefined;
  #answer = "";
  #items = 0;
  #failed: string | undefined;
  /** That of the last event: it counts from the beginning of the thread. */
  #usage: z.infer<typeof usageSchema> | undefined;

  constructor(model: string | undefined) {
    this.#model = model;
  }

  hear(line: string): string | undefined {
    const event = readEvent(line, eventSchema);
    if (event?.type === "turn.failed") this.#failed = event.error.message;
    if (event?.type === "turn.completed") this.#usage = event.usage;
    if (event?.type === "item.completed") this.#completed(event.item);
    return event?.type === "item.started" ? doing(event.item) : undefined;
  }

  #completed({ type, text }: z.infer<typeof itemSchema>): void {
    if (type !== "error") this.#items += 1;
    if (type === "agent_message") this.#answer = text ?? "";
  }

  report(end: ProgramEnd | undefined): Report {
    const failure = this.#failure(end);
    return { answer: this.#answer, used: this.#used(), ...(failure === undefined ? {} : { failure }) };
  }

  #failure(end: ProgramEnd | undefined): Failure | undefined {
    if (this.#failed === undefined && this.#usage !== undefined) return undefined;
    if (this.#failed === undefined && end === undefined) return undefined;
    const text = this.#failed ?? end?.errors ?? "";
    return { kind: /\b40[13] |Missing environment variable/.test(text) ? "login" : "other", text };
  }

  #used(): Used | undefined {
    if (this.#usage === undefined) return undefined;
    const { input_tokens, cached_input_tokens, cache_write_input_tokens, output_tokens } = this.#usage;
    return {
      model: this.#model,
      // It does not count its calls of the model; each of them has ended in an item.
      turns: this.#items,
      inputTokens: Math.max(0, input_tokens - cached_input_tokens - cache_write_input_tokens),
      outputTokens: output_tokens,
      cacheReadTokens: cached_input_tokens,
      cacheWriteTokens: cache_write_input_tokens,
      cost: undefined,
    };
  }
}

function doing({ type, command, tool, changes }: z.infer<typeof itemSchema>): string | undefined {
  const about = command ?? tool ?? changes?.map(({ path }) => path).join(", ");
  return about === undefined ? undefined : `${type.replaceAll("_", " ")} ${about.slice(0, 100)}`;
}
