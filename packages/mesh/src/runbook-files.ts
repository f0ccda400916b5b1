import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import {
  Exit,
  MeshError,
  memoFileName,
  newId,
  runbooksFolder,
  type SingleTarget,
  type StepTarget,
  type TargetConfig,
} from "@memomesh/core";
import {
  isRunbookName,
  openRunbook,
  type ReviewedRunbook,
  type RunbookRequest,
  runbookProgress,
} from "@memomesh/runbooks";
import { approvalSignatures } from "./approval-signatures.ts";
import { createFile } from "./create.ts";
import { unreadable } from "./intake.ts";
import { type Mesh, type MeshNode, nodeAt } from "./load.ts";
import { knownVariables } from "./step-variables.ts";
import { fillTemplate, readTemplate } from "./templates.ts";

/** A runbook file of a node. */
export interface RunbookFile {
  readonly node: MeshNode;
  /** Absolute. */
  readonly path: string;
}

/** A runbook in a list: as it was read, or why it cannot be. */
export interface RunbookEntry extends RunbookFile {
  readonly reviewed: ReviewedRunbook | undefined;
  readonly problem: MeshError | undefined;
}

/** The runbooks of a node, without the records of their runs and the second opinions on them; newest first as far as their names tell. Absolute. */
export async function runbookPaths(node: MeshNode): Promise<string[]> {
  const folder = runbooksFolder(node.folder);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(isRunbookName)
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

/**
 * Starts a runbook from its template, for a person to write.
 *
 * @returns the absolute path of the new file
 * @throws MeshError `runbook.target` when mesh.yml has no such target
 */
export async function startRunbook(
  mesh: Mesh,
  node: MeshNode,
  title: string,
  target: string,
  at: Date,
): Promise<string> {
  if (!Object.hasOwn(mesh.config.targets, target)) {
    const known = Object.keys(mesh.config.targets).join(", ") || "none yet";
    throw new MeshError("runbook.target", `target "${target}" is not in mesh.yml; it has ${known}`, {
      exit: Exit.usage,
    });
  }
  const id = newId(at.getTime());
  const date = at.toISOString();
  const values = { id: `rb-${id}`, node: node.id, target, date, title: title.replace(/\s+/g, " ") };
  const source = fillTemplate(await readTemplate(mesh.root, "runbook.md"), values, "templates/runbook.md");
  const path = join(runbooksFolder(node.folder), memoFileName(title, date, id));
  await createFile(path, source);
  return path;
}

/** Reads all runbooks of these nodes, and how far each has come. */
export async function readRunbooks(mesh: Mesh, nodes: readonly MeshNode[]): Promise<RunbookEntry[]> {
  const entries: RunbookEntry[] = [];
  for (const node of nodes) {
    for (const path of await runbookPaths(node)) entries.push(await readRunbook(mesh, { node, path }));
  }
  return entries;
}

export async function readRunbook(mesh: Mesh, file: RunbookFile): Promise<RunbookEntry> {
  try {
    return { ...file, reviewed: await openRunbook(runbookRequest(mesh, file)), problem: undefined };
  } catch (error) {
    if (error instanceof MeshError) return { ...file, reviewed: undefined, problem: error };
    throw error;
  }
}

/** What the runbooks package has to know to read and to run this runbook. */
export function runbookRequest(mesh: Mesh, { node, path }: RunbookFile): RunbookRequest {
  const targets = Object.entries(mesh.config.targets).map(([name, target]) => [name, stepTarget(mesh, name, target)]);
  return {
    meshRoot: mesh.root,
    node: node.id,
    nodeFolder: node.folder,
    path,
    targets: Object.fromEntries(targets),
    environment: knownVariables(mesh),
    programs: mesh.guard.programs,
    allowedSecrets: mesh.guard.allowedSecrets,
    approvalHours: mesh.config.policy.approvalHours,
    signatures: approvalSignatures(mesh),
    allowedFiles: (file) => {
      const reason = unreadable(file, mesh, node);
      return { allowed: reason === undefined, reason: reason ?? `${node.id} may read it` };
    },
  };
}

/** A target with its paths resolved. Those of a host's own are absolute already. */
export function stepTarget(mesh: Mesh, name: string, target: TargetConfig): StepTarget {
  if (target.kind !== "group") return singleTarget(mesh, name, target);
  const members = target.members.flatMap((member) => {
    const found = mesh.config.targets[member];
    return found === undefined || found.kind === "group" ? [] : [singleTarget(mesh, member, found)];
  });
  return { ...target, name, members };
}

function singleTarget(mesh: Mesh, name: string, target: Exclude<TargetConfig, { kind: "group" }>): SingleTarget {
  if (target.kind === "local") return { ...target, name, path: resolve(mesh.root, target.path) };
  const { identity, knownHosts } = target;
  return {
    ...target,
    name,
    knownHosts: resolve(mesh.root, knownHosts),
    ...(identity !== undefined && { identity: resolve(mesh.root, identity.replace(/^~(?=\/)/, homedir())) }),
    keys: [],
  };
}

/** Whether nobody has to do anything about a runbook any more. One that a person stopped in the middle still waits. */
export function isFinished({ journal, runbook }: ReviewedRunbook): boolean {
  const { state, next } = runbookProgress(journal.events, runbook);
  return state === "rolled-back" || next === undefined;
}

/**
 * The runbook that a person means: a path from the current folder, or a file name, with or without `.md`, or the end of
 * one, in the `runbooks/` of any node.
 *
 * @param from the current folder
 * @throws MeshError `runbook.unknown`, or `runbook.ambiguous` when several fit
 */
export async function findRunbook(mesh: Mesh, reference: string, from: string): Promise<RunbookFile> {
  for (const folder of [from, nodeAt(mesh, from).folder, mesh.root]) {
    const path = resolve(folder, reference);
    if (existsSync(path) && isRunbookName(basename(path))) return { node: nodeAt(mesh, path), path };
  }
  const wanted = basename(reference).replace(/\.md$/, "");
  const all = await Promise.all(
    [...mesh.nodes.values()].map(async (node) => (await runbookPaths(node)).map((path) => ({ node, path }))),
  );
  const names = all.flat().map((file) => ({ ...file, name: basename(file.path, ".md") }));
  const exact = names.filter(({ name }) => name === wanted);
  const found = exact.length > 0 ? exact : names.filter(({ name }) => name.endsWith(`-${wanted}`));
  if (found.length === 1 && found[0] !== undefined) return { node: found[0].node, path: found[0].path };
  if (found.length > 1) {
    throw new MeshError(
      "runbook.ambiguous",
      `"${reference}" fits ${found.map(({ node, name }) => `${node.id}: ${name}`).join(", ")}; give the path`,
      { exit: Exit.usage },
    );
  }
  throw new MeshError(
    "runbook.unknown",
    `there is no runbook "${reference}"; \`memomesh runbook list --all\` shows what there is`,
    { exit: Exit.usage },
  );
}
