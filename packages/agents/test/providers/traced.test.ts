import { MeshError, type Opinion } from "@memomesh/core";
import {
  type Attributes,
  type Meter,
  metrics,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelFailure, type ModelProvider, type Reply } from "../../src/model.ts";
import { traced } from "../../src/providers/traced.ts";
import { tracedOpinion } from "../../src/traced-agent.ts";
import { question } from "../second-opinion/question.ts";
import { asking } from "./vendors.ts";

interface Seen {
  readonly name: string;
  readonly attributes: Attributes;
  status: unknown;
  ended: boolean;
}

let spans: Seen[];
let measured: { readonly name: string; readonly value: number; readonly attributes: Attributes }[];

/** As much of an OpenTelemetry SDK as shows what it would be told. */
function register(): void {
  const startActiveSpan = (name: string, options: SpanOptions, run: (span: Span) => unknown) => {
    const seen: Seen = { name, attributes: { ...options.attributes }, status: undefined, ended: false };
    spans.push(seen);
    const span = {
      setAttribute: (key: string, value: string) => Object.assign(seen.attributes, { [key]: value }),
      setAttributes: (attributes: Attributes) => Object.assign(seen.attributes, attributes),
      setStatus: (status: unknown) => {
        seen.status = status;
      },
      end: () => {
        seen.ended = true;
      },
    };
    return run(span as unknown as Span);
  };
  const createHistogram = (name: string) => ({
    record: (value: number, attributes: Attributes) => measured.push({ name, value, attributes }),
  });
  trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) as unknown as Tracer });
  metrics.setGlobalMeterProvider({ getMeter: () => ({ createHistogram }) as unknown as Meter });
}

beforeEach(() => {
  spans = [];
  measured = [];
});
afterEach(() => {
  trace.disable();
  metrics.disable();
});

const reply: Reply = {
  message: { role: "assistant", text: "the secret plan", calls: [] },
  stop: "finished",
  usage: { inputTokens: 10, cacheReadTokens: 100, cacheWriteTokens: 20, outputTokens: 7 },
  model: "claude-test-1",
};
const provider = (answer: () => Promise<Reply>): ModelProvider =>
  traced({ system: "anthropic", model: "claude-test", reply: answer });
const ask = (of: ModelProvider, signal = new AbortController().signal) =>
  of.reply(asking("tell me the secret"), { signal, onText: () => {} });

const named = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-test",
};

test("makes a call a span with the conventions' names, and nothing of what was said", async () => {
  register();
  expect(await ask(provider(async () => reply))).toBe(reply);
  expect(spans).toEqual([
    {
      name: "chat claude-test",
      attributes: {
        ...named,
        "gen_ai.request.max_tokens": 4096,
        "gen_ai.response.model": "claude-test-1",
        "gen_ai.response.finish_reasons": ["finished"],
        "gen_ai.usage.input_tokens": 130,
        "gen_ai.usage.output_tokens": 7,
        "gen_ai.usage.cache_read.input_tokens": 100,
        "gen_ai.usage.cache_creation.input_tokens": 20,
      },
      status: undefined,
      ended: true,
    },
  ]);
  expect(JSON.stringify([spans, measured])).not.toContain("secret");
});

test("makes an opinion a span too, with what it has used, also when it could not be had", async () => {
  register();
  const spending = { ...reply.usage, provider: "openai", model: "gpt-test-1", cost: 0.5 };
  const asked = (verdict: () => Opinion) =>
    tracedOpinion("second", { provider: "codex", model: "gpt-test" }, question(), async ({ journal }) => {
      await journal.write({ kind: "spent", spending });
      return verdict();
    });
  await asked(() => ({ agent: "second", verdict: "disagree", reasons: "secret", risks: [], findings: [] }));
  const silent = new MeshError("opinion.silent", "secret");
  const failed = asked(() => {
    throw silent;
  });
  await expect(failed).rejects.toBe(silent);
  expect(spans.map(({ name, ended }) => [name, ended])).toEqual([
    ["invoke_agent second", true],
    ["invoke_agent second", true],
  ]);
  expect(spans[0]?.attributes).toMatchObject({
    ...{ "gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "gpt-test", "memomesh.node": "sysadmin" },
    ...{ "memomesh.outcome": "disagree", "gen_ai.usage.input_tokens": 130, "memomesh.cost": 0.5 },
  });
  expect(spans[1]?.attributes).toMatchObject({ "error.type": "opinion.silent", "memomesh.cost": 0.5 });
  expect(JSON.stringify(spans)).not.toContain("secret");
});

test("measures tokens and duration", async () => {
  register();
  await ask(provider(async () => reply));
  const attributes = { ...named, "gen_ai.response.model": "claude-test-1" };
  expect(measured).toEqual([
    { name: "gen_ai.client.token.usage", value: 130, attributes: { ...attributes, "gen_ai.token.type": "input" } },
    { name: "gen_ai.client.token.usage", value: 7, attributes: { ...attributes, "gen_ai.token.type": "output" } },
    { name: "gen_ai.client.operation.duration", value: expect.any(Number), attributes },
  ]);
});

test.each([
  [new ModelFailure("rate", "slow down"), false, "rate"],
  [new Error("cancelled"), true, "cancelled"],
  [new TypeError("a mistake"), false, "_OTHER"],
])("says of a call that failed with %s what kind of failure it was", async (error, cancelled, type) => {
  register();
  const signal = cancelled ? AbortSignal.abort(error) : undefined;
  await expect(
    ask(
      provider(() => Promise.reject(error)),
      signal,
    ),
  ).rejects.toBe(error);
  expect(spans).toMatchObject([
    { attributes: { "error.type": type }, status: { code: SpanStatusCode.ERROR, message: type }, ended: true },
  ]);
  expect(measured.map(({ name, attributes }) => [name, attributes["error.type"]])).toEqual([
    ["gen_ai.client.operation.duration", type],
  ]);
});

test("changes nothing when nobody listens", async () => {
  expect(await ask(provider(async () => reply))).toBe(reply);
  expect([spans, measured]).toEqual([[], []]);
});
