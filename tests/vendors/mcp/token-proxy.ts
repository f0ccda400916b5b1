import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The conformance suite cannot send a token. This proxy adds it, and its own address becomes the server's in Host and
 * Origin; every other header and byte goes through as it came, both ways.
 */
export async function tokenProxy(
  target: URL,
  token: string,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const proxy = createServer((incoming, outgoing) => {
    const { port } = proxy.address() as AddressInfo;
    const own = (text: string) =>
      text.replace(new RegExp(`^((?:http://)?(?:localhost|127\\.0\\.0\\.1)):${port}$`), `$1:${target.port}`);
    const { host = "", origin, ...headers } = incoming.headers;
    const sent = request(
      { host: "127.0.0.1", port: target.port, path: incoming.url, method: incoming.method, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
      },
    );
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent.setHeader(name, value);
    sent.setHeader("host", own(host));
    if (origin !== undefined) sent.setHeader("origin", own(origin));
    sent.setHeader("authorization", `Bearer ${token}`);
    sent.on("error", () => outgoing.destroy());
    outgoing.on("close", () => sent.destroy());
    incoming.pipe(sent);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/mcp`,
    close: async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
