import { type AgentConfig, type Memo, MeshError, type Opinion } from "@memomesh/core";
import { type Attributes, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Agent, SessionContext, SessionJournal, SessionNode, Spending } from "./agent.ts";
import type { OpinionQuestion } from "./second-opinion/question.ts";

/**
 * The same agent, each of whose sessions becomes a span; calls of models within it become its children. It says who worked
 * for how much on which memo, never what was said. Without an OpenTelemetry SDK that somebody has registered, nothing happens.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai: "Invoke agent internal span" (in development)
 */
export function tracedAgent(agent: Agent): Agent {
  return {
    ...agent,
    work: (context) => {
      const { session, node, memo } = context;
      const about = { "gen_ai.conversation.id": session, ...aboutWork(node, memo) };
      return invoked({ ...agent, about }, context, agent.work, ({ outcome }) => outcome.kind);
    },
  };
}

/** The same for an opinion that an agent is asked for; its verdict is the outcome. */
export function tracedOpinion(
  name: string,
  { model }: AgentConfig,
  question: OpinionQuestion,
  ask: (question: OpinionQuestion) => Promise<Opinion>,
): Promise<Opinion> {
  const about = aboutWork(question.node, question.memo);
  const who = { name, about, ...(typeof model === "string" ? { model } : {}) };
  return invoked(who, question, ask, ({ verdict }) => verdict);
}

function aboutWork(node: SessionNode, memo: Memo | undefined): Attributes {
  return { "memomesh.node": node.id, "memomesh.memo": memo?.header.id ?? "" };
}

interface Invoked extends Pick<Agent, "name" | "model"> {
  readonly about: Attributes;
}

function invoked<Context extends Pick<SessionContext, "journal" | "signal">, Result>(
  { name, model, about }: Invoked,
  context: Context,
  work: (context: Context) => Promise<Result>,
  outcomeOf: (result: Result) => string,
): Promise<Result> {
  const attributes = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": name,
    ...(model === undefined ? {} : { "gen_ai.request.model": model }),
    ...about,
  };
  return trace.getTracer("memomesh").startActiveSpan(`invoke_agent ${name}`, { attributes }, async (span) => {
    const spent: Spending[] = [];
    try {
      const result = await work({ ...context, journal: watched(context.journal, spent) });
      span.setAttribute("memomesh.outcome", outcomeOf(result));
      return result;
    } catch (error) {
      fail(span, error, context.signal);
      throw error;
    } finally {
      span.setAttributes(sumOf(spent));
      span.end();
    }
  });
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
