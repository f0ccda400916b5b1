import { join } from "node:path";

/** What ran, one JSON line per event, beside the runbook: `deploy.md` has `deploy.record.jsonl`. */
export function journalFile(runbook: string): string {
  return `${withoutExtension(runbook)}.record.jsonl`;
}

/** The same for people, printed from the journal: `deploy.record.md`. */
export function recordFile(runbook: string): string {
  return `${withoutExtension(runbook)}.record.md`;
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
