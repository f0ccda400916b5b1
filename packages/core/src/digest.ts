import { createHash } from "node:crypto";
import type { Step } from "./runbook.ts";

/** A place where steps run, as far as it decides what a step does. */
export interface StepTarget {
  readonly name: string;
  readonly kind: "local";
  /** Absolute path of the folder in which the step runs. */
  readonly path: string;
  readonly production: boolean;
  /** Fixed variables, shown to the reviewer with their values. */
  readonly env: Readonly<Record<string, string>>;
}

/** The content of a file that a step names in its needs. */
export interface FileDigest {
  readonly path: string;
  /** As {@link sha256} prints it; null when the file is absent. */
  readonly digest: string | null;
}

/** SHA-256 of bytes, or of a text in UTF-8, as `sha256:` and 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(data).digest("hex")}`;
}

/**
 * What an approval is bound to: everything that decides what a step does when it runs, and nothing else. Prose, title
 * and risk may change without voiding an approval; one byte of a command, a file or the target voids it.
 *
 * @param files the files of `step.needs.files`, in any order
 * @param runbook id of the runbook, so that the same step in another runbook needs an approval of its own
 * @see docs/security.md, "Approval"
 */
export function stepDigest(step: Step, target: StepTarget, files: readonly FileDigest[], runbook = ""): string {
  const canonical = [
    "memomesh step 1",
    runbook,
    step.number,
    step.run?.text ?? null,
    step.check?.text ?? null,
    step.undo?.text ?? null,
    step.timeout,
    [target.name, target.kind, target.path, target.production, sorted(Object.entries(target.env))],
    step.needs.env.toSorted(),
    sorted(files.map(({ path, digest }) => [path, digest])),
  ];
  return sha256(JSON.stringify(canonical));
}

function sorted<T extends readonly [string, unknown] | (string | null)[]>(entries: readonly T[]): T[] {
  return entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
