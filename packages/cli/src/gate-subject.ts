import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Exit, type Lesson, MeshError, parseMemo } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { findMeshRoot, findRunbook, loadMesh, type Mesh, nodeAt } from "@memomesh/mesh";
import { gateLessons, knownPlatform, runbookSubject } from "@memomesh/mesh/gate";
import { type Request, readFiles, requestOf, type Subject } from "@memomesh/quality";
import { shown } from "./here.ts";

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
    const file = await findRunbook(mesh, reference, process.cwd());
    const source = await readFile(file.path, "utf8");
    return runbookSubject(mesh, file, { source, name: shown, ...(told === undefined ? {} : { request: told }) });
  }
  if (!exists) {
    throw new MeshError("gate.missing", `there is no ${reference} here; expected a runbook, a file or a folder`, {
      exit: Exit.usage,
    });
  }
  const files = await readFiles([path], shown);
  return {
    files,
    lessons: await readLessons(mesh, path),
    ...(mesh === undefined ? {} : { platform: await knownPlatform(mesh), guard: mesh.guard }),
    ...(told === undefined ? {} : { request: told }),
  };
}

function isRunbook(path: string): boolean {
  return /[\\/]runbooks[\\/][^\\/]+\.md$/.test(path) && !/\.record\.md$/.test(path);
}

async function requestIn(path: string): Promise<Request> {
  const memo = parseMemo(await readFile(path, "utf8"), shown(path));
  return requestOf(memo, readBody(memo));
}

/** The lessons of the mesh, of the node and of the field. */
function readLessons(mesh: Mesh | undefined, path: string): Promise<readonly Lesson[]> {
  const root = mesh?.root ?? process.cwd();
  return gateLessons(root, [mesh === undefined ? root : nodeAt(mesh, path).folder, root], shown);
}
