import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** What became of a file that was to be made. */
export interface Made {
  /** Absolute. */
  readonly path: string;
  /** `kept`: it existed and was left as it is. `extended`: something was added to it, nothing taken away. */
  readonly state: "created" | "kept" | "extended";
}

/** Writes a file unless something of that name exists. Folders above are made. */
export async function createFile(path: string, content: string): Promise<Made> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, content, { flag: "wx" });
    return { path, state: "created" };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return { path, state: "kept" };
    throw error;
  }
}

/** The text of a file, undefined when there is none. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
