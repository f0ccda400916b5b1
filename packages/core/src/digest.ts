import { createHash } from "node:crypto";
import type { Step } from "./runbook.ts";
import type { StepTarget } from "./target.ts";

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
    targetFacts(target),
    step.needs.env.toSorted(),
    sorted(files.map(({ path, digest }) => [path, digest])),
    ...(step.preview === undefined ? [] : [["preview", step.preview.text]]),
    // Besides its commands, which would say the same in a step that sends nothing.
    ...(step.upload === undefined ? [] : [["upload", step.upload.from, step.upload.to, step.upload.link]]),
  ];
  return sha256(JSON.stringify(canonical));
}

/** What is not there is left out, so that a digest outlives facts that targets learn to have. */
function targetFacts(target: StepTarget): readonly unknown[] {
  const { name, kind, path, production, env, approvals } = target;
  const facts = [name, kind, path, production, sorted(Object.entries(env))];
  const people = approvals === undefined ? [] : [["approvals", approvals]];
  if (target.kind === "local") return [...facts, ...people];
  if (target.kind === "group") return [...facts, ...people, target.order, target.members.map(targetFacts)];
  const { host, port, user, identity = null, jump = null, keys } = target;
  return [...facts, ...people, [host, port, user, identity, jump, keys.toSorted()]];
}

function sorted<T extends readonly [string, unknown] | (string | null)[]>(entries: readonly T[]): T[] {
  return entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
