import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a provider sent, as it went over the wire. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies of four vendors.
  readonly body: any;
}

/** A server whose answers are written byte by byte, for what a vendor may send and no mock does. */
export interface RawServer {
  readonly url: string;
  readonly received: Received[];
  /** The next answers, in turn; the last one is repeated. */
  answers(...answers: readonly ((response: ServerResponse) => void)[]): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function rawServer(): Promise<RawServer> {
  const received: Received[] = [];
  let queue: readonly ((response: ServerResponse) => void)[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
      received.push({ path: request.url ?? "", headers: request.headers, body });
      queue[Math.min(received.length, queue.length) - 1]?.(response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers: (...answers) => {
      received.length = 0;
      queue = answers;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Server-sent events: each has its `type` as its name, as Anthropic's have; texts go out as they are. */
export function events(...list: readonly (object | string)[]): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of list) {
      if (typeof event === "string") response.write(event);
      else {
        const name = "type" in event ? `event: ${String(event.type)}\n` : "";
        response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
      }
    }
    response.end();
  };
}

export function refusal(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}
