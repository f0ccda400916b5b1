import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** The first program of these names in PATH, as an absolute path without links. Relative entries of PATH do not count. */
export async function findProgram(names: readonly string[], path: string): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of path.split(delimiter).filter(isAbsolute)) {
      const file = join(folder, name);
      const found = await access(file, constants.X_OK).then(
        () => realpath(file),
        () => undefined,
      );
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
