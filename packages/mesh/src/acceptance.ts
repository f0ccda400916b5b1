import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What mesh.yml has that runs only when a person has accepted it. */
export type Accepted = "facts" | "secrets";

/** A person's word that a command of mesh.yml may run. It lies in `.memomesh`, where no agent writes, and lapses with any change. */
export interface Acceptance {
  readonly name: string;
  readonly digest: string;
  readonly by: { readonly name: string; readonly email: string };
  /** ISO 8601. */
  readonly at: string;
}

/**
 * The acceptance of something as it is; undefined when there is none that counts.
 *
 * @param digest of all that decides what runs, and where
 */
export async function acceptanceOf(
  root: string,
  kind: Accepted,
  name: string,
  digest: string,
): Promise<Acceptance | undefined> {
  try {
    const read = JSON.parse(await readFile(acceptancePath(root, kind, name), "utf8")) as Acceptance | null;
    return read?.name === name && read.digest === digest ? read : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Puts an acceptance on the disk, in place of an earlier one. */
export async function recordAcceptance(root: string, kind: Accepted, acceptance: Acceptance): Promise<void> {
  const path = acceptancePath(root, kind, acceptance.name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, `${JSON.stringify(acceptance, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

function acceptancePath(root: string, kind: Accepted, name: string): string {
  return join(root, ".memomesh", kind, `${name}.json`);
}
