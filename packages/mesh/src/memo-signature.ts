import { Exit, type Memo, MeshError, memoStatement, parseMemo, withHeader } from "@memomesh/core";
import { archivedMonths, findMemos, openRepository } from "@memomesh/mailbox";
import { signerOf, signText } from "@memomesh/runbooks";
import { signerKeys } from "./approval-signatures.ts";
import type { Mesh, MeshNode } from "./load.ts";

const namespace = "memomesh-memo";
const lineLength = 70;

/** Whether a node takes only signed memos from a sender. */
export function wantsSignature({ config: { requireSignatures } }: MeshNode, from: string): boolean {
  return requireSignatures.includes("*") || requireSignatures.includes(from);
}

/** The recipients of a memo that take it only when it is signed. */
function strictAmong(mesh: Mesh, from: string, to: readonly string[]): string[] {
  return to.filter((id) => {
    const node = mesh.nodes.get(id);
    return node !== undefined && wantsSignature(node, from);
  });
}

/**
 * Signs a memo that is complete otherwise, with the key that git knows of the person here, where it is wanted.
 *
 * @param source its header names id, sender, date and every recipient
 * @param always also when no recipient requires it
 * @throws MeshError `memo.unsigned` (exit 77) when it is wanted and cannot be had; nothing is sent then
 */
export async function signMemo(mesh: Mesh, source: string, file: string, always: boolean): Promise<string> {
  const memo = parseMemo(source, file);
  const { from = "", to } = memo.header;
  const strict = strictAmong(mesh, from, to);
  if (strict.length === 0 && !always) return source;
  const why = strict.length === 0 ? "" : `${strict.join(" and ")} takes only signed memos from ${from}, and `;
  const unsigned = (problem: string) =>
    new MeshError("memo.unsigned", `${why}${problem}. Nothing was sent.`, { exit: Exit.notPermitted });
  const { memos } = mesh.config.policy;
  if (memos === undefined) throw unsigned("mesh.yml names nobody whose signature counts (policy.memos.signers)");
  const key = await (await openRepository(mesh.root))?.signingKey();
  if (key === undefined) {
    const how = "`git config gpg.format ssh` and `git config user.signingKey ~/.ssh/id_ed25519` name it";
    throw unsigned(`git knows no SSH key of yours: ${how}`);
  }
  const made = await signText(memoStatement(memo), key, namespace);
  if ("problem" in made) throw unsigned(made.problem);
  const signed = withHeader(source, { signature: withoutArmour(made.signature) });
  const problem = await signatureProblem(mesh, parseMemo(signed, file));
  if (problem !== undefined) throw unsigned(problem);
  return signed;
}

/**
 * Looks whether the signatures of a memo are as its recipients want them: nobody's is missing where one is required, and
 * where the mesh names people who may sign, none is bad.
 *
 * @param memo as it was sent, or as it was delivered
 * @throws MeshError `memo.unsigned` or `memo.signature` with what is wrong and what to do
 */
export async function checkSignature(mesh: Mesh, memo: Memo, from: string, to: readonly string[]): Promise<void> {
  const strict = strictAmong(mesh, from, to);
  if (memo.header.signature === undefined) {
    if (strict.length === 0) return;
    const sentence = `it is not signed, and ${strict.join(" and ")} takes only signed memos from ${from} (requireSignatures in node.yml); \`memomesh memo send --sign\` signs it`;
    throw refused("memo.unsigned", sentence, memo);
  }
  if (mesh.config.policy.memos === undefined && strict.length === 0) return;
  const { header } = memo;
  const claimed = (header.from ?? from) === from && to.every((id) => header.to.includes(id));
  const problem = claimed ? await signatureProblem(mesh, memo) : "it was signed for another sender or other recipients";
  if (problem !== undefined) throw refused("memo.signature", `${problem}; the memo counts for nothing`, memo);
}

/**
 * Why nobody must work on a memo of an inbox: whoever can write into the folder can put a memo there that looks as
 * if it had been delivered, or one that has been archived. Where signatures are required, they are looked at once more.
 */
export async function inboxProblem(mesh: Mesh, node: MeshNode, memo: Memo): Promise<string | undefined> {
  const { id = "", from = "operator" } = memo.header;
  if (!wantsSignature(node, from)) return undefined;
  if (isArchived(node, id)) return "it lies in the archive already; a signed memo counts once";
  try {
    await checkSignature(mesh, memo, from, [node.id]);
    return undefined;
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return error.sentence;
  }
}

async function signatureProblem(mesh: Mesh, memo: Memo): Promise<string | undefined> {
  const { memos } = mesh.config.policy;
  if (memos === undefined) return "mesh.yml names nobody whose signature counts (policy.memos.signers)";
  const { id, from, date, signature = "" } = memo.header;
  if (id === undefined || from === undefined || date === undefined) {
    return "a signed memo says its id, from and date, and this one does not";
  }
  const what = `the memo ${id}`;
  const keys = signerKeys(mesh, memos, "memo.signers");
  const found = await signerOf(memoStatement(memo), withArmour(signature), { namespace, what }, keys);
  if ("problem" in found) return found.problem;
  const people = memos.signers[from] ?? [];
  const { address } = found;
  if (people.some((each) => each.toLowerCase() === address.toLowerCase())) return undefined;
  const expected = people.length === 0 ? "names nobody" : `names ${people.join(", ")}`;
  return `${what} is signed by ${address}, who may not sign for ${from}; policy.memos.signers in mesh.yml ${expected} there`;
}

function isArchived(node: MeshNode, id: string): boolean {
  const folders = archivedMonths(node).map(({ folder }) => folder);
  return findMemos(node, [id], folders).size > 0;
}

function refused(code: string, sentence: string, memo: Memo): MeshError {
  return new MeshError(code, sentence, { place: { file: memo.file }, exit: Exit.notPermitted });
}

/** A header line holds one line. */
function withoutArmour(signature: string): string {
  return signature.replace(/-----[^\n]*-----|\s/g, "");
}

function withArmour(signature: string): string {
  const lines = signature.match(new RegExp(`[A-Za-z0-9+/=]{1,${lineLength}}`, "g")) ?? [];
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join("\n")}\n-----END SSH SIGNATURE-----\n`;
}
