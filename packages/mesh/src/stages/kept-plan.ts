import { join } from "node:path";
import type { SessionFiles } from "@memomesh/agents";
import { type Changeset, Exit, MeshError, sha256 } from "@memomesh/core";
import { parsePlan, planMarkdown } from "@memomesh/core/stages";
import type { CommitText } from "@memomesh/mailbox";
import type { Change } from "../change.ts";
import type { MeshNode } from "../load.ts";
import type { Part } from "./part.ts";

/** The plan as people read it, beside the one for machines. */
export function planTextPath(plan: string): string {
  return plan.replace(/\.json$/, ".md");
}

/**
 * What an architect's session has come to, checked: the plan fits its form, stands in its place, and nothing else was
 * built. The plan as people read it is added.
 *
 * @throws MeshError `changeset.refused` with what does not fit, for the next try
 */
export async function withPlan(
  changeset: Changeset,
  { plan, onlyPlan, role }: Part,
  files: SessionFiles,
): Promise<Changeset> {
  if (role !== "architect") return changeset;
  const written = changeset.files.find(({ path, content }) => path === plan && content !== null);
  const { kind } = changeset.outcome;
  if (written === undefined || written.content === null) {
    if (onlyPlan && (kind === "done" || kind === "prepared")) throw refused(`there is no plan; expected it in ${plan}`);
    return changeset;
  }
  const others = changeset.files.filter(({ path }) => path !== plan && path !== planTextPath(plan));
  if (others.length > 0 || kind === "prepared") {
    const what = kind === "prepared" ? "a runbook" : others.map(({ path }) => path).join(", ");
    throw refused(
      `an architect writes the plan and nothing else, and this session wrote ${what}; the engineer builds it`,
    );
  }
  const text = planTextPath(plan);
  await files.read(text);
  const content = planMarkdown(fitting(written.content, plan));
  return { ...changeset, files: [written, { path: text, content }] };
}

function fitting(source: string, plan: string): ReturnType<typeof parsePlan> {
  try {
    return parsePlan(source, plan);
  } catch (error) {
    if (error instanceof MeshError) throw refused(`the plan does not fit its form: ${error.message}`);
    throw error;
  }
}

function refused(reason: string): MeshError {
  return new MeshError("changeset.refused", `the session's changes were refused and nothing was applied: ${reason}`, {
    exit: Exit.notPermitted,
  });
}

/** Whether the architect has done its part of a memo that now goes to the engineer. */
export function isPlanned({ files, outcome }: Changeset, part: Part | undefined): boolean {
  return (
    part?.role === "architect" &&
    !part.onlyPlan &&
    outcome.kind === "done" &&
    files.some(({ path }) => path === part.plan)
  );
}

/** The plan as a change of its own: the memo stays as it is, for the engineer. */
export function planChange(node: MeshNode, { session, files, base }: Changeset, commit: CommitText): Change {
  const edits = files.map(({ path, content }) => ({
    path: join(node.folder, path),
    before: base[path] ?? null,
    after: content,
  }));
  const changing = edits.filter(({ before, after }) => after !== null && before !== sha256(after));
  return {
    id: session,
    within: node.folder,
    edits: changing,
    commit: { ...commit, subject: commit.subject.replace(/^Complete/, "Plan") },
  };
}
