import { join } from "node:path";

/** What ran, one JSON line per event, beside the runbook: `deploy.md` has `deploy.record.jsonl`. */
export function journalFile(runbook: string): string {
  return `${withoutExtension(runbook)}.record.jsonl`;
}

/** The same for people, printed from the journal: `deploy.record.md`. */
export function recordFile(runbook: string): string {
  return `${withoutExtension(runbook)}.record.md`;
}

/** What a second agent thinks of the runbook: `deploy.review.md`. */
export function opinionFile(runbook: string): string {
  return `${withoutExtension(runbook)}.review.md`;
}

/** Whether a file of `runbooks/` is a runbook itself, and not what lies beside one. */
export function isRunbookName(name: string): boolean {
  return name.endsWith(".md") && !name.startsWith(".") && !/\.(?:record|review)\.md$/.test(name);
}

/** Approvals that wait for their step; below it, `used/` and `void/` hold those that are spent. */
export function approvalsFolder(meshRoot: string): string {
  return join(meshRoot, ".memomesh", "approvals");
}

/** One entry per process that holds, or is about to hold, the runbook with this id. */
export function lockFolder(meshRoot: string, runbook: string): string {
  return join(meshRoot, ".memomesh", "runs", `${runbook}.lock`);
}

function withoutExtension(runbook: string): string {
  return runbook.endsWith(".md") ? runbook.slice(0, -".md".length) : runbook;
}
