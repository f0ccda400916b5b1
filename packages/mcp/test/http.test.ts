import { request } from "node:http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeServer, type Serving, serveHttp } from "../src/index.ts";
import { call } from "./client.ts";
import { makeStudio, type Studio } from "./studio.ts";

const token = "a-token-that-nobody-can-guess";
let studio: Studio;
let serving: Serving;
let port: number;
const errors: unknown[] = [];

beforeAll(async () => {
  studio = await makeStudio();
  serving = await serveHttp({
    port: 0,
    token,
    make: () => nodeServer({ folder: studio.folder("ops") }, "0"),
    onError: (error) => errors.push(error),
  });
  port = Number(new URL(serving.url).port);
});
afterAll(async () => {
  await serving.close();
  await studio.remove();
  expect(errors).toEqual([]);
});

async function connectHttp(
  authorization = `Bearer ${token}`,
): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
  const transport = new StreamableHTTPClientTransport(new URL(serving.url), {
    requestInit: { headers: { authorization } },
  });
  const client = new Client({ name: "http-test", version: "1" });
  await client.connect(transport as Transport);
  return { client, transport };
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A request as a program of one's own would make it: fetch does not let Host be chosen. */
function send({
  method = "POST",
  path = "/mcp",
  headers = {},
  body = initialize,
}: Sent): Promise<{ status: number; text: string }> {
  const accept = "application/json, text/event-stream";
  const all = {
    host: `127.0.0.1:${port}`,
    authorization: `Bearer ${token}`,
    accept,
    "content-type": "application/json",
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers: all, agent: false }, (response) => {
      let text = "";
      response.on("data", (data) => (text += data));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(method === "GET" ? undefined : body);
  });
}

const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
});

describe("streamable HTTP", () => {
  test("serves two clients at once, each with a session of its own", async () => {
    const [one, other] = await Promise.all([connectHttp(), connectHttp()]);
    expect(one.transport.sessionId).not.toBe(other.transport.sessionId);
    const [status, state] = await Promise.all([call(one.client, "status"), call(other.client, "state")]);
    expect(status.data.node).toBe("ops");
    expect(state.text).toContain("Handover notes");
    await one.transport.terminateSession();
    expect((await call(other.client, "status")).data.node).toBe("ops");
    await Promise.all([one.client.close(), other.client.close()]);
  });

  test("does not know a session that was ended, or that was never begun", async () => {
    const { client, transport } = await connectHttp();
    const id = transport.sessionId ?? "";
    await transport.terminateSession();
    await client.close();
    const list = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" });
    expect((await send({ headers: { "mcp-session-id": id }, body: list })).status).toBe(404);
    expect((await send({ headers: { "mcp-session-id": "guess" }, body: list })).status).toBe(404);
    expect((await send({ body: list })).status).toBe(400);
  });

  test("lets the client that was silent longest begin anew when there are too many", async () => {
    const { client } = await connectHttp();
    for (let count = 0; count < 32; count += 1) expect((await send({})).status).toBe(200);
    await expect(call(client, "status")).rejects.toThrow("Session not found");
    await client.close();
  });
});

describe("who knocks", () => {
  test.each<[string, Sent, number]>([
    ["without a token", { headers: { authorization: "" } }, 401],
    ["with another token", { headers: { authorization: `Bearer ${token}x` } }, 401],
    ["with the token in another scheme", { headers: { authorization: `Basic ${token}` } }, 401],
    ["under a name that was pointed here", { headers: { host: `evil.example:${port}` } }, 403],
    ["under a name that only begins like ours", { headers: { host: `127.0.0.1:${port}.evil.example` } }, 403],
    ["under the right name and a wrong port", { headers: { host: "127.0.0.1:1" } }, 403],
    ["from a page of another origin", { headers: { origin: "https://evil.example" } }, 403],
    ["from a page without an origin", { headers: { origin: "null" } }, 403],
    ["from this machine, by another scheme", { headers: { origin: `https://127.0.0.1:1` } }, 403],
    ["at another path", { path: "/" }, 404],
    ["at a path that only begins like ours", { path: "/mcp/../x" }, 404],
    ["with a body that is too long", { headers: { "content-length": String(5 * 1024 * 1024) }, body: "" }, 413],
    ["with no JSON", { body: "{" }, 400],
    ["with a form, as a page may send it without asking", { headers: { "content-type": "text/plain" } }, 415],
    ["by a method that is not known", { method: "PUT" }, 405],
  ])("%s is sent away", async (_, sent, status) => {
    expect((await send(sent)).status).toBe(status);
  });

  test("with a body that turns out to be too long is sent away", async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "x", params: { text: "x".repeat(5 * 1024 * 1024) } });
    expect((await send({ body, headers: { "transfer-encoding": "chunked" } })).status).toBe(413);
  });

  test("by the other name of this machine, or from a page of it, is let in", async () => {
    expect((await send({ headers: { host: `localhost:${port}`, origin: `http://localhost:${port}` } })).status).toBe(
      200,
    );
  });

  test("hears nothing of the token", async () => {
    for (const headers of [{ authorization: "" }, { host: "x" }]) {
      expect((await send({ headers })).text).not.toContain(token);
    }
  });
});
