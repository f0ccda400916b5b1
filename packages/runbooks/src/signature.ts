import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import type { Approval } from "./approval.ts";
import { findProgram } from "./system-program.ts";

/** What a mesh asks of the signatures of approvals. */
export interface Signatures {
  /** Whether an approval without a good signature counts for nothing. */
  readonly required: boolean;
  /** File with the keys of the people who may approve, as `ssh-keygen` has it; absolute. */
  readonly allowedSigners: string;
  /** File of the key of the person here, private or public with an agent that holds the other half; absolute. */
  readonly key?: string | undefined;
}

const namespace = "memomesh-approval";
/** A signature may wait for a pass phrase, or for a finger on a key. */
const signPatience = 120_000;
const verifyPatience = 10_000;

/** What is signed: all that the approval says, in one order and one spelling. The digest stands for the text that was shown. */
function canonicalApproval(approval: Omit<Approval, "signature" | "text">): string {
  const { id, runbook, step, action, digest, turn, risk, target = "", by, at, how, overridden } = approval;
  const override = overridden === undefined ? [] : [[overridden.reason, overridden.score, overridden.threshold]];
  const said = [id, runbook, step, action, digest, turn, risk, target, by.name, by.email, at, how];
  return `${JSON.stringify(["memomesh approval 1", ...said, ...override])}\n`;
}

/**
 * Signs an approval with the key of the person who gives it.
 *
 * @returns the signature, armoured; undefined when none is needed and none can be given
 * @throws MeshError `approval.unsigned` (exit 77) when one is needed
 */
export async function signApproval(
  approval: Omit<Approval, "signature">,
  signatures: Signatures | undefined,
): Promise<string | undefined> {
  if (signatures === undefined) return undefined;
  const { required, key } = signatures;
  if (key === undefined) {
    if (!required) return undefined;
    const how = "`git config gpg.format ssh` and `git config user.signingKey ~/.ssh/id_ed25519` name it";
    throw unsigned(
      `this mesh takes signed approvals only, and git knows no SSH key of yours: ${how}. Nothing is approved.`,
    );
  }
  const args = ["-Y", "sign", "-f", key, "-n", namespace];
  const { exit, out, err } = await sshKeygen(args, canonicalApproval(approval), signPatience);
  const signature = exit === 0 && out.includes("BEGIN SSH SIGNATURE") ? out : undefined;
  const problem =
    signature === undefined
      ? `ssh-keygen did not sign with ${key}: ${err}`
      : await signatureProblem({ ...approval, signature }, signatures);
  if (problem === undefined) return signature;
  if (required) throw unsigned(`this mesh takes signed approvals only, and ${problem}. Nothing is approved.`);
  return undefined;
}

/**
 * Why an approval does not count; undefined when it does. A good signature alone says only that somebody signed: the key
 * must be that of the very person in whose name the approval was given, and of nobody else.
 *
 * @param when the time at which the key must have been allowed; absent: now
 */
export async function signatureProblem(
  approval: Omit<Approval, "text">,
  { required, allowedSigners }: Signatures,
  when?: Date,
): Promise<string | undefined> {
  const { signature, by } = approval;
  const whose = `the approval by ${by.name} <${by.email}>`;
  if (signature === undefined) return required ? `${whose} is not signed` : undefined;
  if (by.email === "") return `${whose} names no address that a key could belong to`;
  const folder = await mkdtemp(join(tmpdir(), "memomesh-signature-"));
  try {
    const file = join(folder, "approval.sig");
    await writeFile(file, signature, { mode: 0o600 });
    const at = when === undefined ? [] : [`-Overify-time=${when.toISOString().replace(/\.\d+|[-:T]/g, "")}`];
    const about = ["-f", allowedSigners, "-s", file, ...at];
    const found = await sshKeygen(["-Y", "find-principals", ...about], "", verifyPatience);
    if (found.exit !== 0) return `the key that signed ${whose} is not in ${allowedSigners}`;
    const owners = found.out.trim().split(/[\n,]/);
    const [owner] = owners;
    if (owners.length > 1 || owner === undefined || /[*?!]/.test(owner))
      return `the key that signed ${whose} stands in ${allowedSigners} for "${found.out.trim()}"; expected one address a key`;
    if (owner.toLowerCase() !== by.email.toLowerCase()) return `${whose} is signed by ${owner}`;
    const payload = canonicalApproval(approval);
    const checked = await sshKeygen(["-Y", "verify", ...about, "-I", owner, "-n", namespace], payload, verifyPatience);
    return checked.exit === 0 ? undefined : `the signature of ${whose} is not good: ${checked.err}`;
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
      const words = said
        .trim()
        .split(/[\r\n]+/)
        .slice(-2)
        .join(" ");
      resolve({ exit, out, err: words === "" ? `it ended with ${exit ?? "a signal"}` : words });
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function unsigned(sentence: string): MeshError {
  return new MeshError("approval.unsigned", sentence, { exit: Exit.notPermitted });
}
