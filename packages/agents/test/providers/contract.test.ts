import { LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Message, ModelFailure } from "../../src/model.ts";
import { asking, replied, testKeys, vendorAt, vendors } from "./vendors.ts";

const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
beforeAll(() => mock.start());
afterAll(() => mock.stop());
beforeEach(testKeys);
afterEach(() => {
  vi.unstubAllEnvs();
  mock.reset();
});

async function failure(call: Promise<unknown>): Promise<ModelFailure> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ModelFailure);
  return error as ModelFailure;
}

describe.each(Object.keys(vendors))("%s", (name) => {
  const make = (options: object = {}) => vendorAt(name, mock.url, options);

  test("answers with text, and shows it as it comes", async () => {
    mock.onMessage("hello", { content: "Good morning, and welcome to the mesh." }, { chunkSize: 7 });
    const reply = await replied(await make(), asking("hello"));
    expect(reply.message).toMatchObject({ text: "Good morning, and welcome to the mesh.", calls: [] });
    expect(reply.stop).toBe("finished");
    expect(reply.pieces.length).toBeGreaterThan(2);
    expect(reply.pieces.join("")).toBe(reply.message.text);
  });

  test("uses several tools at once, and reads their results", async () => {
    mock.on(
      { userMessage: "sum", hasToolResult: false },
      {
        content: "Let me add.",
        toolCalls: [
          { name: "add", arguments: { a: 1, b: 2 } },
          { name: "add", arguments: { a: 3, b: 4 } },
        ],
      },
    );
    const seen: string[] = [];
    mock.on({ userMessage: "sum", hasToolResult: true }, (request) => {
      seen.push(
        ...request.messages.filter(({ role }) => role === "tool").map(({ content }) => JSON.stringify(content)),
      );
      return { content: "3 and 7." };
    });
    const agent = await make();
    const first = await replied(agent, asking("sum"));
    expect(first.stop).toBe("tools");
    expect(first.message.text).toBe("Let me add.");
    const { calls } = first.message;
    expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
      { name: "add", input: { a: 1, b: 2 } },
      { name: "add", input: { a: 3, b: 4 } },
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);

    const conversation: Message[] = [
      { role: "user", text: "sum" },
      // As a session keeps it: JSON in a file.
      JSON.parse(JSON.stringify(first.message)) as Message,
      {
        role: "results",
        results: calls.map(({ id, name }, index) => ({ id, name, text: `result ${index}`, failed: index === 1 })),
      },
    ];
    const second = await replied(agent, asking("", { messages: conversation }));
    expect(second.message.text).toBe("3 and 7.");
    expect(seen).toHaveLength(2);
    expect(seen[0]).toContain("result 0");
    expect(seen[1]).toContain("result 1");
  });

  test("goes on with a conversation that another vendor's model began", async () => {
    mock.on({ userMessage: "sum", hasToolResult: true }, { content: "3." });
    const messages: Message[] = [
      { role: "user", text: "sum" },
      {
        ...{ role: "assistant", text: "", calls: [{ id: "x-1", name: "add", input: "no json" }] },
        native: { by: "someone else", form: ["strange"] },
      },
      { role: "results", results: [{ id: "x-1", name: "add", text: "3", failed: false }] },
    ];
    expect((await replied(await make(), asking("", { messages }))).message.text).toBe("3.");
  });

  test("says when the answer ran into its limit", async () => {
    mock.onMessage("long", { content: "Once upon", finishReason: "length" });
    expect((await replied(await make(), asking("long"))).stop).toBe("length");
  });

  test("says at 429 how long to wait, and tries only once", async () => {
    mock.onMessage("busy", { error: { message: "slow down", type: "rate_limit_error" }, status: 429, retryAfter: 7 });
    const failed = await failure(replied(await make(), asking("busy")));
    expect(failed).toMatchObject({ kind: "rate", retryAfter: 7000, passing: true });
    expect(mock.getRequests()).toHaveLength(1);
  });

  test.each([500, 503, 529])("takes %i as unavailable, and tries only once", async (status) => {
    mock.onMessage("down", { error: { message: "overloaded", type: "overloaded_error" }, status });
    const failed = await failure(replied(await make(), asking("down")));
    expect(failed).toMatchObject({ kind: "unavailable", passing: true });
    expect(mock.getRequests()).toHaveLength(1);
  });

  test.each([
    [401, "login"],
    [403, "login"],
    [404, "model"],
    [400, "request"],
    [413, "too-long"],
  ] as const)("takes %i as %s, which does not pass by itself", async (status, kind) => {
    mock.onMessage("refuse", { error: { message: "no", type: "some_error" }, status });
    const failed = await failure(replied(await make(), asking("refuse")));
    expect(failed).toMatchObject({ kind, passing: false });
    expect(failed.message).not.toContain("test-key-1");
  });

  // The mock does not refuse in Bedrock's form; bedrock.test.ts does.
  test.skipIf(name === "bedrock")("tells a conversation that is too long from other refusals", async () => {
    mock.onMessage("huge", {
      error: { message: "prompt is too long: 210000 tokens > 200000 maximum", type: "invalid_request_error" },
      status: 400,
    });
    expect(await failure(replied(await make(), asking("huge")))).toMatchObject({ kind: "too-long" });
  });

  test("takes a stream that breaks off as unavailable", async () => {
    mock.onMessage(
      "torn",
      { content: "This sentence will never be finished." },
      { chunkSize: 5, truncateAfterChunks: 3 },
    );
    expect(await failure(replied(await make(), asking("torn")))).toMatchObject({ kind: "unavailable" });
  });

  test.each(["dropRate", "malformedRate", "disconnectRate"])("takes %s as unavailable", async (chaos) => {
    mock.onMessage("chaos", { content: "fine" }, { chaos: { [chaos]: 1 } });
    expect(await failure(replied(await make(), asking("chaos")))).toMatchObject({ kind: "unavailable" });
  });

  test("takes a server that is not there as unavailable", async () => {
    const gone = await vendorAt(name, "http://127.0.0.1:9");
    expect(await failure(replied(gone, asking("hello")))).toMatchObject({ kind: "unavailable" });
  });

  test("takes an empty answer as unavailable", async () => {
    mock.onMessage("silence", { content: "" });
    expect(await failure(replied(await make(), asking("silence")))).toMatchObject({ kind: "unavailable" });
  });

  test("stops in the middle of an answer when it is cancelled", async () => {
    mock.onMessage("story", { content: "word ".repeat(500) }, { chunkSize: 5, streamingProfile: { tps: 50 } });
    const cancel = new AbortController();
    const reason = new Error("the operator changed their mind");
    const { provider } = await make();
    const call = provider.reply(asking("story"), { signal: cancel.signal, onText: () => cancel.abort(reason) });
    await expect(call).rejects.toBe(reason);
  });

  test("does not begin when it is cancelled already", async () => {
    const reason = new Error("too late");
    await expect(replied(await make(), asking("hello"), AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(mock.getRequests()).toHaveLength(0);
  });

  test("gives up on a vendor that falls silent", async () => {
    mock.onMessage("slow", { content: "at last" }, { latency: 20_000 });
    const failed = await failure(replied(await make({ requestSeconds: 0.05 }), asking("slow")));
    expect(failed).toMatchObject({ kind: "unavailable" });
    expect(failed.message).toContain("sent nothing for 0.05 s");
  });

  test("lets an error of whoever reads the text through as it is", async () => {
    mock.onMessage("hello", { content: "Good morning." });
    const { provider } = await make();
    const own = new TypeError("my own mistake");
    const signal = new AbortController().signal;
    const call = provider.reply(asking("hello"), {
      signal,
      onText: () => {
        throw own;
      },
    });
    await expect(call).rejects.toBe(own);
  });
});
