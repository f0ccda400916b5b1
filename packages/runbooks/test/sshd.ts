import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { SshTarget } from "@memomesh/core";
import { onTestFinished } from "vitest";

const program = "/usr/sbin/sshd";

/** Debian's openssh-server; scripts/programs.ts installs it where it may. */
export const hasSshd = existsSync(program);

/** A real OpenSSH server on the loopback, with keys and a configuration of its own. */
export interface Host {
  readonly folder: string;
  readonly port: number;
  /** A target on it, whose folder exists; the host's key is pinned. */
  readonly target: SshTarget;
  /** Ends every connection at once, as when a cable is pulled out; the server serves on. */
  cut(): void;
  /** Gives the host another key, as an impostor has one. */
  changeKey(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param settings further lines of its sshd_config
 * @param atEnd what is to be done when nobody needs it any more; by default at the end of the test
 */
export async function startHost(
  name = "staging",
  settings: readonly string[] = [],
  atEnd: (end: () => Promise<void>) => void = onTestFinished,
): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), "memomesh-sshd-"));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  // Where the server separates privileges, it wants this folder, which only its own start script makes.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true });
  const port = await freePort();
  await mkdir(join(folder, "site"));
  makeKey(join(folder, "host"));
  makeKey(join(folder, "user"));
  await copyFile(join(folder, "user.pub"), join(folder, "authorized_keys"));
  await writeFile(
    join(folder, "known_hosts"),
    `[127.0.0.1]:${port} ${await readFile(join(folder, "host.pub"), "utf8")}`,
  );
  await writeFile(join(folder, "sshd_config"), serverConfig(folder, port, settings));
  let server: Awaited<ReturnType<typeof serve>> | undefined = await serve(folder);
  const host: Host = {
    folder,
    port,
    target: {
      name,
      kind: "ssh",
      host: "127.0.0.1",
      port,
      user: userInfo().username,
      identity: join(folder, "user"),
      knownHosts: join(folder, "known_hosts"),
      path: join(folder, "site"),
      production: false,
      env: {},
      keys: [],
    },
    cut: () => killChildren(server?.pid as number),
    async changeKey() {
      await host.stop();
      await rm(join(folder, "host"));
      makeKey(join(folder, "host"));
      server = await serve(folder);
    },
    async stop() {
      if (server === undefined) return;
      const stopped = server;
      server = undefined;
      killChildren(stopped.pid as number);
      const ended = once(stopped, "exit");
      stopped.kill("SIGKILL");
      await ended;
    },
  };
  atEnd(() => host.stop());
  return host;
}

function serverConfig(folder: string, port: number, settings: readonly string[]): string {
  const lines = [
    ...settings,
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    "PidFile none",
    "UsePAM no",
    "StrictModes no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    // A shell that takes itself for an inner one does not read the start-up files of the person who runs the tests.
    "SetEnv SHLVL=1",
  ];
  return `${lines.join("\n")}\n`;
}

/** Starts the server and waits until it says that it listens. */
async function serve(folder: string) {
  const server = spawn(program, ["-D", "-e", "-f", join(folder, "sshd_config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  for await (const chunk of server.stderr) {
    said += chunk;
    if (said.includes("Server listening")) {
      server.stderr.resume();
      return server;
    }
  }
  throw new Error(`sshd did not start: ${said}`);
}

function killChildren(pid: number): void {
  const tree = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const children = tree.flatMap((line) => {
    const [, child, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === pid && args.includes("sshd") ? [Number(child)] : [];
  });
  for (const child of children) {
    killChildren(child);
    try {
      process.kill(child, "SIGKILL");
    } catch {}
  }
}

function makeKey(path: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path], { stdio: "ignore" });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
