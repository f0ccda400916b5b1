import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { readTrail, type TrailHead, trailPath } from "@memomesh/core";
import { approvalSignatures } from "../approval-signatures.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { runbookPaths } from "../runbook-files.ts";
import { type AuditProblem, chainProblems } from "./chain-problems.ts";
import { type ExecutedStep, executedSteps } from "./executed-step.ts";
import { type AuditHistory, openAuditHistory } from "./history-anchors.ts";
import { compareRecord } from "./record-problems.ts";

/** What the audit of a node has shown. */
export interface NodeAudit {
  readonly node: string;
  /** The trail, relative to the mesh's root. */
  readonly file: string;
  readonly head: TrailHead;
  /** How many commits name a head of it. */
  readonly anchors: number;
  /** Entries by type. */
  readonly entries: Readonly<Record<string, number>>;
  readonly steps: readonly ExecutedStep[];
  readonly problems: readonly AuditProblem[];
  /** What a person should know and is no proof of anything. */
  readonly notes: readonly AuditProblem[];
}

/**
 * Walks the audit trails, the records beside the runbooks and the history, and compares each with the others. Reads only.
 *
 * @throws MeshError `history.git.*` when a history cannot be read
 */
export async function verifyAudit(mesh: Mesh, nodes: readonly MeshNode[]): Promise<NodeAudit[]> {
  const history = await openAuditHistory(mesh);
  const audits: NodeAudit[] = [];
  for (const node of nodes) audits.push(await verifyNode(mesh, node, history));
  return audits;
}

async function verifyNode(mesh: Mesh, node: MeshNode, history: AuditHistory): Promise<NodeAudit> {
  const path = trailPath(mesh.root, node.id);
  const file = relative(mesh.root, path);
  const text = await textOf(path);
  const trail = readTrail(text, node.id);
  const anchors = history.anchors.filter((anchor) => anchor.node === node.id);
  const problems = chainProblems(file, { text, trail, committed: await history.committed(path) }, anchors);
  for (const commit of await history.rewritten(path)) {
    const sentence = `commit ${commit.slice(0, 12)} took something out of it or changed it; a trail is only ever added to.`;
    problems.push({ file, sentence });
  }
  const notes: AuditProblem[] = [];
  if (trail.torn.length > 0) {
    const sentence = "its end is half a line: a writer was ended in the middle of it. The next one notes that.";
    notes.push({ file, sentence });
  }
  for (const { entry, line } of trail.lines)
    if (entry.type === "mended")
      notes.push({ file, line, sentence: "half a line that a writer left stands before it." });

  const began = trail.lines[0]?.entry.at;
  const named = trail.lines.flatMap(({ entry }) =>
    typeof entry.file === "string" ? [resolve(mesh.root, entry.file)] : [],
  );
  let before = 0;
  for (const runbook of new Set([...named, ...(await runbookPaths(node))])) {
    const own = trail.lines.filter(({ entry }) => entry.file === relative(mesh.root, runbook));
    const compared = compareRecord(mesh, runbook, own, began);
    problems.push(...compared.problems);
    notes.push(...compared.notes);
    before += compared.before;
  }
  // A trail that a commit names and that is gone has not "not yet begun".
  if (before > 0 && began === undefined && anchors.length === 0)
    notes.push({
      file,
      sentence: `there is no trail yet; ${before} events of its runbooks are from before and not proven.`,
    });
  else if (before > 0)
    notes.push({ file, sentence: `${before} events of its runbooks are from before the trail began, and not proven.` });

  problems.push(...strangeCommits(node, history, new Set(trail.lines.map(({ entry }) => String(entry.digest))), file));
  const steps = await executedSteps(mesh, trail.lines, history, approvalSignatures(mesh));
  return {
    node: node.id,
    file,
    head: trail.head,
    anchors: anchors.length,
    entries: count(trail.lines),
    steps,
    problems,
    notes,
  };
}

/** Commits on the execution of a step of which the trail knows nothing. */
function strangeCommits(
  { id }: MeshNode,
  { commits }: AuditHistory,
  digests: ReadonlySet<string>,
  file: string,
): AuditProblem[] {
  return commits.flatMap(({ hash, subject, trailers }) => {
    const isOwn = trailers.some(([name, value]) => name === "Node" && value === id);
    if (!isOwn || !/^(?:Run|Undo|Fail to run|Fail to undo) step /.test(subject)) return [];
    return trailers
      .flatMap(([name, value]) => (name === "Step-Digest" && !digests.has(value) ? [value] : []))
      .map((digest) => ({
        file,
        sentence: `commit ${hash.slice(0, 12)} is about ${digest}, of which it knows nothing.`,
      }));
  });
}

function count(lines: readonly { readonly entry: { readonly type: string } }[]): Record<string, number> {
  const grouped = Map.groupBy(lines, ({ entry }) => entry.type);
  return Object.fromEntries([...grouped].map(([type, some]) => [type, some.length]));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
