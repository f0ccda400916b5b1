import { MeshError } from "@memomesh/core";
import { type Attributes, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Agent, SessionContext, SessionJournal, Spending } from "./agent.ts";

/**
 * The same agent, each of whose sessions becomes a span; calls of models within it become its children. It says who worked
 * for how much on which memo, never what was said. Without an OpenTelemetry SDK that somebody has registered, nothing happens.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai: "Invoke agent internal span" (in development)
 */
export function tracedAgent(agent: Agent): Agent {
  return {
    ...agent,
    work: (context) =>
      trace
        .getTracer("memomesh")
        .startActiveSpan(`invoke_agent ${agent.name}`, { attributes: begun(agent, context) }, async (span) => {
          const spent: Spending[] = [];
          try {
            const changeset = await agent.work({ ...context, journal: watched(context.journal, spent) });
            span.setAttribute("memomesh.outcome", changeset.outcome.kind);
            return changeset;
          } catch (error) {
            fail(span, error, context.signal);
            throw error;
          } finally {
            span.setAttributes(sumOf(spent));
            span.end();
          }
        }),
  };
}

function begun({ name, model }: Agent, { session, node, memo }: SessionContext): Attributes {
  return {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": name,
    "gen_ai.conversation.id": session,
    ...(model === undefined ? {} : { "gen_ai.request.model": model }),
    "memomesh.node": node.id,
    "memomesh.memo": memo.header.id ?? "",
  };
}

/** A session that fails has cost money, too: so it is not the changeset that is asked. */
function watched(journal: SessionJournal, spent: Spending[]): SessionJournal {
  return {
    earlier: journal.earlier,
    write: (entry) => {
      if (entry.kind === "spent") spent.push(entry.spending);
      return journal.write(entry);
    },
  };
}

function sumOf(spent: readonly Spending[]): Attributes {
  const last = spent.at(-1);
  if (last === undefined) return {};
  const sum = (amount: (spending: Spending) => number) => spent.reduce((total, each) => total + amount(each), 0);
  const known = spent.every(({ cost }) => cost !== undefined);
  return {
    "gen_ai.provider.name": last.provider,
    "gen_ai.response.model": last.model,
    // The conventions count what was read from caches and written to them as input.
    "gen_ai.usage.input_tokens": sum((each) => each.inputTokens + each.cacheReadTokens + each.cacheWriteTokens),
    "gen_ai.usage.output_tokens": sum((each) => each.outputTokens),
    "gen_ai.usage.cache_read.input_tokens": sum((each) => each.cacheReadTokens),
    "gen_ai.usage.cache_creation.input_tokens": sum((each) => each.cacheWriteTokens),
    ...(known ? { "memomesh.cost": sum(({ cost }) => cost ?? 0) } : {}),
  };
}

function fail(span: Span, error: unknown, signal: AbortSignal): void {
  const type = signal.aborted ? "cancelled" : error instanceof MeshError ? error.code : "_OTHER";
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}
