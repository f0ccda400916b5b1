import { Exit, isName, MeshError, nameWording } from "@memomesh/core";
import { createFile, type Made } from "../create.ts";
import type { Mesh } from "../load.ts";
import { readTemplate } from "../templates.ts";
import { listPathOf } from "./inventory.ts";

/**
 * Begins an inventory with stages to be changed. One that is there already is left as it is.
 *
 * @throws MeshError `stage.inventory.name` when it is no name
 */
export async function startInventory({ root }: Mesh, name: string): Promise<Made> {
  if (!isName(name)) {
    const sentence = `"${name}" is no name of an inventory; expected ${nameWording}.`;
    throw new MeshError("stage.inventory.name", sentence, { exit: Exit.usage });
  }
  return createFile(listPathOf(root, name), await readTemplate(root, "inventories/example/stages.yml"));
}
