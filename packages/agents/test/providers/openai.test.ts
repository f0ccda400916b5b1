import { describe, expect, test, vi } from "vitest";
import type { Message } from "../../src/model.ts";
import { events, refusal } from "./raw-server.ts";
import { addTool, asking, rawVendor, replied } from "./vendors.ts";

const { server, make } = await rawVendor("openai");

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: "c",
  model: "gpt-test-1",
  choices: [{ index: 0, delta, finish_reason }],
});
const stop = chunk({}, "stop");
const done = "data: [DONE]\n\n";
const say = (...pieces: readonly string[]) => events(...pieces.map((content) => chunk({ content })), stop, done);

test("sends system, tools and results in the form of Chat Completions", async () => {
  server.answers(say("Fine."));
  const messages: Message[] = [
    { role: "user", text: "add" },
    { role: "assistant", text: "", calls: [{ id: "t1", name: "add", input: "no json" }] },
    { role: "results", results: [{ id: "t1", name: "add", text: "no numbers", failed: true }] },
  ];
  await replied(await make({ temperature: 0.5, effort: "low" }), asking("", { messages }));
  const [{ body, headers, path }] = server.received as [(typeof server.received)[0]];
  expect(path).toBe("/v1/chat/completions");
  expect(headers.authorization).toBe("Bearer test-key-1");
  expect(body).toEqual({
    model: "gpt-test",
    max_tokens: 4096,
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0.5,
    reasoning_effort: "low",
    tools: [
      { type: "function", function: { name: "add", description: "Adds two numbers.", parameters: addTool.input } },
    ],
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "add" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "t1", type: "function", function: { name: "add", arguments: '{"unreadable":"no json"}' } }],
      },
      { role: "tool", tool_call_id: "t1", content: "Error: no numbers" },
    ],
  });
});

test("uses the name for the limit that the configuration says", async () => {
  server.answers(say("Fine."));
  await replied(await make({ maxTokensField: "max_completion_tokens" }), asking("x"));
  expect(server.received[0]?.body).toMatchObject({ max_completion_tokens: 4096 });
  expect(server.received[0]?.body).not.toHaveProperty("max_tokens");
});

test("needs no key for a server on this machine, and shows it none", async () => {
  vi.stubEnv("OPENAI_API_KEY", "sk-of-openai");
  server.answers(say("Fine."));
  await replied(await make({ keyEnv: undefined }), asking("x"));
  expect(server.received[0]?.headers.authorization).toBe("Bearer none");
});

test("counts what came from the cache as part of the input, and thoughts as part of the output", async () => {
  const usage = {
    prompt_tokens: 1000,
    completion_tokens: 60,
    prompt_tokens_details: { cached_tokens: 700, cache_write_tokens: 100 },
    completion_tokens_details: { reasoning_tokens: 50 },
  };
  server.answers(events(chunk({ content: "Fine." }), stop, { choices: [], usage }, done));
  const expected = { inputTokens: 200, cacheReadTokens: 700, cacheWriteTokens: 100, outputTokens: 60 };
  expect((await replied(await make(), asking("x"))).usage).toEqual(expected);
  const deepseek = { prompt_tokens: 1000, completion_tokens: 60, prompt_cache_hit_tokens: 700 };
  server.answers(events(chunk({ content: "Fine." }), { ...stop, usage: deepseek }, done));
  expect((await replied(await make(), asking("x"))).usage).toMatchObject({ inputTokens: 300, cacheReadTokens: 700 });
});

describe("thoughts", () => {
  const calls = [{ index: 0, id: "t1", type: "function", function: { name: "add", arguments: "{}" } }];
  const results: Message = { role: "results", results: [{ id: "t1", name: "add", text: "3", failed: false }] };

  test.each(["reasoning_content", "reasoning"])(
    "in %s stay out of the text, and go back while tools are used",
    async (field) => {
      server.answers(
        events(
          chunk({ [field]: "Let me " }),
          chunk({ [field]: "see." }),
          chunk({ content: "I add." }),
          chunk({ tool_calls: calls }),
          chunk({}, "tool_calls"),
          done,
        ),
        say("3."),
      );
      const { message, pieces } = await replied(await make(), asking("x"));
      expect(message.text).toBe("I add.");
      expect(pieces).toEqual(["I add."]);
      const kept = JSON.parse(JSON.stringify(message)) as Message;
      await replied(await make(), asking("", { messages: [{ role: "user", text: "x" }, kept, results] }));
      expect(server.received[1]?.body.messages[2]).toMatchObject({ [field]: "Let me see.", content: "I add." });
    },
  );

  test("do not go back when the answer was final", async () => {
    server.answers(events(chunk({ reasoning_content: "Hm." }), chunk({ content: "3." }), stop, done), say("ok"));
    const { message } = await replied(await make(), asking("x"));
    await replied(
      await make(),
      asking("", { messages: [{ role: "user", text: "x" }, message, { role: "user", text: "?" }] }),
    );
    expect(server.received[1]?.body.messages[2]).toEqual({ role: "assistant", content: "3." });
  });

  test.each([
    ["before the text", ["<think>\nHm, <b>.\n</think>\n\nThe answer."], "The answer."],
    ["in crumbs", ["<th", "ink>Hm", "</thi", "nk>", "\n", "The ", "answer."], "The answer."],
    ["that nobody opened", ["Hm, hm.\n</think>\n\nThe answer."], "The answer."],
    ["that are only talked about", ["Write `<think>` and `</think>`."], "Write `<think>` and `</think>`."],
    ["that are none", ["<thin", " ice"], "<thin ice"],
    ["that are not even half a tag", ["<th"], "<th"],
    ["behind the text", ["A.\n<think>\nB\n</think>\n"], "A.\n<think>\nB\n</think>\n"],
  ])("in tags %s are told from text", async (_, pieces, text) => {
    server.answers(say(...pieces));
    expect((await replied(await make(), asking("x"))).message.text).toBe(text);
  });
});

describe("calls", () => {
  const call = (part: object, written: object) => ({ ...part, function: written });
  const read = async (...deltas: readonly object[]) => {
    server.answers(events(...deltas.map((each) => chunk({ tool_calls: [each] })), chunk({}, "stop"), done));
    const messages: Message[] = [
      { role: "user", text: "x" },
      { role: "assistant", text: "", calls: [{ id: "call_0", name: "add", input: {} }] },
      { role: "results", results: [{ id: "call_0", name: "add", text: "1", failed: false }] },
    ];
    const reply = await replied(await make(), asking("", { messages }));
    expect(reply.stop).toBe("tools");
    return reply.message.calls;
  };

  test("come together from pieces", async () => {
    const calls = await read(
      call({ index: 0, id: "a" }, { name: "add", arguments: "" }),
      call({ index: 0 }, { arguments: '{"a":' }),
      call({ index: 1, id: "b" }, { name: "add", arguments: '{"a":2}' }),
      call({ index: 0 }, { arguments: "1}" }),
    );
    expect(calls).toEqual([
      { id: "a", name: "add", input: { a: 1 } },
      { id: "b", name: "add", input: { a: 2 } },
    ]);
  });

  test("are told apart when all have the same number, or none", async () => {
    const same = await read(
      call({ index: 0, id: "a" }, { name: "add", arguments: '{"a":1}' }),
      call({ index: 0, id: "b" }, { name: "add", arguments: '{"a":2}' }),
    );
    const none = await read(
      call({ id: "a" }, { name: "add", arguments: '{"a":1}' }),
      call({ id: "b" }, { name: "add", arguments: { a: 2 } }),
    );
    expect(same).toEqual(none);
    expect(same.map(({ input }) => input)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test("get an id of their own when the server gives none, or one that is taken", async () => {
    const calls = await read(
      call({ index: 0, id: "call_0" }, { name: "add", arguments: "{}" }),
      call({ index: 1 }, { name: "add", arguments: "" }),
    );
    expect(calls.map(({ input }) => input)).toEqual([{}, {}]);
    expect(new Set(["call_0", "", ...calls.map(({ id }) => id)]).size).toBe(4);
  });

  test("keep arguments that are no JSON as text", async () => {
    expect(await read(call({ index: 0, id: "a" }, { name: "add", arguments: '{"a": 1, "b' }))).toEqual([
      { id: "a", name: "add", input: '{"a": 1, "b' },
    ]);
  });
});

test("survives chunks, fields and reasons that are new", async () => {
  server.answers(
    events(
      ": keep-alive\n\n",
      { object: "chat.completion.weather", choices: null },
      chunk({ role: "assistant", content: null, hologram: {} }),
      { ...chunk({ content: "Still here." }), mood: "cheerful" },
      { choices: [{ index: 0, finish_reason: "ascended" }] },
      done,
    ),
  );
  const reply = await replied(await make(), asking("x"));
  expect(reply).toMatchObject({ stop: "other", model: "gpt-test-1", message: { text: "Still here." } });
});

test("takes a refusal of the model as refused", async () => {
  server.answers(events(chunk({ refusal: "I would rather not." }), stop, done));
  expect(await replied(await make(), asking("x"))).toMatchObject({
    stop: "refused",
    message: { text: "I would rather not." },
  });
});

test.each([
  [{ message: "busy", type: "server_error" }, "unavailable"],
  [{ message: "slow down", code: "rate_limit_exceeded" }, "rate"],
])("takes an error in the middle of a stream as what it is", async (error, kind) => {
  server.answers(events(chunk({ content: "Wel" }), { error }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({ kind });
});

test.each([
  [429, { code: "insufficient_quota", message: "You exceeded your current quota." }, "request"],
  [400, { code: "context_length_exceeded", message: "Too much." }, "too-long"],
  [400, { message: "This model's maximum context length is 8192 tokens." }, "too-long"],
  [400, { code: "model_not_found", message: "No." }, "model"],
])("tells refusals apart by their words: %i %j", async (status, error, kind) => {
  server.answers(refusal(status, { error }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({ kind });
});

test("takes a stream without an end as unavailable", async () => {
  server.answers(events(chunk({ content: "Wel" })));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({ kind: "unavailable" });
});
