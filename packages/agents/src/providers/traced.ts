import {
  type Attributes,
  type Histogram,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { ModelFailure, type ModelProvider, type Reply } from "../model.ts";

const scope = "memomesh";
/** Boundaries that the conventions advise. */
const secondsBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const tokenBuckets = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

/**
 * The same provider, each of whose calls becomes a span and is measured. Nothing of what is said goes into them. Without
 * an OpenTelemetry SDK that somebody has registered, nothing happens.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai: spans of inference, client metrics (in development)
 */
export function traced(provider: ModelProvider): ModelProvider {
  const { system, model } = provider;
  const named: Attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": system,
    "gen_ai.request.model": model,
  };
  return {
    system,
    model,
    reply(request, options) {
      const attributes = { ...named, "gen_ai.request.max_tokens": request.maxOutputTokens };
      return trace
        .getTracer(scope)
        .startActiveSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
          const start = performance.now();
          let outcome: Attributes = named;
          try {
            const reply = await provider.reply(request, options);
            outcome = { ...named, "gen_ai.response.model": reply.model };
            describe(span, reply);
            countTokens(reply, outcome);
            return reply;
          } catch (error) {
            const type = errorType(error, options.signal);
            outcome = { ...named, "error.type": type };
            span.setAttribute("error.type", type);
            span.setStatus({ code: SpanStatusCode.ERROR, message: type });
            throw error;
          } finally {
            duration().record((performance.now() - start) / 1000, outcome);
            span.end();
          }
        });
    },
  };
}

/** The conventions count what was read from caches and written to them as input, too. */
function inputOf({ usage }: Reply): number {
  return usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

function describe(span: Span, reply: Reply): void {
  const { usage } = reply;
  span.setAttributes({
    "gen_ai.response.model": reply.model,
    "gen_ai.response.finish_reasons": [reply.stop],
    "gen_ai.usage.input_tokens": inputOf(reply),
    "gen_ai.usage.output_tokens": usage.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cacheReadTokens,
    "gen_ai.usage.cache_creation.input_tokens": usage.cacheWriteTokens,
  });
}

function countTokens(reply: Reply, attributes: Attributes): void {
  const used = metrics.getMeter(scope).createHistogram("gen_ai.client.token.usage", {
    description: "Tokens of one call.",
    unit: "{token}",
    advice: { explicitBucketBoundaries: tokenBuckets },
  });
  used.record(inputOf(reply), { ...attributes, "gen_ai.token.type": "input" });
  used.record(reply.usage.outputTokens, { ...attributes, "gen_ai.token.type": "output" });
}

/** Asked for at each call: who registers an SDK later is not missed, and an SDK gives the same instrument again. */
function duration(): Histogram {
  return metrics.getMeter(scope).createHistogram("gen_ai.client.operation.duration", {
    description: "Duration of one call.",
    unit: "s",
    advice: { explicitBucketBoundaries: secondsBuckets },
  });
}

function errorType(error: unknown, signal: AbortSignal): string {
  if (error instanceof ModelFailure) return error.kind;
  return signal.aborted ? "cancelled" : "_OTHER";
}
