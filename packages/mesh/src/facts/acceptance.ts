import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type FactCollector, type StepTarget, sha256 } from "@memomesh/core";

/** A person's word that a collector may run. It lies in `.memomesh`, where no agent writes, and lapses with any change. */
export interface Acceptance {
  readonly name: string;
  readonly digest: string;
  readonly by: { readonly name: string; readonly email: string };
  /** ISO 8601. */
  readonly at: string;
}

/** What an acceptance is bound to: all that decides what runs, and where. */
export function collectorDigest(name: string, collector: FactCollector, target: StepTarget | undefined): string {
  const { command, format, maxAge, timeout } = collector;
  return `sha256:${sha256(JSON.stringify([name, command, format, maxAge, timeout, target ?? null]))}`;
}

/** The acceptance of a collector as it is; undefined when there is none that counts. */
export async function acceptanceOf(root: string, name: string, digest: string): Promise<Acceptance | undefined> {
  try {
    const read = JSON.parse(await readFile(acceptancePath(root, name), "utf8")) as Acceptance | null;
    return read?.name === name && read.digest === digest ? read : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Puts an acceptance on the disk, in place of an earlier one. */
export async function recordAcceptance(root: string, acceptance: Acceptance): Promise<void> {
  const path = acceptancePath(root, acceptance.name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, `${JSON.stringify(acceptance, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

function acceptancePath(root: string, name: string): string {
  return join(root, ".memomesh", "facts", `${name}.json`);
}
