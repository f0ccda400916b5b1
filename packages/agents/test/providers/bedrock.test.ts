import type { ServerResponse } from "node:http";
import { crc32 } from "node:zlib";
import { expect, test, vi } from "vitest";
import type { Message } from "../../src/model.ts";
import { refusal } from "./raw-server.ts";
import { addTool, asking, rawVendor, replied } from "./vendors.ts";

const { server, make } = await rawVendor("bedrock");

type Headers = Readonly<Record<string, string>>;

/** One frame of Amazon's event stream encoding. */
function frame(headers: Headers, body: object): Buffer {
  const named = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const size = Buffer.alloc(2);
      size.writeUInt16BE(value.length);
      return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), size, Buffer.from(value)]);
    }),
  );
  const payload = Buffer.from(JSON.stringify(body));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(named.length + payload.length + 16, 0);
  prelude.writeUInt32BE(named.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const checked = Buffer.concat([prelude, named, payload]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(checked));
  return Buffer.concat([checked, sum]);
}

const event = (name: string, body: object) =>
  frame({ ":message-type": "event", ":event-type": name, ":content-type": "application/json" }, body);
const exception = (name: string, message: string) =>
  frame({ ":message-type": "exception", ":exception-type": name, ":content-type": "application/json" }, { message });
const delta = (contentBlockIndex: number, piece: object) =>
  event("contentBlockDelta", { contentBlockIndex, delta: piece });
const stop = (stopReason: string) => event("messageStop", { stopReason });

const stream = (...frames: readonly Buffer[]) => {
  return (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream" });
    response.end(Buffer.concat(frames));
  };
};
const hello = stream(event("messageStart", { role: "assistant" }), delta(0, { text: "Hello." }), stop("end_turn"));

test("sends system, tools and the conversation with points for the cache", async () => {
  server.answers(hello);
  const messages: Message[] = [
    { role: "user", text: "add" },
    { role: "assistant", text: "", calls: [{ id: "t1", name: "add", input: { a: 1, b: 2 } }] },
    { role: "results", results: [{ id: "t1", name: "add", text: "", failed: true }] },
    { role: "user", text: "go on" },
  ];
  await replied(await make({ temperature: 0.5 }), asking("", { messages }));
  const [{ body, headers, path }] = server.received as [(typeof server.received)[0]];
  const cachePoint = { cachePoint: { type: "default" } };
  expect(path).toBe("/model/anthropic.claude-test/converse-stream");
  expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/eu-central-1\/bedrock/);
  expect(body).toEqual({
    system: [{ text: "Be brief." }, cachePoint],
    messages: [
      { role: "user", content: [{ text: "add" }, cachePoint] },
      { role: "assistant", content: [{ toolUse: { toolUseId: "t1", name: "add", input: { a: 1, b: 2 } } }] },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "t1", content: [{ text: "(nothing)" }], status: "error" } },
          { text: "go on" },
          cachePoint,
        ],
      },
    ],
    inferenceConfig: { maxTokens: 4096, temperature: 0.5 },
    toolConfig: {
      tools: [{ toolSpec: { name: "add", description: "Adds two numbers.", inputSchema: { json: addTool.input } } }],
    },
  });
});

test("sends no points for the cache to models that may not know them", async () => {
  server.answers(hello);
  await replied(await make({ model: "meta.llama-test" }), asking("x"));
  await replied(await make({ model: "meta.llama-test", cache: true }), asking("x"));
  const sent = server.received.map(({ body }) => JSON.stringify(body));
  expect(sent[0]).not.toContain("cachePoint");
  expect(sent[1]).toContain("cachePoint");
});

test("thinks within a budget, or as the model sees fit", async () => {
  server.answers(hello);
  await replied(await make({ thinking: 2048 }), asking("x"));
  await replied(await make({ thinking: "adaptive" }), asking("x"));
  expect(server.received.map(({ body }) => body.additionalModelRequestFields)).toEqual([
    { thinking: { type: "enabled", budget_tokens: 2048 } },
    { thinking: { type: "adaptive" } },
  ]);
});

test("gives signed thoughts back as they came", async () => {
  server.answers(
    stream(
      delta(0, { reasoningContent: { text: "Add " } }),
      delta(0, { reasoningContent: { text: "them." } }),
      delta(0, { reasoningContent: { signature: "c2lnbmVk" } }),
      delta(1, { reasoningContent: { redactedContent: "b3BhcXVl" } }),
      delta(2, { text: "I add." }),
      event("contentBlockStart", { contentBlockIndex: 3, start: { toolUse: { toolUseId: "t1", name: "add" } } }),
      delta(3, { toolUse: { input: '{"a":1,' } }),
      delta(3, { toolUse: { input: '"b":2}' } }),
      stop("tool_use"),
    ),
    hello,
  );
  const { message } = await replied(await make(), asking("x"));
  expect(message.text).toBe("I add.");
  expect(message.calls).toEqual([{ id: "t1", name: "add", input: { a: 1, b: 2 } }]);
  const kept = JSON.parse(JSON.stringify(message)) as Message;
  const results: Message = { role: "results", results: [{ id: "t1", name: "add", text: "3", failed: false }] };
  await replied(await make(), asking("", { messages: [{ role: "user", text: "x" }, kept, results] }));
  expect(server.received[1]?.body.messages[1].content).toEqual([
    { reasoningContent: { reasoningText: { text: "Add them.", signature: "c2lnbmVk" } } },
    { reasoningContent: { redactedContent: "b3BhcXVl" } },
    { text: "I add." },
    { toolUse: { toolUseId: "t1", name: "add", input: { a: 1, b: 2 } } },
  ]);
});

test("survives events, blocks, fields and reasons that are new", async () => {
  server.answers(
    stream(
      event("messageStart", { role: "assistant", mood: "cheerful" }),
      event("messageWeather", { forecast: "rain" }),
      event("contentBlockStart", { contentBlockIndex: 0, start: { hologram: { shape: "cube" } } }),
      delta(0, { hologram: { vertices: 8 } }),
      delta(1, { text: "Still here." }),
      event("contentBlockStop", { contentBlockIndex: 1 }),
      stop("ascended"),
      event("metadata", { usage: { inputTokens: 1, outputTokens: 2, joules: 3 }, forecast: "sun" }),
    ),
  );
  expect(await replied(await make(), asking("x"))).toMatchObject({
    stop: "other",
    message: { text: "Still here.", calls: [] },
  });
});

test("keeps arguments that are no JSON as text", async () => {
  server.answers(
    stream(
      event("contentBlockStart", { contentBlockIndex: 0, start: { toolUse: { toolUseId: "t1", name: "add" } } }),
      delta(0, { toolUse: { input: '{"a": 1, "b' } }),
      stop("max_tokens"),
    ),
  );
  expect(await replied(await make(), asking("x"))).toMatchObject({
    stop: "length",
    message: { calls: [{ input: '{"a": 1, "b' }] },
  });
});

test("counts what came from the cache and went into it apart from other input", async () => {
  const usage = { inputTokens: 12, outputTokens: 40, cacheReadInputTokens: 1000, cacheWriteInputTokens: 200 };
  server.answers(stream(delta(0, { text: "Fine." }), stop("end_turn"), event("metadata", { usage })));
  expect((await replied(await make(), asking("x"))).usage).toEqual({
    inputTokens: 12,
    cacheReadTokens: 1000,
    cacheWriteTokens: 200,
    outputTokens: 40,
  });
});

test.each([
  ["throttlingException", "rate"],
  ["modelStreamErrorException", "unavailable"],
  ["serviceUnavailableException", "unavailable"],
  ["validationException", "request"],
  ["newException", "unavailable"],
])("takes %s in the middle of a stream as %s", async (name, kind) => {
  server.answers(stream(delta(0, { text: "Wel" }), exception(name, "sorry")));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({ kind });
});

test.each([
  ["an end before the end", [delta(0, { text: "Wel" })]],
  ["a frame that is damaged", [delta(0, { text: "Wel" }).fill(0, 20, 30)]],
  ["half a frame", [delta(0, { text: "Wel" }).subarray(0, 25)]],
  ["a call that Bedrock could not read", [delta(0, { text: "Wel" }), stop("malformed_tool_use")]],
])("takes %s as unavailable", async (_, frames) => {
  server.answers(stream(...frames));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({ kind: "unavailable" });
});

test.each([
  [400, "ValidationException", "Input is too long for requested model.", "too-long"],
  [400, "ValidationException", "The provided model identifier is invalid.", "model"],
  [400, "ValidationException", "Malformed input request.", "request"],
  [404, "ResourceNotFoundException", "Could not resolve the model.", "model"],
  [403, "UnrecognizedClientException", "The security token included in the request is invalid.", "login"],
  [403, "ExpiredTokenException", "The security token included in the request is expired", "login"],
  [429, "ThrottlingException", "Too many requests.", "rate"],
  [424, "ModelErrorException", "The model failed.", "unavailable"],
  [408, "ModelTimeoutException", "The model took too long.", "unavailable"],
])("takes %i %s as what it is: %s", async (status, type, message, kind) => {
  server.answers(refusal(status, { message }, { "x-amzn-errortype": type, "retry-after": "3" }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({
    kind,
    retryAfter: 3000,
    message: expect.stringContaining(message.replace(/\.$/, "")),
  });
  expect(server.received).toHaveLength(1);
});

test("says what helps when there are no credentials, before anything is sent", async () => {
  server.answers(hello);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  for (const name of ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"]) vi.stubEnv(name, "/dev/null");
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({
    kind: "login",
    message: expect.stringMatching(/^the agent "worker" has no AWS credentials: .*AWS_PROFILE.*mesh\.yml\.$/),
  });
  await expect(replied(await make({ profile: "nobody" }), asking("x"))).rejects.toMatchObject({ kind: "login" });
  expect(server.received).toHaveLength(0);
});

test("says what helps when there is no region", async () => {
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  await expect(replied(await make({ region: undefined }), asking("x"))).rejects.toMatchObject({
    kind: "request",
    message: expect.stringContaining("Set AWS_REGION"),
  });
});
