import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type Changeset, type Memo, MeshError, parseMemo } from "@memomesh/core";
import { parseRunbook, readBody } from "@memomesh/core/markdown";
import { readStageTask } from "@memomesh/core/stages";
import { type GateFile, type Request, readFiles, requestOf, type Subject } from "@memomesh/quality";
import { writtenFor } from "../ask/written.ts";
import { findMemoEntry, nodesFrom } from "../box.ts";
import type { Mesh, MeshNode } from "../load.ts";
import type { RunbookFile } from "../runbook-files.ts";
import { stageSubject } from "../stages/judge.ts";
import { openStage } from "../stages/open.ts";
import { gateLessons } from "./lessons.ts";
import { knownPlatform } from "./platform.ts";

/** How the gate is to see a runbook. */
export interface RunbookLook {
  /** The bytes that a person is shown. */
  readonly source: string;
  /** How findings name a file; by default from the mesh's root. */
  readonly name?: (path: string) => string;
  /** Instead of what its memo asks for. */
  readonly request?: Request;
}

/** Plans are kept beside the result and are no part of it. */
const plans = /^docs\/plans\//;

/**
 * What the gate looks at for a runbook: its text, the files that its steps need, what sessions have written for the memo
 * that it answers, and what that memo asks for.
 */
export async function runbookSubject(
  mesh: Mesh,
  { path, node }: RunbookFile,
  { source, name = (file) => relative(mesh.root, file), request }: RunbookLook,
): Promise<Subject> {
  const { needs, memo: id } = readNeeds(source);
  const memo = id === undefined ? undefined : await memoOf(mesh, node, id, name);
  const staged = memo === undefined || request !== undefined ? undefined : await stagedSubject(mesh, node, memo);
  if (staged !== undefined) {
    const others = staged.files.filter((file) => resolve(mesh.root, file.path) !== path);
    return { ...staged, files: [{ path: name(path), text: source }, ...others] };
  }
  const written = id === undefined ? [] : await writtenFor(mesh, node, id);
  const wanted = [...needs, ...written.map((file) => file.path)].map((file) => resolve(mesh.root, file));
  const others = wanted.filter((file) => file !== path && !plans.test(relative(node.folder, file)) && existsSync(file));
  const asked = request ?? (memo === undefined ? undefined : requestIn(memo));
  const notes = memo === undefined ? "" : notesOf(memo);
  return {
    files: [{ path: name(path), text: source }, ...(await readFiles([...new Set(others)], name))],
    lessons: await gateLessons(mesh.root, [node.folder, mesh.root], name),
    platform: await knownPlatform(mesh),
    guard: mesh.guard,
    ...(notes === "" ? {} : { notes }),
    ...(asked === undefined ? {} : { request: asked }),
  };
}

/** The runbook of a stage answers to what stages.yml wants, as the stage itself does. */
async function stagedSubject(mesh: Mesh, node: MeshNode, memo: Memo): Promise<Subject | undefined> {
  const task = memo.header.type === "stage" ? readStageTask(readBody(memo)) : undefined;
  if (task === undefined) return undefined;
  try {
    return await stageSubject(mesh, node, await openStage(mesh, task.stage, task.inventory));
  } catch (error) {
    // A stage that was taken out of its list wants nothing any more.
    if (error instanceof MeshError && error.code.startsWith("stage.")) return undefined;
    throw error;
  }
}

/** What the gate looks at before a changeset is applied: the same, as it would lie on the disk by then. */
export async function changesetSubject(
  mesh: Mesh,
  { node, memo, changeset }: { readonly node: MeshNode; readonly memo: Memo; readonly changeset: Changeset },
): Promise<Subject> {
  const { outcome, files } = changeset;
  const runbook = outcome.kind === "prepared" ? [{ path: outcome.runbook.path, content: outcome.runbook.source }] : [];
  const inMesh = (path: string) => relative(mesh.root, join(node.folder, path));
  const changed = [...runbook, ...files].filter(({ path }) => !plans.test(path));
  const there = new Set(changed.map(({ path }) => join(node.folder, path)));
  const needs = runbook.flatMap(({ content }) => readNeeds(content).needs).map((file) => resolve(mesh.root, file));
  const beside = await readFiles(needs.filter(existsSync), (file) => relative(mesh.root, file));
  const written = changed.flatMap(({ path, content }): GateFile[] =>
    content === null ? [] : [{ path: inMesh(path), text: content }],
  );
  const asked = requestIn(memo);
  return {
    files: [...written, ...beside.filter(({ path }) => !there.has(join(mesh.root, path)))],
    lessons: await gateLessons(mesh.root, [node.folder, mesh.root]),
    platform: await knownPlatform(mesh),
    guard: mesh.guard,
    notes: outcome.notes,
    ...(asked === undefined ? {} : { request: asked }),
  };
}

/** What a runbook depends on; of one that cannot be read nothing is known, and the gate will say so. */
function readNeeds(source: string): { readonly needs: readonly string[]; readonly memo?: string } {
  try {
    const { steps, memo } = parseRunbook(source, "");
    const needs = [...new Set(steps.flatMap((step) => step.needs.files))];
    return { needs, ...(memo === undefined ? {} : { memo }) };
  } catch (error) {
    if (error instanceof MeshError) return { needs: [] };
    throw error;
  }
}

async function memoOf(
  mesh: Mesh,
  node: MeshNode,
  id: string,
  name: (path: string) => string,
): Promise<Memo | undefined> {
  try {
    const { path } = await findMemoEntry(nodesFrom(mesh, node), id);
    return parseMemo(await readFile(path, "utf8"), name(path));
  } catch (error) {
    // The memo may have been written elsewhere, or be gone.
    if (error instanceof MeshError && error.code.startsWith("memo.")) return undefined;
    throw error;
  }
}

/** What the session has said about its work. */
function notesOf(memo: Memo): string {
  const sections = readBody(memo).sections.filter(({ heading }) => /^completion$/i.test(heading.trim()));
  return sections.map(({ text }) => text).join("\n");
}

/** @returns undefined when what is to be deployed cannot be read: that is told to whoever wrote the memo */
function requestIn(memo: Memo): Request | undefined {
  try {
    return requestOf(memo, readBody(memo));
  } catch (error) {
    if (error instanceof MeshError && error.code.startsWith("deployment.")) return undefined;
    throw error;
  }
}
