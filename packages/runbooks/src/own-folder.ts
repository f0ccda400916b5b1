import { resolve, sep } from "node:path";
import type { StepTarget } from "@memomesh/core";

/**
 * The folder of a local target below the mesh's own: a review makes it when it is not there yet. Others are the operator's
 * to make.
 *
 * @returns absolute; undefined for every other target
 */
export function ownFolder(target: StepTarget | undefined, meshRoot: string): string | undefined {
  if (target?.kind !== "local") return undefined;
  const path = resolve(target.path);
  return path.startsWith(`${meshRoot}${sep}`) ? path : undefined;
}
