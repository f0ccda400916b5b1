import { access, constants } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/**
 * The absolute path of a program, as a shell would find it; undefined when there is none that may be run.
 *
 * @param program a name, or an absolute path
 */
export async function findProgram(program: string): Promise<string | undefined> {
  const folders = isAbsolute(program) ? [""] : (process.env.PATH ?? "").split(":").filter(isAbsolute);
  for (const path of folders.map((folder) => join(folder, program))) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}
