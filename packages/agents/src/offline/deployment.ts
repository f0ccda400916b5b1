import type { Changeset, FileChange } from "@memomesh/core";
import { memoFileName, printRunbook } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { senderOf } from "../correspondence.ts";
import { quoted } from "../quote.ts";
import { changesetOf, shortId } from "../result.ts";
import { itemsDoneByPreparing } from "./action-items.ts";
import { findArtifacts } from "./artifact.ts";
import { deploymentParts } from "./deployment-parts.ts";
import { joinParts, numbered, type Part } from "./plan.ts";
import { askForFacts } from "./question.ts";
import { type Lack, lacksOf, type Release, releaseOf } from "./release.ts";
import { rollbackParts } from "./rollback.ts";
import type { Told } from "./told.ts";

/**
 * Turns a deployment memo into files and a runbook, or into a question when something is missing that nobody may guess.
 *
 * @param agent its name
 */
export async function prepareDeployment(agent: string, context: SessionContext, told: Told): Promise<Changeset> {
  const { targets, now, memo } = context;
  const { facts, rollback } = told;
  const lacks: Lack[] = [
    ...told.unreadable.map(
      (sentence): Lack => ({ sentence: `What was told cannot be read: ${sentence}`, whom: "sender" }),
    ),
    ...lacksOf(facts, targets, rollback),
  ];
  const { found, lacks: absent } = rollback ? { found: [], lacks: [] } : await findArtifacts(context, facts);
  lacks.push(...absent);
  if (lacks.length > 0) return askForFacts(agent, context, lacks, facts);
  const release = releaseOf(facts, targets, now, memo.header.id ?? context.session);
  const parts = rollback
    ? await rollbackParts(context, release, facts)
    : await deploymentParts(context, release, found);
  if (!Array.isArray(parts)) return askForFacts(agent, context, parts.lacks, facts);
  const title = rollback
    ? `Roll back ${release.app} on ${release.target.name}`
    : `Deploy ${release.app} ${release.version} to ${release.target.name}`;
  return prepared(agent, context, release, title, joinParts(parts));
}

async function prepared(
  agent: string,
  context: SessionContext,
  release: Release,
  title: string,
  part: Part,
): Promise<Changeset> {
  const { memo, body, node, now, session, targets } = context;
  const path = await freePath(context, `runbooks/${memoFileName(title, now, memo.header.id ?? session)}`);
  const source = printRunbook({
    id: `rb-${session}`,
    ...(memo.header.id === undefined ? {} : { memo: memo.header.id }),
    node: node.id,
    target: release.target.name,
    created: now,
    title,
    what: [`Asked for by ${senderOf(memo)}: ${quoted(memo.header.subject)}.`, ...part.does].join("\n\n"),
    unknown: part.unknown,
    rollback: ["While this runbook is open: undo its steps in reverse order.", ...part.rollback].join("\n\n"),
    steps: numbered(part.steps),
  });
  const files = Object.entries(part.files).map(([path, content]): FileChange => ({ path, content }));
  const written = files.length === 0 ? "" : ` Files: ${files.map(({ path }) => `\`${path}\``).join(", ")}.`;
  const notes = `Prepared the runbook \`${path}\` with ${part.steps.length} steps; it waits for a person.${written}`;
  const count = part.unknown.length;
  const open =
    count === 0
      ? "Nothing is left unknown."
      : `The runbook lists what is not known (${count === 1 ? "one thing" : `${count} things`}).`;
  return changesetOf(agent, context, {
    files,
    outcome: {
      kind: "prepared",
      notes,
      done: itemsDoneByPreparing(body.items, release.target.name, Object.keys(targets)),
      unknown: part.unknown,
      runbook: { path, source },
    },
    status: `The runbook \`${path}\` waits for review by a person.`,
    progress: `prepared \`${path}\` for memo ${shortId(memo)}`,
    handover: `\`${path}\` waits for review, for ${senderOf(memo)}. ${open} Nothing has run yet.`,
  });
}

/** A runbook that is there may have been reviewed or run; a new one never takes its place. */
async function freePath({ files }: SessionContext, path: string): Promise<string> {
  for (let number = 2, free = path; ; number += 1) {
    if ((await files.read(free)) === undefined) return free;
    free = path.replace(/\.md$/, `-${number}.md`);
  }
}
