import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** A proxy that leads to some hosts and to no others. */
export interface Egress {
  /** 0 when it listens on a socket. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Opens a proxy for a program that has no other network: `CONNECT`, and requests for `http:` addresses. What goes through it
 * is not looked at, as it is mostly encrypted; who has the key to a host can tell it anything.
 *
 * @param allowed hosts with their ports, as `api.anthropic.com:443`
 * @param socket absolute path at which it listens; undefined: on a free port of this machine's loopback
 * @param onRefused is told of each other host that was asked for, once
 */
export async function openEgress(
  allowed: readonly string[],
  socket: string | undefined,
  onRefused: (host: string) => void,
): Promise<Egress> {
  const known = new Set(allowed.map((host) => host.toLowerCase()));
  const refused = new Set<string>();
  const mayReach = (host: string): boolean => {
    if (known.has(host.toLowerCase())) return true;
    if (!refused.has(host) && refused.size < 50) onRefused(host);
    refused.add(host);
    return false;
  };
  const server = createServer((asked, answer) => pass(asked, answer, mayReach));
  server.on("connect", (asked, client, head) => tunnel(asked, client, head, mayReach));
  const streams = new Set<Duplex>();
  server.on("connection", (stream: Duplex) => {
    streams.add(stream);
    stream.once("close", () => streams.delete(stream));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    if (socket === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(socket, resolve);
  });
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === "string" ? 0 : address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const stream of streams) stream.destroy();
      }),
  };
}

const forbidden = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
const unreachable = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";

function tunnel(
  { url = "" }: IncomingMessage,
  client: Duplex,
  head: Buffer,
  mayReach: (host: string) => boolean,
): void {
  client.on("error", () => client.destroy());
  if (!mayReach(url)) {
    client.end(forbidden);
    return;
  }
  const cut = url.lastIndexOf(":");
  const out = connect({ host: url.slice(0, cut).replace(/^\[|\]$/g, ""), port: Number(url.slice(cut + 1)) });
  let open = false;
  out.on("error", () => (open ? client.destroy() : client.end(unreachable)));
  out.once("connect", () => {
    open = true;
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    out.write(head);
    out.pipe(client);
    client.pipe(out);
  });
  client.once("close", () => out.destroy());
}

function pass(asked: IncomingMessage, answer: ServerResponse, mayReach: (host: string) => boolean): void {
  const url = URL.parse(asked.url ?? "");
  const refuse = (code: number) => answer.writeHead(code).end();
  if (url?.protocol !== "http:") return void refuse(400);
  if (!mayReach(hostOf(url))) return void refuse(403);
  const { "proxy-connection": _, "proxy-authorization": __, ...headers } = asked.headers;
  const out = request(url, { method: asked.method, headers }, (found) => {
    answer.writeHead(found.statusCode ?? 502, found.headers);
    found.pipe(answer);
  });
  out.on("error", () => (answer.headersSent ? answer.destroy() : refuse(502)));
  answer.once("close", () => out.destroy());
  asked.pipe(out);
}

/** Host and port of an address, as `api.anthropic.com:443`. */
export function hostOf({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
