import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./system-program.ts";

// Signatures as `ssh-keygen -Y` makes and verifies them.

/** Whose keys count. Absolute paths. */
export interface SignerKeys {
  /** The keys of the people, each for one address, as `ssh-keygen` has it. */
  readonly allowedSigners: string;
  /** Keys that count no more. */
  readonly revokedKeys?: string | undefined;
}

/**
 * The person's key: the path of a file, private, or public with an agent that holds the other half; or a public key that
 * an agent holds, as git has it: `key::ssh-ed25519 AAAA…`.
 */
export type SigningKey = string;

/** A signature may wait for a pass phrase, or for a finger on a key. */
const signPatience = 120_000;
const verifyPatience = 10_000;

/**
 * Signs a text.
 *
 * @param namespace what the signature is for; it counts for nothing else
 * @returns the signature, armoured, or why there is none
 */
export async function signText(
  text: string,
  key: SigningKey,
  namespace: string,
): Promise<{ readonly signature: string } | { readonly problem: string }> {
  const literal = /^key::(.*)$/s.exec(key)?.[1];
  return inFolder(async (folder) => {
    const file = literal === undefined ? key : join(folder, "key.pub");
    if (literal !== undefined) await writeFile(file, `${literal}\n`, { mode: 0o600 });
    // With -U nothing but an agent is asked: a literal key has no file in which its other half could be.
    const args = ["-Y", "sign", ...(literal === undefined ? [] : ["-U"]), "-f", file, "-n", namespace];
    const { exit, out, err } = await sshKeygen(args, text, signPatience);
    if (exit === 0 && out.includes("BEGIN SSH SIGNATURE")) return { signature: out };
    if (literal === undefined) return { problem: `ssh-keygen did not sign with ${key}: ${err}` };
    const agent = process.env.SSH_AUTH_SOCK === undefined ? "no ssh-agent is known here (SSH_AUTH_SOCK)" : err;
    return {
      problem: `no ssh-agent signed with ${shortened(literal)}: ${agent}; \`ssh-add -L\` lists the keys that yours holds`,
    };
  });
}

/**
 * Who has signed a text. A good signature alone says only that somebody signed: the key must stand for one address and for
 * nobody else.
 *
 * @param what what was signed, for the sentences
 * @param when the time at which the key must have been allowed; absent: now
 * @returns the address whose key it is, or why the signature counts for nothing
 */
export async function signerOf(
  text: string,
  signature: string,
  { namespace, what, when }: { readonly namespace: string; readonly what: string; readonly when?: Date | undefined },
  { allowedSigners, revokedKeys }: SignerKeys,
): Promise<{ readonly address: string } | { readonly problem: string }> {
  return inFolder(async (folder) => {
    const file = join(folder, "text.sig");
    await writeFile(file, signature, { mode: 0o600 });
    const at = when === undefined ? [] : [`-Overify-time=${when.toISOString().replace(/\.\d+|[-:T]/g, "")}`];
    const about = ["-f", allowedSigners, "-s", file, ...at];
    const found = await sshKeygen(["-Y", "find-principals", ...about], "", verifyPatience);
    if (found.exit !== 0) return { problem: `the key that signed ${what} is not in ${allowedSigners}` };
    const owners = found.out.trim().split(/[\n,]/);
    const [owner] = owners;
    if (owners.length > 1 || owner === undefined || /[*?!]/.test(owner)) {
      const problem = `the key that signed ${what} stands in ${allowedSigners} for "${found.out.trim()}"; expected one address a key`;
      return { problem };
    }
    const revoked = revokedKeys === undefined ? [] : ["-r", revokedKeys];
    const args = ["-Y", "verify", ...about, ...revoked, "-I", owner, "-n", namespace];
    const checked = await sshKeygen(args, text, verifyPatience);
    if (checked.exit !== 0) return { problem: `the signature of ${what} is not good: ${checked.err}` };
    return { address: owner };
  });
}

async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "memomesh-signature-"));
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Answer {
  readonly exit: number | null;
  readonly out: string;
  /** Its last words, on one line. */
  readonly err: string;
}

function sshKeygen(args: readonly string[], input: string, timeout: number): Promise<Answer> {
  return new Promise((resolve) => {
    const child = execFile(findProgram("ssh-keygen"), [...args], { timeout }, (error, out, said) => {
      const exit = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      // Of a revoked key it speaks on its other channel.
      const words = (said.trim() || out.trim())
        .split(/[\r\n]+/)
        .slice(-2)
        .join(" ");
      resolve({ exit, out, err: words === "" ? `it ended with ${exit ?? "a signal"}` : words });
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/** `ssh-ed25519 AAAAC3Nz…`: enough to know a public key by. */
function shortened(key: string): string {
  const [kind = "", data = ""] = key.trim().split(/\s+/);
  return `${kind} ${data.slice(0, 12)}…${data.slice(-8)}`;
}
