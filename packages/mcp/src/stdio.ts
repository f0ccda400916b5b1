import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";

/** The longest message of a client, in bytes. */
const longestMessage = 4 * 1024 * 1024;

/** Something that can talk to one client. */
interface Server {
  connect(transport: Transport): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves one client on standard input and output, until it closes its end, sends a message that is too long, or this
 * process is asked to end. A call under way is finished: nothing is half done when the process ends.
 */
export async function serveStdio(server: Server): Promise<void> {
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: longestMessage });
  await server.connect(transport);
  await new Promise<void>((resolve) => {
    const closed = transport.onclose;
    transport.onclose = () => {
      closed?.();
      resolve();
    };
    // What the client has asked before it closed its end is still answered.
    process.stdin.once("end", resolve);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
  });
}
