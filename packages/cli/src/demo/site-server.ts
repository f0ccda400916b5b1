import { once } from "node:events";
import { readFile, realpath } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, sep } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/** A web server on loopback for what is released: it follows `current` at every request, as a real one would. */
export interface SiteServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @param current absolute path of the link to the current release */
export async function serveSite(current: string): Promise<SiteServer> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const file = join(current, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const [release, found] = await Promise.all([realpath(current), realpath(file)]);
      if (!found.startsWith(release + sep)) throw new Error("outside of the release");
      response
        .writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" })
        .end(await readFile(found));
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
