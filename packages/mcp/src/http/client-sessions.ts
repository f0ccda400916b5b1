import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { longestBody } from "./request-check.ts";

/** Something that can talk to one client. */
export interface ClientServer {
  connect(transport: Transport): Promise<void>;
  close(): Promise<void>;
}

interface ClientSession {
  readonly server: ClientServer;
  readonly transport: StreamableHTTPServerTransport;
}

/** How many clients are served at a time; the one that was silent longest has to begin anew. */
const mostSessions = 32;

/** The clients of an HTTP server, each with a server of its own. The one that was heard last stands last. */
export class ClientSessions {
  readonly #make: () => Promise<ClientServer>;
  readonly #sessions = new Map<string, ClientSession>();

  constructor(make: () => Promise<ClientServer>) {
    this.#make = make;
  }

  /** Answers a request that was let in. One that names no session may only begin one. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers["mcp-session-id"];
    if (id === undefined) return (await this.#begin()).handleRequest(request, response);
    const session = typeof id === "string" ? this.#sessions.get(id) : undefined;
    if (session === undefined || typeof id !== "string") return sessionUnknown(response);
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    await session.transport.handleRequest(request, response);
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map(({ server }) => server.close()));
  }

  async #begin(): Promise<StreamableHTTPServerTransport> {
    const server = await this.#make();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: longestBody,
      onsessioninitialized: (id) => this.#keep(id, { server, transport }),
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    await server.connect(transport as Transport);
    return transport;
  }

  async #keep(id: string, session: ClientSession): Promise<void> {
    this.#sessions.set(id, session);
    const [longestSilent] = this.#sessions;
    if (this.#sessions.size <= mostSessions || longestSilent === undefined) return;
    this.#sessions.delete(longestSilent[0]);
    await longestSilent[1].server.close();
  }
}

/** The protocol has a client begin a new session then. */
function sessionUnknown(response: ServerResponse): void {
  const error = { code: -32001, message: "Session not found" };
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", error, id: null }));
}
