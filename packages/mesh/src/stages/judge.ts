import { join, relative } from "node:path";
import { parseMemo } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { type GateFile, type GateResult, gate, readSettings, requestOf, type Subject } from "@memomesh/quality";
import { writtenFor } from "../ask/written.ts";
import { textOf } from "../create.ts";
import { gateLessons } from "../gate/lessons.ts";
import { knownPlatform } from "../gate/platform.ts";
import type { Mesh, MeshNode } from "../load.ts";
import type { FoundStage } from "./inventory.ts";

/**
 * Has the gate look at what there is of a stage.
 *
 * @throws MeshError when lessons or facts cannot be read
 */
export async function judgeStage(mesh: Mesh, node: MeshNode, found: FoundStage): Promise<GateResult> {
  return gate(await stageSubject(mesh, node, found), readSettings(mesh.config.gate));
}

/**
 * What there is of a stage: the files that its sessions have written, as they are now, its runbook and its documentation,
 * against the requirements of stages.yml.
 *
 * @throws MeshError when lessons or facts cannot be read
 */
export async function stageSubject(
  mesh: Mesh,
  node: MeshNode,
  { list, stage, record }: Pick<FoundStage, "list" | "stage" | "record">,
): Promise<Subject> {
  const written = (await Promise.all(record.memos.map((memo) => writtenFor(mesh, node, memo))))
    .flat()
    .map(({ path }) => path);
  const documentation = relative(mesh.root, join(node.folder, stage.documentation));
  const paths = [...written, ...(record.runbook === undefined ? [] : [record.runbook]), documentation];
  const plans = /^docs\/plans\//;
  const wanted = [...new Set(paths)].filter((path) => !plans.test(relative(node.folder, join(mesh.root, path))));
  const files = await Promise.all(wanted.map((path) => gateFile(mesh, path)));
  const file = relative(mesh.root, list.path);
  const deployment = stage.deploy === undefined ? undefined : deploymentOf(stage.deploy);
  return {
    files: files.filter((each) => each !== undefined),
    lessons: await gateLessons(mesh.root, [node.folder, mesh.root]),
    platform: await knownPlatform(mesh),
    guard: mesh.guard,
    request: {
      file,
      requirements: stage.requirements.map(({ name, text, line }) => ({
        text: name === undefined ? text : `${name}: ${text}`,
        line,
        done: false,
      })),
      ...(deployment === undefined ? {} : { deployment }),
    },
  };
}

/** Paths are the mesh's, so that findings lead to the file from its root. */
async function gateFile(mesh: Mesh, path: string): Promise<GateFile | undefined> {
  const text = await textOf(join(mesh.root, path));
  return text === undefined ? undefined : { path, text };
}

function deploymentOf(deploy: string): ReturnType<typeof requestOf>["deployment"] {
  const memo = parseMemo(
    `---\nto: operator\nsubject: stage\n---\n\`\`\`yaml deploy\n${deploy}\n\`\`\`\n`,
    "stages.yml",
  );
  return requestOf(memo, readBody(memo)).deployment;
}
