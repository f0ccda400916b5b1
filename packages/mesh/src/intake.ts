import { relative, resolve } from "node:path";
import { type Changeset, Exit, MeshError, type OutgoingMemo, type Runbook } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { checkChangePath, checkProposalPath, mayRead, maySend, unsafeCharacters } from "@memomesh/guard";
import type { Mesh, MeshNode } from "./load.ts";

/** The most that one session may want to write, in UTF-16 units over all files. */
const largestChangeset = 8 * 1024 * 1024;
const mostFiles = 500;

/**
 * Refuses a changeset that oversteps its node: paths outside of its reach, memos it may not send, a runbook that cannot
 * be read exactly or that names what the node may not see. Nothing of a refused changeset is applied.
 *
 * @throws MeshError `changeset.*` with every reason, the first one first
 */
export function checkChangeset(changeset: Changeset, mesh: Mesh, node: MeshNode): void {
  const problems = [
    ...sizeProblems(changeset),
    ...changeset.files.flatMap((file) => {
      const decision = checkChangePath(file.path);
      return decision.allowed ? [] : [`${file.path}: ${decision.reason}`];
    }),
    ...(changeset.wish?.files ?? []).flatMap(({ path }) => {
      const decision = checkProposalPath(path);
      return decision.allowed ? [] : [`${path}: ${decision.reason}`];
    }),
    ...memosOf(changeset).flatMap((memo) => memoProblems(memo, mesh, node)),
    ...(changeset.outcome.kind === "prepared" ? runbookProblems(changeset, changeset.outcome.runbook, mesh, node) : []),
  ];
  if (problems.length === 0) return;
  throw new MeshError(
    "changeset.refused",
    `the session's changes were refused and nothing was applied: ${problems.join("; ")}`,
    { exit: Exit.notPermitted },
  );
}

function memosOf(changeset: Changeset): readonly OutgoingMemo[] {
  return changeset.outcome.kind === "asked" ? [...changeset.memos, changeset.outcome.question] : changeset.memos;
}

function sizeProblems(changeset: Changeset): string[] {
  const files = [...changeset.files, ...(changeset.wish?.files ?? [])];
  const size = files.reduce((sum, file) => sum + (file.content?.length ?? 0), 0);
  if (files.length > mostFiles) return [`${files.length} files, at most ${mostFiles} are allowed`];
  return size > largestChangeset ? [`${size} characters, at most ${largestChangeset} are allowed`] : [];
}

function memoProblems(memo: OutgoingMemo, mesh: Mesh, node: MeshNode): string[] {
  return memo.to.flatMap((recipient) => {
    if (recipient === "*") return [];
    if (!mesh.nodes.has(recipient)) return [`memo "${memo.subject}" is addressed to ${recipient}, which is no node`];
    const decision = maySend({ id: node.id, grants: node.config.grants }, recipient);
    return decision.allowed ? [] : [`memo "${memo.subject}": ${decision.reason}`];
  });
}

function runbookProblems(
  changeset: Changeset,
  draft: { path: string; source: string },
  mesh: Mesh,
  node: MeshNode,
): string[] {
  if (!/^runbooks\/[\w][\w.-]*\.md$/.test(draft.path) || /\.(?:record|review)\./.test(draft.path)) {
    return [`${draft.path}: a runbook is a file runbooks/<name>.md of the node`];
  }
  let runbook: Runbook;
  try {
    runbook = parseRunbook(draft.source, draft.path);
  } catch (error) {
    if (error instanceof MeshError) return [error.message];
    throw error;
  }
  const problems: string[] = [];
  if (runbook.node !== node.id) problems.push(`${draft.path}: node "${runbook.node}" is not ${node.id}`);
  if (runbook.memo !== changeset.memo)
    problems.push(`${draft.path}: memo "${runbook.memo}" is not the memo of this session`);
  return [...problems, ...draftProblems(runbook, draft.source, mesh, node).map((each) => `${draft.path}: ${each}`)];
}

/**
 * Why a runbook is not put before a person: it could never be approved, or it names what its node may not see.
 *
 * @param source what `runbook` was read from
 */
export function draftProblems(runbook: Runbook, source: string, mesh: Mesh, node: MeshNode): readonly string[] {
  const [unsafe] = unsafeCharacters(source);
  const known = Object.keys(mesh.config.targets).join(", ") || "none yet";
  const targets = new Set([runbook.target, ...runbook.steps.flatMap((step) => step.target ?? [])]);
  const files = new Set(runbook.steps.flatMap((step) => step.needs.files));
  return [
    ...(unsafe === undefined ? [] : [`it holds ${unsafe.name}, which a reader cannot see`]),
    ...[...targets]
      .filter((target) => !Object.hasOwn(mesh.config.targets, target))
      .map((target) => `target "${target}" is not in mesh.yml; it has ${known}`),
    ...[...files].flatMap((path) => {
      const reason = unreadable(path, mesh, node);
      return reason === undefined ? [] : [`it needs ${path}, ${reason}`];
    }),
  ];
}

/** Why a node may not name this mesh-relative path in a runbook; undefined when it may. */
export function unreadable(path: string, mesh: Mesh, node: MeshNode): string | undefined {
  const owner = ownerOf(path, mesh);
  if (node.operator) return undefined;
  if (owner === undefined) return "which lies in no node's folder";
  if (owner.node.id === node.id) return undefined;
  const decision = mayRead({ id: node.id, grants: node.config.grants }, owner.node.id, owner.inside);
  return decision.allowed ? undefined : decision.reason;
}

function ownerOf(path: string, mesh: Mesh): { node: MeshNode; inside: string } | undefined {
  const absolute = resolve(mesh.root, path);
  const owners = [...mesh.nodes.values()].filter(
    ({ operator, folder }) => !operator && `${absolute}/`.startsWith(`${folder}/`),
  );
  const [node] = owners.sort((a, b) => b.folder.length - a.folder.length);
  return node === undefined ? undefined : { node, inside: relative(node.folder, absolute) };
}
