import type { MeshError, Place } from "@memomesh/core";
import { loadMesh } from "../load.ts";
import { checkAgents } from "./agents.ts";
import { checkConfiguration } from "./configuration.ts";
import { checkFacts } from "./facts.ts";
import { checkFiles } from "./files.ts";
import { type Finding, findingOf } from "./finding.ts";
import { checkHooks } from "./hooks.ts";
import { checkMailboxes } from "./mailboxes.ts";
import { checkProgram } from "./program.ts";
import { checkSandbox } from "./sandbox.ts";
import { checkTargets } from "./targets.ts";

/** A finding, and what was done about it. */
export interface Diagnosis {
  readonly severity: Finding["severity"];
  readonly code: string;
  readonly sentence: string;
  readonly place?: Place;
  readonly advice?: string;
  /** What `--fix` does, or has done. */
  readonly repair?: string;
  readonly repaired: boolean;
}

/**
 * Finds what is wrong with a mesh, worst first.
 *
 * @param start any folder of the mesh
 * @param options.fix also repairs what can be repaired without losing or deciding anything
 * @param options.program the command line that starts memomesh, when it is not that of this process
 * @throws MeshError `mesh.missing` when there is no mesh to look at
 */
export async function diagnose(
  start: string,
  options: { fix: boolean; program?: readonly string[] },
): Promise<Diagnosis[]> {
  const findings = await findAll(start, options.program);
  const rank = { error: 0, warning: 1, note: 2 };
  const sorted = findings.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
  const diagnoses: Diagnosis[] = [];
  for (const { repair, ...finding } of sorted) {
    if (options.fix) await repair?.act();
    const repaired = options.fix && repair !== undefined;
    diagnoses.push({ ...finding, ...(repair === undefined ? {} : { repair: repair.says }), repaired });
  }
  return diagnoses;
}

async function findAll(start: string, program?: readonly string[]): Promise<Finding[]> {
  const mesh = await loadMesh(start).catch((error: MeshError) => {
    if (error.code === "mesh.missing") throw error;
    return findingOf(error, "mend mesh.yml; until then nothing can be routed");
  });
  if (!("root" in mesh)) return [mesh];
  return [
    ...(await checkProgram(mesh)),
    ...checkConfiguration(mesh),
    ...(await checkAgents(mesh)),
    ...(await checkSandbox(mesh)),
    ...(await checkMailboxes(mesh)),
    ...(await checkFiles(mesh)),
    ...(await checkHooks(mesh, program)),
    ...(await checkTargets(mesh)),
    ...(await checkFacts(mesh)),
  ];
}
