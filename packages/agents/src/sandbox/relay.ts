import { bridgeFolder } from "./bubblewrap.ts";

/** The port on which a program in a sandbox finds the proxy. */
const usualPort = 3128;
export const socketName = "proxy";
/** Below it only root may listen. What is at such a port is reached through the proxy like any other host. */
const firstFreePort = 1024;

/** What the relay does in a sandbox: `ports` of its loopback lead to addresses outside; undefined: to the proxy itself. */
interface RelayPlan {
  readonly socket: string;
  readonly ports: readonly { readonly port: number; readonly to: string | undefined }[];
}

/** How a program is started in a sandbox that has a network of its own, and where it finds the proxy there. */
export interface Relayed {
  readonly command: readonly string[];
  readonly proxyPort: number;
  /** Whether loopback addresses are reached without the proxy. */
  readonly direct: boolean;
}

/**
 * Puts a relay around a program: a small Node process that listens on the sandbox's loopback, passes on to the proxy's
 * socket, and ends as the program ends. The model's server on this machine is found at its usual address.
 *
 * @param here addresses on this machine, `127.0.0.1:8000`, that the program may reach
 */
export function relayed(node: string, here: readonly string[], program: readonly string[]): Relayed {
  const taken = new Map(
    here.filter((address) => portOf(address) >= firstFreePort).map((address) => [portOf(address), address]),
  );
  let proxyPort = usualPort;
  while (taken.has(proxyPort)) proxyPort += 1;
  const ports = [{ port: proxyPort, to: undefined }, ...[...taken].map(([port, to]) => ({ port, to }))];
  const plan: RelayPlan = { socket: `${bridgeFolder}/${socketName}`, ports };
  return {
    command: [node, "-e", `(${relay})()`, "--", JSON.stringify(plan), ...program],
    proxyPort,
    direct: taken.size === here.length,
  };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** Runs as text in a process of its own, so it uses nothing from around it. */
function relay(): void {
  const net = process.getBuiltinModule("node:net");
  const { spawn } = process.getBuiltinModule("node:child_process");
  const [plan = "{}", program = "", ...args] = process.argv.slice(1);
  const { socket, ports } = JSON.parse(plan) as RelayPlan;
  let waiting = ports.length;
  const fail = (error: Error, code: number) => {
    process.stderr.write(`the sandbox cannot start ${program}: ${error.message}\n`);
    process.exit(code);
  };
  const start = () => {
    const child = spawn(program, args, { stdio: "inherit" });
    child.on("error", (error) => fail(error, 127));
    child.on("exit", (code, signal) => {
      const { signals } = process.getBuiltinModule("node:os").constants;
      process.exit(code ?? 128 + (signal === null ? 0 : signals[signal]));
    });
  };
  for (const { port, to } of ports) {
    const server = net.createServer({ allowHalfOpen: true }, (client) => {
      const out = net.connect({ path: socket, allowHalfOpen: true });
      const end = () => {
        client.destroy();
        out.destroy();
      };
      client.on("error", end);
      out.on("error", end);
      const join = () => {
        client.pipe(out);
        out.pipe(client);
      };
      if (to === undefined) {
        join();
        return;
      }
      let answer = Buffer.alloc(0);
      const hear = (chunk: Buffer) => {
        answer = Buffer.concat([answer, chunk]);
        const head = answer.indexOf("\r\n\r\n");
        if (head < 0) return;
        out.off("data", hear);
        if (!answer.toString("latin1").startsWith("HTTP/1.1 200")) {
          end();
          return;
        }
        client.write(answer.subarray(head + 4));
        join();
      };
      out.on("data", hear);
      out.write(`CONNECT ${to} HTTP/1.1\r\nHost: ${to}\r\n\r\n`);
    });
    server.on("error", (error) => fail(error, 126));
    server.listen(port, "127.0.0.1", () => {
      waiting -= 1;
      if (waiting === 0) start();
    });
  }
}
