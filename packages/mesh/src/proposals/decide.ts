import {
  derivedId,
  Exit,
  idSuffix,
  idTime,
  isId,
  MeshError,
  newId,
  sha256,
  type TrailFacts,
  withHeader,
} from "@memomesh/core";
import { completeMemo } from "@memomesh/core/markdown";
import type { Person } from "@memomesh/runbooks";
import { extendTrail } from "@memomesh/runbooks/trail";
import { BaseChanged, type Change } from "../change.ts";
import type { History } from "../history.ts";
import { type Mesh, requireNode } from "../load.ts";
import { makeChange } from "../make-change.ts";
import { archiveEdits, type MemoFile } from "../memo-file.ts";
import { sendNotice } from "../notice.ts";
import { refuseSecrets } from "../secrets.ts";
import { refuseUnacceptable } from "./acceptable.ts";
import type { WaitingProposal } from "./waiting.ts";

/** Who decides, and when. */
export interface Decider {
  readonly by: Person;
  readonly at: Date;
}

/**
 * Writes exactly what was shown, and archives the memo. The decision stands in the audit trail before a file is touched;
 * one that was broken off in between is taken up again by accepting once more.
 *
 * @param digest of the proposal that the person has seen
 * @returns the files that were written, relative to the node's folder
 * @throws MeshError `proposal.digest` (exit 77) when it is another one, and what {@link refuseUnacceptable} throws
 */
export async function acceptProposal(
  mesh: Mesh,
  history: History,
  proposal: WaitingProposal,
  digest: string,
  { by, at }: Decider,
): Promise<readonly string[]> {
  const { node, files, id } = proposal;
  if (digest !== proposal.digest) {
    const sentence = `the proposal ${idSuffix(id)} is ${proposal.digest}, and ${digest} was to be accepted. Look at it again with \`memomesh proposal show ${idSuffix(id)}\`.`;
    throw new MeshError("proposal.digest", sentence, { exit: Exit.notPermitted });
  }
  await refuseUnacceptable(mesh, proposal);
  const paths = files.map(({ path }) => path);
  tell(mesh, proposal, { type: "proposal-accepted", files: files.map(told) }, { by, at });
  const edits = files
    .filter(({ standing }) => standing === "ready")
    .map(({ place, before, after, executable }) => ({ path: place, before, after, ...(executable && { executable }) }));
  const commit = {
    subject: `Accept the change of ${paths.join(", ")} that ${node.id} proposed`,
    trailers: trailersOf(proposal, by),
  };
  await make(mesh, history, { id: newId(at.getTime()), within: node.folder, edits, commit });
  await archive(
    mesh,
    history,
    proposal,
    { status: "done", notes: `Accepted by ${by.name}: ${paths.join(", ")}.` },
    { by, at },
  );
  return paths;
}

/**
 * Archives the memo with the reason, and tells the node. Also a proposal that cannot be read any more can be rejected.
 *
 * @throws MeshError `memo.secret` when the reason holds one
 */
export async function rejectProposal(
  mesh: Mesh,
  history: History,
  memo: MemoFile,
  reason: string,
  { by, at }: Decider,
): Promise<void> {
  const { id = "", from = "", subject, proposal: digest = "" } = memo.memo.header;
  const node = requireNode(mesh, from);
  await refuseSecrets(reason, "the reason", mesh.guard);
  const about = { id, node, memo, digest };
  tell(mesh, about, { type: "proposal-rejected", reason }, { by, at });
  await archive(mesh, history, about, { status: "declined", notes: `Rejected by ${by.name}: ${reason}` }, { by, at });
  const notice = await sendNotice(mesh, node, "outgoing", {
    ...(isId(id) ? { id: derivedId(idTime(id), `rejected ${id}`) } : {}),
    subject: `Not accepted: ${subject}`,
    body: `${by.name} has rejected your proposal ${idSuffix(id)}; nothing of it was changed. The reason:\n\n${reason.trim().replaceAll(/^/gm, "> ")}`,
  });
  const trailers = [...trailersOf(about, by)];
  history.record([notice], { subject: `Tell ${node.id} that its proposal was rejected`, trailers });
}

type About = Pick<WaitingProposal, "id" | "node" | "memo" | "digest">;

function trailersOf({ id, node, digest }: About, by: Person): readonly (readonly [string, string])[] {
  return [
    ["Memo-Id", id],
    ["Memo-From", node.id],
    ["Node", node.id],
    ["Proposal", digest],
    ["Decided-By", by.email === "" ? by.name : `${by.name} <${by.email}>`],
  ];
}

function told({ path, before, after }: WaitingProposal["files"][number]): object {
  return { path, before, after: after === null ? null : sha256(after) };
}

/** What is not written down is not done. */
function tell({ root }: Mesh, { id, node, digest }: About, facts: TrailFacts, { by, at }: Decider): void {
  extendTrail(root, node.id, at.toISOString(), () => [{ ...facts, proposal: id, digest, by }]);
}

async function archive(
  mesh: Mesh,
  history: History,
  about: About,
  { status, notes }: { readonly status: "done" | "declined"; readonly notes: string },
  { by, at }: Decider,
): Promise<void> {
  const operator = requireNode(mesh, "operator");
  const completed = completeMemo(about.memo.memo, { by: operator.id, at: at.toISOString(), notes, done: [] });
  const edits = archiveEdits(operator, about.memo, withHeader(completed, { status }), at);
  const subject = `${status === "done" ? "Complete" : "Decline"} "${about.memo.memo.header.subject}"`;
  const commit = { subject, body: notes, trailers: trailersOf(about, by) };
  await make(mesh, history, { id: newId(at.getTime()), within: operator.folder, edits, commit });
}

async function make(mesh: Mesh, history: History, change: Change): Promise<void> {
  if (change.edits.length === 0) return;
  try {
    await makeChange(mesh.root, history, change);
  } catch (error) {
    if (!(error instanceof BaseChanged)) throw error;
    const sentence = `${error.path} was changed in this moment; nothing of it was overwritten. Look at the proposal again.`;
    throw new MeshError("proposal.outdated", sentence, { exit: Exit.tryAgain, cause: error });
  }
}
