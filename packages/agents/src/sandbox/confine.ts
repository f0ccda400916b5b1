import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { safeText } from "@memomesh/guard";
import { bubblewrapArguments } from "./bubblewrap.ts";
import type { Confinement, Network } from "./confinement.ts";
import { openEgress } from "./egress.ts";
import { findProgram } from "./find-program.ts";
import { installedFiles, pathFolders } from "./installed.ts";
import type { MachineSandbox } from "./machine.ts";
import { relayed, socketName } from "./relay.ts";
import { seatbeltProfile } from "./seatbelt.ts";

/** A program as it would be started without a sandbox. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>> & { readonly HOME: string };
  readonly cwd: string;
}

/** What it may do; the files of the program itself are added. */
export interface Terms extends Pick<Confinement, "read" | "write" | "fixed" | "hidden"> {
  /** Hosts with their ports; undefined: nobody knows whom it asks, and it keeps the machine's network. */
  readonly hosts: readonly string[] | undefined;
  /** Is told in words what the program tried in vain. */
  readonly onRefused: (text: string) => void;
}

/** How it is started in a sandbox. */
export interface Confined {
  readonly command: Command;
  /** Ends what serves the sandbox from outside. */
  close(): Promise<void>;
}

type Usable = Exclude<MachineSandbox, { kind: "none" }>;

const loopback = "127.0.0.1,localhost,::1";

/** Puts a program into the sandbox of this machine. A program that is not there is left as it is, and fails when it is started. */
export async function confine(sandbox: Usable, command: Command, terms: Terms): Promise<Confined> {
  // A path from its folder is one of its own files.
  const own = command.program.includes("/") && !isAbsolute(command.program);
  const found = own ? command.program : await findProgram(command.program);
  if (found === undefined) return { command, close: async () => undefined };
  const read = [
    ...pathFolders(command.env.PATH ?? ""),
    ...installedFiles(found),
    ...(terms.hosts === undefined ? [] : installedFiles(process.execPath)),
    ...terms.read,
  ];
  const { write, fixed, hidden, hosts, onRefused } = terms;
  const { cwd } = command;
  const confinement = (network: Network): Confinement => ({ read, write, fixed, hidden, cwd, network });
  const line = [found, ...command.args];
  if (hosts === undefined) {
    const wrapped = wrap(sandbox, confinement({ kind: "open" }), line);
    return { command: { ...command, ...wrapped }, close: async () => undefined };
  }
  const tell = (host: string) => onRefused(`the sandbox did not let it reach ${safeText(host)}`);
  // A socket's path may have 108 bytes, and that of a session's folder has more.
  const folder = await mkdtemp(join(tmpdir(), "memomesh-proxy-"));
  const apart = sandbox.kind === "bubblewrap";
  const egress = await openEgress(hosts, apart ? join(folder, socketName) : undefined, tell);
  const close = async () => {
    await egress.close();
    await rm(folder, { recursive: true, force: true });
  };
  const network: Network = { kind: "hosts", folder, port: egress.port };
  if (!apart) {
    const wrapped = wrap(sandbox, confinement(network), line);
    return {
      command: { ...command, ...wrapped, env: { ...command.env, ...proxyVariables(egress.port, false) } },
      close,
    };
  }
  const here = hosts.filter((host) => /^(?:localhost|127(?:\.\d+){3}):/.test(host));
  const { command: inner, proxyPort, direct } = relayed(process.execPath, here, line);
  const wrapped = wrap(sandbox, confinement(network), inner);
  return { command: { ...command, ...wrapped, env: { ...command.env, ...proxyVariables(proxyPort, direct) } }, close };
}

function wrap(
  { kind, program }: Usable,
  confinement: Confinement,
  line: readonly string[],
): Pick<Command, "program" | "args"> {
  const before =
    kind === "bubblewrap" ? bubblewrapArguments(confinement, userInside()) : ["-p", seatbeltProfile(confinement)];
  return { program, args: [...before, ...line] };
}

/** Root is nobody special in a sandbox. */
function userInside(): number {
  return process.getuid?.() || 1000;
}

/** @param direct whether what is on this machine is not asked for through the proxy */
function proxyVariables(port: number, direct: boolean): Readonly<Record<string, string>> {
  const proxy = `http://127.0.0.1:${port}`;
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];
  return {
    ...Object.fromEntries(names.map((name) => [name, proxy])),
    ...(direct ? { NO_PROXY: loopback, no_proxy: loopback } : {}),
    // Node's own fetch looks at none of these otherwise.
    NODE_USE_ENV_PROXY: "1",
  };
}
