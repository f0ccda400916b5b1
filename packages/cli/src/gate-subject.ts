import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Exit, type Lesson, lessonsPath, MeshError, parseLessons, parseMemo } from "@memomesh/core";
import { parseRunbook, readBody } from "@memomesh/core/markdown";
import {
  findMemoEntry,
  findMeshRoot,
  findRunbook,
  loadMesh,
  type Mesh,
  type MeshNode,
  nodeAt,
  nodesFrom,
  type RunbookFile,
  readTemplate,
} from "@memomesh/mesh";
import { type Request, readFiles, requestOf, type Subject } from "@memomesh/quality";
import { shown } from "./here.ts";

/** The shipped lessons of the field, in templates/. */
const fieldLessons = "ai-lessons-field.md";

/**
 * What the gate is to look at: a runbook with the files that its steps need and the memo that it answers, or the files
 * at and below a path.
 *
 * @param memo path of a memo whose requirements are to be met, instead of the runbook's own
 * @throws MeshError when there is no such runbook or path
 */
export async function gateSubject(reference: string, memo: string | undefined): Promise<Subject> {
  const mesh = findMeshRoot(process.cwd()) === undefined ? undefined : await loadMesh(process.cwd());
  const told = memo === undefined ? undefined : await requestIn(resolve(memo));
  const path = resolve(reference);
  const exists = existsSync(path);
  if (mesh !== undefined && (!exists || isRunbook(path))) {
    return runbookSubject(mesh, await findRunbook(mesh, reference, process.cwd()), told);
  }
  if (!exists) {
    throw new MeshError("gate.missing", `there is no ${reference} here; expected a runbook, a file or a folder`, {
      exit: Exit.usage,
    });
  }
  const files = await readFiles([path], shown);
  return { files, lessons: await readLessons(mesh, path), ...(told === undefined ? {} : { request: told }) };
}

function isRunbook(path: string): boolean {
  return /[\\/]runbooks[\\/][^\\/]+\.md$/.test(path) && !/\.record\.md$/.test(path);
}

async function runbookSubject(mesh: Mesh, { path, node }: RunbookFile, told: Request | undefined): Promise<Subject> {
  const source = await readFile(path, "utf8");
  const { needs, memo } = readNeeds(source);
  const named = needs.map((file) => resolve(mesh.root, file)).filter((file) => existsSync(file));
  const request = told ?? (memo === undefined ? undefined : await requestOfMemo(mesh, node, memo));
  return {
    files: await readFiles([path, ...named], shown),
    lessons: await readLessons(mesh, path),
    ...(request === undefined ? {} : { request }),
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

async function requestOfMemo(mesh: Mesh, node: MeshNode, id: string): Promise<Request | undefined> {
  try {
    const { path } = await findMemoEntry(nodesFrom(mesh, node), id);
    return await requestIn(path);
  } catch (error) {
    // The memo may have been written elsewhere, or be gone.
    if (error instanceof MeshError && error.code.startsWith("memo.")) return undefined;
    throw error;
  }
}

async function requestIn(path: string): Promise<Request> {
  const memo = parseMemo(await readFile(path, "utf8"), shown(path));
  return requestOf(memo, readBody(memo));
}

/** The lessons of the mesh, of the node and of the field. One that the mesh has under the same title is its own. */
async function readLessons(mesh: Mesh | undefined, path: string): Promise<readonly Lesson[]> {
  const root = mesh?.root ?? process.cwd();
  const folders = [...new Set([mesh === undefined ? root : nodeAt(mesh, path).folder, root])];
  const own = await Promise.all(folders.map((folder) => lessonsIn(lessonsPath(folder))));
  const shipped = parseLessons(await readTemplate(root, fieldLessons), join("templates", fieldLessons));
  const byTitle = new Map([...shipped, ...own.flat().reverse()].map((lesson) => [lesson.title, lesson]));
  return [...byTitle.values()];
}

async function lessonsIn(path: string): Promise<readonly Lesson[]> {
  return existsSync(path) ? parseLessons(await readFile(path, "utf8"), shown(path)) : [];
}
