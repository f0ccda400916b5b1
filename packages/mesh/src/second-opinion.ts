import { join, relative } from "node:path";
import type { SessionLimits } from "@memomesh/agents";
import { type Changeset, MeshError, type Opinion, type Runbook, risks } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { askForOpinion, knownConfig, type OpinionSubject } from "./ask-for-opinion.ts";
import { allowance } from "./budget.ts";
import { checksOnly, chooseSecond } from "./choose-second.ts";
import type { Work } from "./knowledge.ts";
import type { Mesh } from "./load.ts";
import { runbookRisk } from "./runbook-risk.ts";
import type { SessionTerms } from "./session.ts";
import { monthOf, readSpending } from "./spending.ts";

/** What a session has come to, and on what terms it was held. */
interface Finished {
  readonly work: Pick<Work, "node" | "memo">;
  readonly changeset: Changeset;
  readonly terms: SessionTerms;
}

/**
 * Has a second agent look at the runbook of a session, when it is risky enough for that.
 *
 * Whatever goes wrong with it, the changeset stays what it is; the opinion then says why there is none.
 *
 * @returns undefined when no opinion is wanted
 */
export async function secondOpinion(mesh: Mesh, finished: Finished): Promise<Opinion | undefined> {
  const { work, changeset, terms } = finished;
  const runbook = riskyRunbook(mesh, changeset);
  if (runbook === undefined) return undefined;
  const sensitive = work.node.config.sensitive || work.memo.memo.header.sensitive === true;
  // After the gate another agent may have improved it than the one that began.
  const author = changeset.agent;
  const chosen = chooseSecond(mesh.config, author, sensitive);
  const agent = chosen ?? "offline";
  const config = chosen === undefined ? { provider: "offline" } : mesh.config.agents[chosen];
  terms.progress(chosen === undefined ? checksOnly(mesh.config, author) : `asks ${agent} for a second opinion`);
  try {
    return await askForOpinion(mesh, agent, knownConfig(agent, config), subjectOf(mesh, finished, runbook), {
      limits: await limitsLeft(mesh, finished),
      signal: terms.signal,
      progress: (text) => terms.progress(`second opinion: ${text}`),
    });
  } catch (error) {
    const reasons = `It could not be had: ${terms.signal.aborted ? "memomesh was stopped before it came." : reasonOf(error)}`;
    return { agent, verdict: "none", reasons, risks: [], findings: [] };
  }
}

/** Whether a second agent looks at what a session has prepared. */
export function wantsOpinion(mesh: Mesh, changeset: Changeset): boolean {
  return riskyRunbook(mesh, changeset) !== undefined;
}

function subjectOf({ root }: Mesh, { work: { node, memo }, changeset }: Finished, runbook: Runbook): OpinionSubject {
  const { outcome, files } = changeset;
  return {
    runbook,
    node,
    memo: memo.memo,
    notes: outcome.notes,
    unknown: "unknown" in outcome ? outcome.unknown : [],
    files: files.flatMap(({ path, content }) =>
      content === null ? [] : [{ file: relative(root, join(node.folder, path)), source: content }],
    ),
  };
}

function riskyRunbook({ config, guard }: Mesh, { outcome }: Changeset): Runbook | undefined {
  const { secondOpinion, targets } = config;
  const { from } = secondOpinion;
  if (outcome.kind !== "prepared" || from === "never") return undefined;
  const runbook = parseRunbook(outcome.runbook.source, outcome.runbook.path);
  return risks.indexOf(runbookRisk(runbook, targets, guard.programs)) < risks.indexOf(from) ? undefined : runbook;
}

/**
 * What the session that wrote the runbook has left of its money, in as many turns and tokens as any session has.
 *
 * @throws MeshError `budget.spent` when there is nothing left
 */
export async function limitsLeft(mesh: Mesh, { work, changeset, terms }: Finished): Promise<SessionLimits> {
  const month = await readSpending(mesh.root, monthOf(new Date().toISOString()));
  const { limits, spent } = allowance(mesh.config, work.node, month);
  if (limits === undefined) throw new MeshError("budget.spent", `${spent}.`);
  if (limits.cost === undefined || terms.limits.cost === undefined) return limits;
  return { ...limits, cost: Math.min(limits.cost, Math.max(0, terms.limits.cost - (changeset.usage?.cost ?? 0))) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
