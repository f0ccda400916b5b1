import { expect, test, vi } from "vitest";
import type { Message } from "../../src/model.ts";
import { events, refusal } from "./raw-server.ts";
import { addTool, asking, rawVendor, replied } from "./vendors.ts";

const { server, make } = await rawVendor("gemini");

const chunk = (parts: readonly object[], more: object = {}) => ({
  candidates: [{ index: 0, content: { role: "model", parts }, ...more }],
  modelVersion: "gemini-test-001",
});
const stop = { finishReason: "STOP" };
const hello = events(chunk([{ text: "Hello." }], stop));

test("sends system, tools and results in Gemini's form", async () => {
  server.answers(hello);
  const messages: Message[] = [
    { role: "user", text: "add" },
    { role: "assistant", text: "Well.", calls: [{ id: "t1", name: "add", input: { a: 1, b: 2 } }] },
    {
      role: "results",
      results: [
        { id: "t1", name: "add", text: "3", failed: false },
        { id: "t2", name: "add", text: "no", failed: true },
      ],
    },
  ];
  await replied(await make({ temperature: 0.5, thinking: 512 }), asking("", { messages }));
  const [{ body, headers, path }] = server.received as [(typeof server.received)[0]];
  expect(path).toBe("/v1beta/models/gemini-test:streamGenerateContent?alt=sse");
  expect(headers["x-goog-api-key"]).toBe("test-key-1");
  expect(body).toEqual({
    contents: [
      { role: "user", parts: [{ text: "add" }] },
      {
        role: "model",
        parts: [
          { text: "Well." },
          {
            functionCall: { id: "t1", name: "add", args: { a: 1, b: 2 } },
            thoughtSignature: "skip_thought_signature_validator",
          },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "t1", name: "add", response: { output: "3" } } },
          { functionResponse: { id: "t2", name: "add", response: { error: "no" } } },
        ],
      },
    ],
    systemInstruction: { role: "user", parts: [{ text: "Be brief." }] },
    tools: [
      {
        functionDeclarations: [{ name: "add", description: "Adds two numbers.", parametersJsonSchema: addTool.input }],
      },
    ],
    generationConfig: { maxOutputTokens: 4096, temperature: 0.5, thinkingConfig: { thinkingBudget: 512 } },
  });
});

test("speaks the version of the API that it is told, and thinks as hard", async () => {
  server.answers(hello);
  await replied(await make({ apiVersion: "v9alpha", effort: "low" }), asking("x"));
  expect(server.received[0]?.path).toContain("/v9alpha/");
  expect(server.received[0]?.body.generationConfig.thinkingConfig).toEqual({ thinkingLevel: "LOW" });
});

test("gives signed thoughts back as they came, and makes ids that Gemini never sees", async () => {
  server.answers(
    events(
      chunk([{ text: "Hm.", thought: true }]),
      chunk([{ text: "I " }]),
      chunk([{ text: "add." }]),
      chunk([{ functionCall: { name: "add", args: { a: 1 } }, thoughtSignature: "c2lnMQ==" }]),
      chunk([{ functionCall: { id: "g2", name: "add", args: { a: 2 } } }]),
      chunk([{ text: "", thoughtSignature: "c2lnMg==" }], stop),
    ),
    hello,
  );
  const { message, stop: why, pieces } = await replied(await make(), asking("x"));
  expect(pieces).toEqual(["I ", "add."]);
  expect(message.text).toBe("I add.");
  expect(why).toBe("tools");
  expect(message.calls.map(({ input }) => input)).toEqual([{ a: 1 }, { a: 2 }]);
  expect(message.calls[0]?.id).not.toBe("");
  const results = message.calls.map(({ id, name }) => ({ id, name, text: "3", failed: false }));
  const messages: Message[] = [
    { role: "user", text: "x" },
    JSON.parse(JSON.stringify(message)) as Message,
    { role: "results", results },
  ];
  await replied(await make(), asking("", { messages }));
  expect(server.received[1]?.body.contents.slice(1)).toEqual([
    {
      role: "model",
      parts: [
        { text: "Hm.", thought: true },
        { text: "I add." },
        { functionCall: { name: "add", args: { a: 1 } }, thoughtSignature: "c2lnMQ==" },
        { functionCall: { id: "g2", name: "add", args: { a: 2 } } },
        { text: "", thoughtSignature: "c2lnMg==" },
      ],
    },
    {
      role: "user",
      parts: [
        { functionResponse: { name: "add", response: { output: "3" } } },
        { functionResponse: { id: "g2", name: "add", response: { output: "3" } } },
      ],
    },
  ]);
});

test("survives chunks, parts, fields and reasons that are new", async () => {
  server.answers(
    events(
      { weather: "rain" },
      { candidates: [] },
      chunk([{ hologram: { shape: "cube" } }, {}, { text: "Still here." }], { mood: "cheerful" }),
      { candidates: [{ finishReason: "ASCENDED" }] },
    ),
  );
  expect(await replied(await make(), asking("x"))).toMatchObject({
    stop: "other",
    model: "gemini-test-001",
    message: { text: "Still here.", calls: [] },
  });
});

test("counts what came from the cache as part of the prompt, and thoughts as output", async () => {
  const usageMetadata = {
    promptTokenCount: 1000,
    cachedContentTokenCount: 700,
    toolUsePromptTokenCount: 50,
    candidatesTokenCount: 20,
    thoughtsTokenCount: 80,
  };
  server.answers(events({ ...chunk([{ text: "Fine." }], stop), usageMetadata }));
  expect((await replied(await make(), asking("x"))).usage).toEqual({
    inputTokens: 350,
    cacheReadTokens: 700,
    cacheWriteTokens: 0,
    outputTokens: 100,
  });
});

test.each([
  ["the prompt", { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }],
  ["the answer", { candidates: [{ finishReason: "SAFETY" }] }],
])("takes it as refused when %s is blocked", async (_, last) => {
  server.answers(events(last));
  expect(await replied(await make(), asking("x"))).toMatchObject({ stop: "refused", message: { text: "" } });
});

test("takes a call that Google could not read as unavailable", async () => {
  server.answers(events({ candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL" }] }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({ kind: "unavailable" });
});

test("reads from the body how long to wait when no header says it", async () => {
  const error = {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "Quota exceeded.",
    details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "17.5s" }],
  };
  server.answers(refusal(429, { error }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({
    kind: "rate",
    retryAfter: 17_500,
    message: "Gemini refused the call (429): Quota exceeded.",
  });
});

test.each([
  [400, "API key not valid. Please pass a valid API key.", "login"],
  [400, "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).", "too-long"],
  [404, "models/gemini-old is not found for API version v1beta.", "model"],
])("tells refusals apart by their words: %i %s", async (code, message, kind) => {
  server.answers(refusal(code, { error: { code, message, status: "INVALID_ARGUMENT" } }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({ kind });
});

test("takes an error in the middle of a stream as what it is", async () => {
  const error = { code: 503, status: "UNAVAILABLE", message: "The model is overloaded." };
  server.answers(events(chunk([{ text: "Wel" }]), { error }));
  await expect(replied(await make(), asking("x"))).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("The model is overloaded."),
  });
});

test("looks for its key in both of Google's variables", async () => {
  server.answers(hello);
  vi.stubEnv("GEMINI_API_KEY", undefined);
  vi.stubEnv("GOOGLE_API_KEY", "test-key-2");
  await replied(await make({ keyEnv: undefined }), asking("x"));
  expect(server.received[0]?.headers["x-goog-api-key"]).toBe("test-key-2");
});
