import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { SshTarget } from "@memomesh/core";
import { systemPath } from "./environment.ts";
import { findProgram } from "./system-program.ts";

const execute = promisify(execFile);

/**
 * The fingerprints of the keys that are pinned for a target's host and for the one in between: `ED25519 SHA256:…`, sorted.
 *
 * @returns an empty list when the file is not there, or does not know the host
 */
export async function pinnedKeys(target: SshTarget): Promise<readonly string[]> {
  const { host, port, jump, knownHosts } = target;
  const found = [await keysOf(entryName(host, port), knownHosts)];
  if (jump !== undefined) {
    const [, jumpHost = "", jumpPort = "22"] = /^(?:[^@]*@)?([^:]+)(?::(\d+))?$/.exec(jump) ?? [];
    found.push(await keysOf(entryName(jumpHost, Number(jumpPort)), knownHosts));
  }
  return found.some((keys) => keys.length === 0) ? [] : found.flat().sort();
}

/** How known_hosts names a host. @see sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT" */
function entryName(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

async function keysOf(name: string, knownHosts: string): Promise<string[]> {
  const env = { PATH: systemPath, LANG: "C" };
  try {
    const { stdout } = await execute(findProgram("ssh-keygen"), ["-l", "-F", name, "-f", knownHosts], { env });
    const lines = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return lines.map((line) => line.slice(line.startsWith(`${name} `) ? name.length + 1 : 0).trim());
  } catch (error) {
    // ssh-keygen ends with 1 when it finds nothing, and with 255 when there is no such file.
    if (typeof (error as { code?: unknown }).code === "number") return [];
    throw error;
  }
}
