import { expect, test } from "vitest";
import type { Message } from "../../src/model.ts";
import { events, refusal } from "./raw-server.ts";
import { addTool, asking, rawVendor, replied } from "./vendors.ts";

const { server, make } = await rawVendor("anthropic");

const start = (usage: object = { input_tokens: 5, output_tokens: 1 }) => ({
  type: "message_start",
  message: { id: "m", type: "message", role: "assistant", content: [], model: "claude-test-1", usage },
});
const block = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const delta = (index: number, piece: object) => ({ type: "content_block_delta", index, delta: piece });
const end = (stop_reason: string, usage: object = { output_tokens: 9 }) => [
  { type: "message_delta", delta: { stop_reason }, usage },
  { type: "message_stop" },
];
const said = (text: string) => [block(0, { type: "text", text: "" }), delta(0, { type: "text_delta", text })];
const hello = events(start(), ...said("Hello."), ...end("end_turn"));

test("sends system, tools and the conversation with marks for the cache", async () => {
  server.answers(hello);
  const messages: Message[] = [
    { role: "user", text: "one" },
    { role: "assistant", text: "", calls: [{ id: "t1", name: "add", input: { a: 1, b: 1 } }] },
    { role: "results", results: [{ id: "t1", name: "add", text: "2", failed: false }] },
    { role: "assistant", text: "It is 2.", calls: [] },
    { role: "user", text: "two" },
    { role: "user", text: "and three" },
  ];
  await replied(await make(), asking("", { messages }));
  const cache_control = { type: "ephemeral" };
  const [{ body, headers, path }] = server.received as [(typeof server.received)[0]];
  expect(path).toBe("/v1/messages");
  expect(headers.authorization).toBe("Bearer test-key-1");
  expect(headers["anthropic-version"]).toBe("2026-10-21");
  expect(body).toEqual({
    model: "claude-test",
    max_tokens: 4096,
    stream: true,
    system: [{ type: "text", text: "Be brief.", cache_control }],
    tools: [{ name: "add", description: "Adds two numbers.", input_schema: addTool.input }],
    messages: [
      { role: "user", content: [{ type: "text", text: "one" }] },
      { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "add", input: { a: 1, b: 1 } }] },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "t1", content: "2", is_error: false, cache_control }],
      },
      { role: "assistant", content: [{ type: "text", text: "It is 2." }] },
      {
        role: "user",
        content: [
          { type: "text", text: "two" },
          { type: "text", text: "and three", cache_control },
        ],
      },
    ],
  });
});

test("thinks within a budget that leaves room for the answer, or as the model sees fit", async () => {
  server.answers(hello);
  await replied(await make({ thinking: 2048 }), asking("x"));
  await replied(await make({ thinking: 50_000 }), asking("x"));
  await replied(await make({ thinking: 50_000 }), asking("x", { maxOutputTokens: 1500 }));
  await replied(await make({ thinking: "adaptive", effort: "high" }), asking("x"));
  expect(server.received.map(({ body }) => body.thinking)).toEqual([
    { type: "enabled", budget_tokens: 2048 },
    { type: "enabled", budget_tokens: 3072 },
    undefined,
    { type: "adaptive" },
  ]);
  expect(server.received[3]?.body.output_config).toEqual({ effort: "high" });
});

test("asks for the older API where a temperature is still known", async () => {
  server.answers(hello);
  await replied(await make({ temperature: 0.2 }), asking("x"));
  expect(server.received[0]?.headers["anthropic-version"]).toBe("2023-06-01");
  expect(server.received[0]?.body.temperature).toBe(0.2);
});

test("gives thoughts back as they came, but only to the model that had them", async () => {
  const thoughts = [
    { type: "thinking", thinking: "Add them.", signature: "c2lnbmVk" },
    { type: "redacted_thinking", data: "b3BhcXVl" },
  ];
  server.answers(
    events(
      start(),
      block(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "Add " }),
      delta(0, { type: "thinking_delta", thinking: "them." }),
      delta(0, { type: "signature_delta", signature: "c2lnbmVk" }),
      block(1, thoughts[1] as object),
      block(2, { type: "tool_use", id: "t1", name: "add", input: {}, caller: { type: "direct" } }),
      delta(2, { type: "input_json_delta", partial_json: '{"a":1,' }),
      delta(2, { type: "input_json_delta", partial_json: '"b":2}' }),
      ...end("tool_use"),
    ),
    hello,
  );
  const reply = await replied(await make(), asking("add"));
  expect(reply.message.text).toBe("");
  expect(reply.message.calls).toEqual([{ id: "t1", name: "add", input: { a: 1, b: 2 } }]);
  const messages: Message[] = [
    { role: "user", text: "add" },
    JSON.parse(JSON.stringify(reply.message)) as Message,
    { role: "results", results: [{ id: "t1", name: "add", text: "3", failed: false }] },
  ];
  await replied(await make(), asking("", { messages }));
  expect(server.received[1]?.body.messages[1].content).toEqual([
    ...thoughts,
    { type: "tool_use", id: "t1", name: "add", input: { a: 1, b: 2 }, caller: { type: "direct" } },
  ]);
  await replied(await make({ model: "claude-other" }), asking("", { messages }));
  expect(server.received[2]?.body.messages[1].content).toEqual([
    { type: "tool_use", id: "t1", name: "add", input: { a: 1, b: 2 } },
  ]);
});

test("survives events, blocks, fields and reasons that are new", async () => {
  server.answers(
    events(
      { ...start(), mood: "cheerful" },
      { type: "ping" },
      { type: "message_weather", forecast: "rain" },
      block(0, { type: "hologram", shape: "cube" }),
      delta(0, { type: "hologram_delta", vertices: 8 }),
      block(1, { type: "scent", name: "rose" }),
      block(2, { type: "text", text: "", citations: null }),
      delta(2, { type: "text_delta", text: "Still here.", tone: "calm" }),
      delta(2, { type: "sparkle_delta", sparkle: 1 }),
      delta(9, { type: "text_delta", text: "of a block that never began" }),
      { type: "content_block_stop", index: 2 },
      ...end("ascended"),
    ),
    hello,
  );
  const reply = await replied(await make(), asking("x"));
  expect(reply).toMatchObject({ stop: "other", model: "claude-test-1", message: { text: "Still here.", calls: [] } });
  const messages: Message[] = [{ role: "user", text: "x" }, reply.message, { role: "user", text: "go on" }];
  await replied(await make(), asking("", { messages }));
  expect(server.received[1]?.body.messages[1].content).toEqual([
    { type: "scent", name: "rose" },
    { type: "text", text: "Still here." },
  ]);
});

test("hands over arguments that are no JSON as text, and gives them back in a form that is taken", async () => {
  server.answers(
    events(
      start(),
      block(0, { type: "tool_use", id: "t1", name: "add", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"a": 1, "b' }),
      ...end("max_tokens"),
    ),
    hello,
  );
  const reply = await replied(await make(), asking("x"));
  expect(reply).toMatchObject({ stop: "length", message: { calls: [{ input: '{"a": 1, "b' }] } });
  await replied(await make(), asking("", { messages: [{ role: "user", text: "x" }, reply.message] }));
  expect(server.received[1]?.body.messages[1].content[0].input).toEqual({ unreadable: '{"a": 1, "b' });
});

test("counts what came from the cache and went into it apart from other input", async () => {
  server.answers(
    events(
      start({ input_tokens: 12, cache_read_input_tokens: 1000, cache_creation_input_tokens: 200, output_tokens: 1 }),
      ...said("Yes."),
      ...end("end_turn", { output_tokens: 40, cache_read_input_tokens: null }),
    ),
  );
  expect((await replied(await make(), asking("x"))).usage).toEqual({
    inputTokens: 12,
    cacheReadTokens: 1000,
    cacheWriteTokens: 200,
    outputTokens: 40,
  });
});

test.each([
  ["overloaded_error", "unavailable"],
  ["api_error", "unavailable"],
  ["rate_limit_error", "rate"],
  ["invalid_request_error", "request"],
  ["a_new_error", "unavailable"],
])("takes %s in the middle of a stream as %s", async (type, kind) => {
  server.answers(events(start(), ...said("Wel"), { type: "error", error: { type, message: "sorry" } }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({
    kind,
    message: expect.stringContaining("sorry"),
  });
});

test.each([
  ["an event that is no JSON", events(start(), "event: content_block_start\ndata: {oops\n\n")],
  ["an end before the end", events(start(), ...said("Wel"), { type: "content_block_stop", index: 0 })],
  ["a page of somebody else", events("<html>Please log in to the hotel's network.</html>")],
  ["nothing at all", events()],
])("takes %s as unavailable", async (_, answer) => {
  server.answers(answer);
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({ kind: "unavailable" });
});

test("does not take a refusal for an empty answer", async () => {
  server.answers(events(start(), ...end("refusal")));
  expect(await replied(await make(), asking("x"))).toMatchObject({ stop: "refused", message: { text: "", calls: [] } });
});

test("reads Retry-After in milliseconds", async () => {
  const error = { type: "error", error: { type: "rate_limit_error", message: "slow down" } };
  server.answers(refusal(429, error, { "retry-after-ms": "250", "retry-after": "9" }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({
    kind: "rate",
    retryAfter: 250,
    message: "Anthropic refused the call (429): slow down.",
  });
});
