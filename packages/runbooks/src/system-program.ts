import { accessSync, constants } from "node:fs";
import { MeshError } from "@memomesh/core";
import { systemPath } from "./environment.ts";

/**
 * Where a program is: in the system's folders only, never in a PATH that somebody has set.
 *
 * @throws MeshError `<name>.missing`
 */
export function findProgram(name: string): string {
  for (const folder of systemPath.split(":")) {
    try {
      accessSync(`${folder}/${name}`, constants.X_OK);
      return `${folder}/${name}`;
    } catch {}
  }
  throw new MeshError(`${name}.missing`, `no ${name} was found in ${systemPath}; steps need it. Install ${name}.`);
}
