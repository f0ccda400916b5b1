import type { Agent, SessionContext, SessionLimits } from "@memomesh/agents";
import { type Changeset, MeshError, newId } from "@memomesh/core";
import { checkChangeset } from "./intake.ts";
import { refuseChangesetSecrets } from "./intake-secrets.ts";
import { readKnowledge, type Work } from "./knowledge.ts";
import type { Mesh } from "./load.ts";
import { paidJournal } from "./paid-journal.ts";
import { withWish } from "./proposals/wish.ts";
import { openJournal } from "./session-journal.ts";
import { withPlan } from "./stages/kept-plan.ts";
import type { Part } from "./stages/part.ts";
import { withPart } from "./stages/role-text.ts";
import { withoutTaint } from "./taint.ts";
import { agentNamed } from "./terms.ts";
import { openWorkshop } from "./workshop.ts";

/** What a session is held with. */
export interface SessionTerms {
  /** Name of an agent of mesh.yml. */
  readonly agent: string;
  readonly limits: SessionLimits;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** The part that it plays in infrastructure work; undefined: none. */
  readonly part?: Part;
  /** Is told in the agent's words what it does. */
  readonly progress: (text: string) => void;
}

/**
 * One session: from files to a changeset. Nothing of the project is written; what the agent wants is checked, not yet applied.
 * What is spent is written into the account book as it is spent.
 *
 * @throws MeshError what the agent or the intake refused; the memo waits unchanged
 */
export async function holdSession(mesh: Mesh, work: Work, terms: SessionTerms): Promise<Changeset> {
  const id = work.memo.memo.header.id ?? "";
  const about = { node: work.node.id, memo: id, session: newId(terms.now.getTime()) };
  const agent = await agentNamed(mesh, terms.agent);
  const journal = await openJournal(mesh.root, about);
  const workshop = openWorkshop(mesh, about);
  let done = false;
  try {
    const { limits, now, signal, progress, part } = terms;
    const known = await readKnowledge(mesh, work, { limits, now, session: about.session });
    const knowledge = part === undefined ? known : await withPart(mesh.root, known, part);
    const paid = paidJournal(mesh, journal, terms.agent, about);
    const context = { ...knowledge, journal: paid, workshop, signal, progress };
    const worked = await withinTime(agent, context, limits.seconds);
    // Whether it is refused or not: this conversation has come to its end, and the next session begins anew.
    await journal.end(worked.outcome.kind);
    const wanted = part === undefined ? worked : await withPlan(worked, part, context.files);
    const planned = await withWish(wanted, work.node);
    // Refused is what the node may never do; what this session alone may not do by itself becomes a proposal.
    checkChangeset(planned, mesh, work.node);
    const changeset = withoutTaint(planned, context.memo, context.thread);
    await refuseChangesetSecrets(changeset, mesh, work.node);
    done = true;
    // What the session was shown counts as read, whatever the agent says.
    return { ...changeset, base: { ...changeset.base, ...context.files.base() } };
  } finally {
    await workshop.close(done);
    await journal.close();
  }
}

/** An agent that is told to stop may first end what it has started and write down how far it came. */
const graceSeconds = 5;

async function withinTime(agent: Agent, context: SessionContext, seconds: number): Promise<Changeset> {
  // The agent keeps to the limit by itself and says more about it; this is for one that does not.
  const late = AbortSignal.timeout(Math.min((seconds + graceSeconds) * 1000, 2 ** 31 - 1));
  const signal = AbortSignal.any([context.signal, late]);
  const deaf = new Promise<never>((_, reject) => {
    const giveUp = () => setTimeout(() => reject(signal.reason), graceSeconds * 1000).unref();
    signal.addEventListener("abort", giveUp);
  });
  try {
    return await Promise.race([agent.work({ ...context, signal }), deaf]);
  } catch (error) {
    if (!signal.aborted) throw error;
    const why = context.signal.aborted
      ? "the session was stopped; the memo waits and will be worked on again"
      : `the session took longer than ${seconds} s (policy.sessionSeconds) and was stopped`;
    throw new MeshError("session.stopped", why, { cause: error });
  }
}
