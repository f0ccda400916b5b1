import { join, relative } from "node:path";
import type { Improvement } from "@memomesh/agents";
import { type Changeset, MeshError, type SessionUsage, withHeader } from "@memomesh/core";
import type { GateResult } from "@memomesh/quality";
import type { Work } from "./knowledge.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { limitsLeft } from "./second-opinion.ts";
import { holdSession, type SessionTerms } from "./session.ts";

/** How often an agent improves what the gate does not let pass. */
const mostRounds = 3;

/** What a session has come to, and what the gate gives it. */
export interface Gated {
  readonly changeset: Changeset;
  /** Absent when there is no runbook that a person would be asked to look at. */
  readonly gate?: GateResult;
}

/** The best that there is so far. */
interface Draft {
  readonly changeset: Changeset;
  readonly gate: GateResult;
}

/**
 * Shows a session's runbook to the gate before a person is asked to look at it, and has the agent improve what is below the
 * threshold. Whatever goes wrong with that, the best draft stays. Stages have rounds of their own; the offline agent cannot
 * improve.
 *
 * @param agentAfter the agent that works after the gate has refused so many drafts: a better one, where tiers choose
 * @throws MeshError what the gate cannot read; `session.stopped`
 */
export async function throughGate(
  mesh: Mesh,
  work: Work,
  terms: SessionTerms,
  first: Changeset,
  agentAfter: (refused: number) => string,
): Promise<Gated> {
  if (first.outcome.kind !== "prepared" || work.memo.memo.header.type === "stage") return { changeset: first };
  // Loaded only when there is something for it to look at.
  const { changesetSubject, improvementPlan, judge } = await import("./gate/index.ts");
  const { node, memo } = work;
  const look = async (changeset: Changeset): Promise<Draft> => {
    const gate = await judge(mesh, await changesetSubject(mesh, { node, memo: memo.memo, changeset }));
    return { changeset, gate };
  };
  const rounds = mesh.config.agents[terms.agent]?.provider === "offline" ? 0 : mostRounds;
  let best = await look(first);
  let { usage } = first;
  for (let round = 1; round <= rounds && !best.gate.passed; round++) {
    const agent = agentAfter(round);
    const by = agent === terms.agent ? "" : ` by ${agent}`;
    terms.progress(`the gate gives ${best.gate.score} of 100 points; it is improved${by}, round ${round} of ${rounds}`);
    const improvement = { plan: improvementPlan(best.gate), files: filesOf(mesh, node, best.changeset) };
    const spent = { ...best.changeset, ...usageOf(usage) };
    const next = await improve(mesh, { ...work, improvement }, { ...terms, agent }, spent);
    if (next === undefined) break;
    usage = sum(usage, next.usage);
    if (next.outcome.kind === "asked") return { changeset: { ...next, ...usageOf(usage) } };
    if (next.outcome.kind !== "prepared") continue;
    const draft = await look(next);
    if (draft.gate.passed || draft.gate.score >= best.gate.score) best = draft;
  }
  return { changeset: { ...withScore(best), ...usageOf(usage) }, gate: best.gate };
}

/** @returns undefined when no further round makes sense */
async function improve(
  mesh: Mesh,
  work: Work & { readonly improvement: Improvement },
  terms: SessionTerms,
  changeset: Changeset,
): Promise<Changeset | undefined> {
  try {
    const limits = await limitsLeft(mesh, { work, changeset, terms });
    return await holdSession(mesh, work, { ...terms, limits });
  } catch (error) {
    if (terms.signal.aborted || !(error instanceof MeshError)) throw error;
    terms.progress(`it was not improved: ${error.message}`);
    return undefined;
  }
}

function filesOf(mesh: Mesh, node: MeshNode, { outcome, files }: Changeset): Improvement["files"] {
  const runbook = outcome.kind === "prepared" ? [{ path: outcome.runbook.path, content: outcome.runbook.source }] : [];
  return [...runbook, ...files].flatMap(({ path, content }) =>
    content === null ? [] : [{ file: relative(mesh.root, join(node.folder, path)), source: content }],
  );
}

/** The runbook says what it was given, whatever its author wrote there; a review looks anew. */
function withScore({ changeset, gate: { score } }: Draft): Changeset {
  const { outcome } = changeset;
  if (outcome.kind !== "prepared") return changeset;
  const { path, source } = outcome.runbook;
  return {
    ...changeset,
    outcome: { ...outcome, runbook: { path, source: withHeader(source, { gate: score }) } },
  };
}

function usageOf(usage: SessionUsage | undefined): { readonly usage?: SessionUsage } {
  return usage === undefined ? {} : { usage };
}

function sum(a: SessionUsage | undefined, b: SessionUsage | undefined): SessionUsage | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const cost = a.cost === undefined || b.cost === undefined ? {} : { cost: a.cost + b.cost };
  return {
    turns: a.turns + b.turns,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    seconds: a.seconds + b.seconds,
    ...cost,
  };
}
