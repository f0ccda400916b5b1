// A runbook of one node, and the question what somebody thinks of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseMemo, printRunbook, type StepDraft } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { onTestFinished } from "vitest";
import type { OpinionQuestion } from "../../src/index.ts";
import { deployment, TestJournal } from "../session.ts";

const targets = {
  staging: { kind: "local", production: false, path: "/srv/staging", env: ["REGION"] },
  production: { kind: "local", production: true, path: "/srv/www", env: [] },
};

/** A step that leaves nothing to be said about it. */
export const copies: StepDraft = {
  ...{ title: "Copy", risk: "low", prose: "Copies.", run: "cp -R a shop", check: "test -d shop", undo: "rm -r shop" },
};

export function runbookOf(steps: readonly Partial<StepDraft>[], target = "staging") {
  const source = printRunbook({
    ...{ id: "rb-01KAJ000000000000000RVNB0A", node: "sysadmin", target, created: "2026-11-21T10:14:09Z" },
    ...{ title: "Deploy shop", what: "Deploys.", unknown: [], rollback: "Go back." },
    steps: steps.map((step) => ({ title: "Try", risk: "low", prose: "Tries.", ...step })),
  });
  return parseRunbook(source, "runbooks/deploy.md");
}

export function question(change: Partial<OpinionQuestion> = {}): OpinionQuestion {
  return {
    runbook: runbookOf([{ title: "Look", run: "df -Pk ." }, copies]),
    memo: parseMemo(deployment("app: shop\nversion: 1.4.2\ntarget: staging"), "memo.md"),
    node: { id: "sysadmin", role: "sysadmin", path: "projects/sysadmin" },
    ...{ notes: "Prepared the runbook.", unknown: ["The port."], files: [], targets },
    limits: { turns: 20, tokens: 1_000_000, seconds: 60, cost: undefined },
    journal: new TestJournal(),
    workshop: {
      folder: async () => {
        const folder = mkdtempSync(join(tmpdir(), "memomesh-opinion-"));
        onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
        return folder;
      },
      sandbox: { rule: "off", hidden: [] },
    },
    signal: new AbortController().signal,
    progress: () => {},
    ...change,
  };
}
