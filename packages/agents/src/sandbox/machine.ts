import { execFile } from "node:child_process";
import { platform } from "node:os";
import { promisify } from "node:util";
import { Exit, MeshError, type SandboxRule } from "@memomesh/core";
import { findProgram } from "./find-program.ts";

/** What a machine has for confining programs, or why it has nothing. */
export type MachineSandbox =
  | { readonly kind: "bubblewrap" | "seatbelt"; readonly program: string }
  | { readonly kind: "none"; readonly why: string };

const patience = 5000;

/** Looks what this machine has, by trying it: where user namespaces are forbidden, `bwrap` is there and does not work. */
export async function machineSandbox(): Promise<MachineSandbox> {
  switch (platform()) {
    case "linux":
      return tryOut("bubblewrap", "bwrap", bubblewrapTrial, "install bubblewrap (`apt install bubblewrap`)");
    case "darwin":
      return tryOut(
        "seatbelt",
        "sandbox-exec",
        ["-p", "(version 1)(allow default)", "/usr/bin/true"],
        "it belongs to macOS",
      );
    default:
      return { kind: "none", why: `no sandbox is known for ${platform()}` };
  }
}

const bubblewrapTrial = [
  ...["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--die-with-parent"],
  ...["--uid", "1000", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "true"],
];

async function tryOut(
  kind: "bubblewrap" | "seatbelt",
  name: string,
  trial: readonly string[],
  advice: string,
): Promise<MachineSandbox> {
  const program = await findProgram(name);
  if (program === undefined) return { kind: "none", why: `the program ${name} was not found; ${advice}` };
  try {
    await promisify(execFile)(program, trial, { timeout: patience, killSignal: "SIGKILL" });
    return { kind, program };
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split("\n", 1)[0] || (error as Error).message;
    return { kind: "none", why: `${program} does not work here (${said})` };
  }
}

/**
 * The sandbox that a session gets.
 *
 * @throws MeshError `agent.sandbox.missing` when there has to be one and there is none
 */
export async function sandboxFor(rule: SandboxRule): Promise<MachineSandbox> {
  if (rule === "off") return { kind: "none", why: "policy.sandbox in mesh.yml is off" };
  const found = await machineSandbox();
  if (found.kind !== "none" || rule === "when-possible") return found;
  const sentence = `agents that are programs have to work in a sandbox in this mesh, and this machine has none: ${found.why}. A mesh with a production target requires one unless mesh.yml says \`policy: { sandbox: when-possible }\`.`;
  throw new MeshError("agent.sandbox.missing", sentence, { exit: Exit.notPermitted });
}
