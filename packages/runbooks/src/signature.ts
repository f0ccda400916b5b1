import { Exit, MeshError } from "@memomesh/core";
import type { Approval } from "./approval.ts";
import { type SignerKeys, type SigningKey, signerOf, signText } from "./ssh-signature.ts";

/** What a mesh asks of the signatures of approvals. */
export interface Signatures extends SignerKeys {
  /** Whether an approval without a good signature counts for nothing. */
  readonly required: boolean;
  /** The key of the person here. */
  readonly key?: SigningKey | undefined;
}

const namespace = "memomesh-approval";

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
  const made = await signText(canonicalApproval(approval), key, namespace);
  const signature = "signature" in made ? made.signature : undefined;
  const problem =
    "problem" in made ? made.problem : await signatureProblem({ ...approval, signature: made.signature }, signatures);
  if (problem === undefined) return signature;
  if (required) throw unsigned(`this mesh takes signed approvals only, and ${problem}. Nothing is approved.`);
  return undefined;
}

/**
 * Why an approval does not count; undefined when it does. A good signature alone says only that somebody signed: the key
 * must be that of the very person in whose name the approval was given, and of nobody else.
 *
 * @param when the time at which the key must have been allowed; absent: now. A list of revoked keys does not say since when,
 * so it counts now only
 */
export async function signatureProblem(
  approval: Omit<Approval, "text">,
  { required, allowedSigners, revokedKeys }: Signatures,
  when?: Date,
): Promise<string | undefined> {
  const { signature, by } = approval;
  const whose = `the approval by ${by.name} <${by.email}>`;
  if (signature === undefined) return required ? `${whose} is not signed` : undefined;
  if (by.email === "") return `${whose} names no address that a key could belong to`;
  const keys = when === undefined ? { allowedSigners, revokedKeys } : { allowedSigners };
  const found = await signerOf(canonicalApproval(approval), signature, { namespace, what: whose, when }, keys);
  if ("problem" in found) return found.problem;
  return found.address.toLowerCase() === by.email.toLowerCase() ? undefined : `${whose} is signed by ${found.address}`;
}

function unsigned(sentence: string): MeshError {
  return new MeshError("approval.unsigned", sentence, { exit: Exit.notPermitted });
}
