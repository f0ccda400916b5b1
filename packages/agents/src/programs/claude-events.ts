import * as z from "zod";
import { readEvent, subjectOf, tokens } from "./event.ts";
import type { Failure, Listener, Report, Used } from "./program.ts";
import type { ProgramEnd } from "./run-program.ts";

const usageSchema = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_read_input_tokens: tokens,
});

const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("system"), subtype: z.string(), model: z.string().optional() }),
  z.object({
    type: z.literal("assistant"),
    message: z.object({
      id: z.string(),
      model: z.string(),
      content: z.array(
        z.object({ type: z.string(), text: z.string().optional(), name: z.string().optional(), input: z.unknown() }),
      ),
      usage: usageSchema,
    }),
  }),
  z.object({
    type: z.literal("result"),
    subtype: z.string(),
    is_error: z.boolean(),
    api_error_status: z.number().nullish(),
    terminal_reason: z.string().optional(),
    num_turns: z.number().default(0),
    result: z.string().default(""),
    errors: z.array(z.string()).default([]),
    total_cost_usd: z.number().optional(),
    usage: usageSchema,
    session_id: z.string().optional(),
    deferred_tool_use: z.object({ id: z.string().optional(), name: z.string(), input: z.unknown() }).nullish(),
  }),
]);

type ClaudeEvent = z.infer<typeof eventSchema>;
type Result = Extract<ClaudeEvent, { type: "result" }>;
type Message = Extract<ClaudeEvent, { type: "assistant" }>["message"];

/** Reads the events of `claude --output-format stream-json`, as seen with 2.1.329. */
export class ClaudeListener implements Listener {
  #model: string | undefined;
  /** One; of a session that goes on two: what waited, and what came behind the answer. */
  readonly #results: Result[] = [];
  readonly #costBefore: number;
  /** By the message's id, because a message with several blocks is told in several events. */
  readonly #messages = new Map<string, Message>();

  /** @param costBefore US dollars of a session that goes on; its cost is counted from its beginning */
  constructor(costBefore = 0) {
    this.#costBefore = costBefore;
  }

  hear(line: string): string | undefined {
    const event = readEvent(line, eventSchema);
    if (event?.type === "system") this.#model ??= event.model;
    if (event?.type === "result") this.#results.push(event);
    if (event?.type !== "assistant") return undefined;
    this.#messages.set(event.message.id, event.message);
    const use = event.message.content.find(({ type }) => type === "tool_use");
    return use === undefined ? undefined : `${use.name ?? "a tool"}${subjectOf(use.input)}`;
  }

  report(end: ProgramEnd | undefined): Report {
    const result = this.#results.at(-1);
    const answer = result?.result ?? "";
    const failure = result === undefined ? noResult(end) : failureOf(result);
    const waits = result?.terminal_reason === "tool_deferred" ? result.deferred_tool_use : undefined;
    const session = result?.session_id;
    return {
      answer,
      used: this.#used(),
      ...(failure === undefined ? {} : { failure }),
      ...(waits == null ? {} : { deferred: { tool: waits.name, input: waits.input, use: waits.id, session } }),
    };
  }

  /** What the result says; for a run that was ended before it, what its messages say. */
  #used(): Used | undefined {
    const usages =
      this.#results.length === 0
        ? [...this.#messages.values()].map(({ usage }) => usage)
        : this.#results.map(({ usage }) => usage);
    if (usages.length === 0) return undefined;
    const sum = (name: keyof z.infer<typeof usageSchema>) => usages.reduce((all, usage) => all + usage[name], 0);
    const cost = this.#results.at(-1)?.total_cost_usd;
    return {
      model: this.#model,
      turns:
        this.#results.length === 0
          ? usages.length
          : this.#results.reduce((turns, { num_turns }) => turns + num_turns, 0),
      inputTokens: sum("input_tokens"),
      outputTokens: sum("output_tokens"),
      cacheReadTokens: sum("cache_read_input_tokens"),
      cacheWriteTokens: sum("cache_creation_input_tokens"),
      cost: cost === undefined ? undefined : Math.max(0, cost - this.#costBefore),
    };
  }
}

/** A failed call of the model has the subtype "success" too: only `is_error` tells. */
function failureOf({ is_error, api_error_status, subtype, result, errors }: Result): Failure | undefined {
  if (!is_error) return undefined;
  const text = [result, ...errors].filter((each) => each !== "").join(" ") || subtype;
  if (api_error_status === 401 || api_error_status === 403 || /not logged in/i.test(text))
    return { kind: "login", text };
  const limits = ["error_max_turns", "error_max_budget_usd"];
  return { kind: limits.includes(subtype) ? "limit" : "other", text };
}

function noResult(end: ProgramEnd | undefined): Failure | undefined {
  return end === undefined ? undefined : { kind: "other", text: end.errors };
}
