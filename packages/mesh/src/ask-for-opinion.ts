import { relative } from "node:path";
import { type OpinionQuestion, opinionOn } from "@memomesh/agents";
import { type AgentConfig, MeshError, newId, type Opinion } from "@memomesh/core";
import { sessionTargets } from "./knowledge.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { paidJournal } from "./paid-journal.ts";
import { openJournal } from "./session-journal.ts";
import { openWorkshop } from "./workshop.ts";

/** What an agent is asked about. */
export interface OpinionSubject extends Pick<OpinionQuestion, "runbook" | "memo" | "notes" | "unknown" | "files"> {
  /** Whose runbook it is. */
  readonly node: MeshNode;
}

/**
 * Asks one agent for its opinion on a runbook. What is said is kept in a transcript, what it costs in the account book.
 *
 * @throws MeshError `agent.*`, `opinion.*` when it cannot be had
 */
export async function askForOpinion(
  mesh: Mesh,
  agent: string,
  config: AgentConfig,
  { node, ...subject }: OpinionSubject,
  terms: Pick<OpinionQuestion, "limits" | "signal" | "progress">,
): Promise<Opinion> {
  const about = { node: node.id, memo: subject.memo?.header.id ?? subject.runbook.id, session: newId(Date.now()) };
  const journal = await openJournal(mesh.root, { ...about, memo: `opinion-${about.memo}` });
  const workshop = openWorkshop(mesh, { ...about, memo: `opinion-${about.memo}` });
  const question: OpinionQuestion = {
    ...subject,
    node: { id: node.id, role: node.config.role, path: relative(mesh.root, node.folder) },
    targets: sessionTargets(mesh),
    programs: mesh.guard.programs,
    ...terms,
    journal: paidJournal(mesh, journal, agent, about),
    workshop,
  };
  try {
    const opinion = await opinionOn(agent, config, question);
    await journal.end(opinion.verdict);
    return opinion;
  } finally {
    await workshop.close(true);
    await journal.close();
  }
}

/** @throws MeshError `mesh.agent.unknown` */
export function knownConfig(name: string, config: AgentConfig | undefined): AgentConfig {
  if (config !== undefined) return config;
  throw new MeshError("mesh.agent.unknown", `mesh.yml names ${name} as secondOpinion.agent and has no such agent.`);
}
