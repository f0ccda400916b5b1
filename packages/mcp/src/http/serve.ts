import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Exit, MeshError } from "@memomesh/core";
import { type ClientServer, ClientSessions } from "./client-sessions.ts";
import { type Refusal, refusalOf } from "./request-check.ts";

const mostConnections = 256;

export interface HttpOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly token: string;
  /** Makes the server of one client. */
  readonly make: () => Promise<ClientServer>;
  /** Hears of what went wrong with a request. */
  readonly onError: (error: unknown) => void;
}

export interface Serving {
  readonly url: string;
  /** Ends all sessions; calls under way are finished. */
  close(): Promise<void>;
}

/**
 * Serves clients over streamable HTTP, on this machine only.
 *
 * @throws MeshError `mcp.port` (exit 75) when somebody else listens there
 */
export async function serveHttp({ port, token, make, onError }: HttpOptions): Promise<Serving> {
  const sessions = new ClientSessions(make);
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    const { port: listening } = server.address() as AddressInfo;
    const refusal = refusalOf(request, { port: listening, token });
    if (refusal !== undefined) {
      request.resume();
      return refuse(response, refusal);
    }
    sessions.answer(request, response).catch((error: unknown) => {
      onError(error);
      if (!response.headersSent)
        refuse(response, { status: 500, reason: "the call failed; the server's output says why" });
      else response.destroy();
    });
  });
  server.maxConnections = mostConnections;
  await listen(server, port);
  server.on("error", onError);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      await sessions.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse(response: ServerResponse, { status, reason, headers = {} }: Refusal): void {
  const error = { code: -32000, message: reason };
  response.writeHead(status, { ...headers, "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify({ jsonrpc: "2.0", error, id: null }));
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    const sentence = `somebody listens on port ${port} of 127.0.0.1 already; give another one: --http <port>, 0 for any that is free`;
    throw new MeshError("mcp.port", sentence, { exit: Exit.tryAgain });
  }
}
