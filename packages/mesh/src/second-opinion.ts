import { join, relative } from "node:path";
import { type OpinionQuestion, opinionOn, type SessionLimits } from "@memomesh/agents";
import {
  type AgentConfig,
  type Changeset,
  type MeshConfig,
  MeshError,
  newId,
  type Opinion,
  type Runbook,
  risks,
} from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { allowance } from "./budget.ts";
import { chooseSecond } from "./choose-second.ts";
import { sessionTargets, type Work } from "./knowledge.ts";
import type { Mesh } from "./load.ts";
import { paidJournal } from "./paid-journal.ts";
import { runbookRisk } from "./runbook-risk.ts";
import type { SessionTerms } from "./session.ts";
import { openJournal } from "./session-journal.ts";
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
  const runbook = riskyRunbook(mesh.config, changeset);
  if (runbook === undefined) return undefined;
  const sensitive = work.node.config.sensitive || work.memo.memo.header.sensitive === true;
  const chosen = chooseSecond(mesh.config, terms.agent, sensitive);
  const agent = chosen ?? "offline";
  const config = chosen === undefined ? { provider: "offline" } : mesh.config.agents[chosen];
  terms.progress(chosen === undefined ? "checks the runbook once more" : `asks ${agent} for a second opinion`);
  try {
    return await ask(mesh, agent, knownConfig(agent, config), runbook, finished);
  } catch (error) {
    const reasons = `It could not be had: ${terms.signal.aborted ? "memomesh was stopped before it came." : reasonOf(error)}`;
    return { agent, verdict: "none", reasons, risks: [], findings: [] };
  }
}

function riskyRunbook({ secondOpinion: { from }, targets }: MeshConfig, { outcome }: Changeset): Runbook | undefined {
  if (outcome.kind !== "prepared" || from === "never") return undefined;
  const runbook = parseRunbook(outcome.runbook.source, outcome.runbook.path);
  return risks.indexOf(runbookRisk(runbook, targets)) < risks.indexOf(from) ? undefined : runbook;
}

/** @throws MeshError `mesh.agent.unknown` */
function knownConfig(name: string, config: AgentConfig | undefined): AgentConfig {
  if (config !== undefined) return config;
  throw new MeshError("mesh.agent.unknown", `mesh.yml names ${name} as secondOpinion.agent and has no such agent.`);
}

async function ask(
  mesh: Mesh,
  agent: string,
  config: AgentConfig,
  runbook: Runbook,
  { work: { node, memo }, changeset, terms }: Finished,
): Promise<Opinion> {
  const { outcome } = changeset;
  const about = { node: node.id, memo: memo.memo.header.id ?? "", session: newId(Date.now()) };
  const limits = await limitsLeft(mesh, { work: { node, memo }, changeset, terms });
  const journal = await openJournal(mesh.root, { ...about, memo: `opinion-${about.memo}` });
  const question: OpinionQuestion = {
    runbook,
    memo: memo.memo,
    node: { id: node.id, role: node.config.role, path: relative(mesh.root, node.folder) },
    notes: outcome.notes,
    unknown: "unknown" in outcome ? outcome.unknown : [],
    files: changeset.files.flatMap(({ path, content }) =>
      content === null ? [] : [{ file: relative(mesh.root, join(node.folder, path)), source: content }],
    ),
    targets: sessionTargets(mesh),
    limits,
    journal: paidJournal(mesh, journal, agent, about),
    signal: terms.signal,
    progress: (text) => terms.progress(`second opinion: ${text}`),
  };
  try {
    const opinion = await opinionOn(agent, config, question);
    await journal.end(opinion.verdict);
    return opinion;
  } finally {
    await journal.close();
  }
}

/**
 * What the session that wrote the runbook has left of its money, in as many turns and tokens as any session has.
 *
 * @throws MeshError `budget.spent` when there is nothing left
 */
async function limitsLeft(mesh: Mesh, { work, changeset, terms }: Finished): Promise<SessionLimits> {
  const month = await readSpending(mesh.root, monthOf(new Date().toISOString()));
  const { limits, spent } = allowance(mesh.config, work.node, month);
  if (limits === undefined) throw new MeshError("budget.spent", `${spent}.`);
  if (limits.cost === undefined || terms.limits.cost === undefined) return limits;
  return { ...limits, cost: Math.min(limits.cost, Math.max(0, terms.limits.cost - (changeset.usage?.cost ?? 0))) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
