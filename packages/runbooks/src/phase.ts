import { Exit, placesOf } from "@memomesh/core";
import type { Phase } from "./event.ts";
import type { Execution } from "./execute.ts";
import { executeFence } from "./execute-fence.ts";
import { executeGroup } from "./execute-group.ts";
import { pinnedKeys } from "./host-keys.ts";
import { keepSource } from "./keep-source.ts";
import { digestNamedFiles } from "./named-files.ts";
import { stepError } from "./refusal.ts";
import { note, type Review } from "./review.ts";
import type { ReviewedRunbook, ReviewedStep } from "./snapshot.ts";

interface PhaseStart {
  readonly phase: Phase;
  readonly text: string;
  readonly digest: string;
  readonly approval?: string;
  readonly furtherApprovals?: readonly string[];
  readonly people?: number;
}

/** Runs one fence of a step, with the journal written before and after; see `execute`. */
export async function executePhase(review: Review, found: ReviewedStep, start: PhaseStart): Promise<Execution> {
  const { reviewed, by } = review;
  const { step, target } = found;
  const { phase, text: _, ...bound } = start;
  if (target === undefined) throw stepError(reviewed, "unfit", step.number, "has no target.", Exit.badData);
  const about = { step: step.number, phase };
  const checked = step.check !== undefined;
  if (phase !== "check") await keepSource(review);
  await note(review, { type: "started", ...about, ...bound, by, target: target.name, checked, executor: process.pid });
  const execution =
    (await refuseDrift(reviewed, found, phase)) ??
    (target.kind === "group"
      ? await executeGroup(review, found, target, start)
      : await executeFence(review, found, target, start, (spawned) =>
          note(review, { type: "spawned", ...about, ...spawned }),
        ));
  const { end, milliseconds, output, leftovers } = execution;
  await note(review, {
    type: "finished",
    ...about,
    end,
    milliseconds,
    output: output.text,
    omitted: output.omitted,
    leftovers,
  });
  if (phase !== "check") await keepSource(review);
  return execution;
}

/** Runs the check of a step, when it has one. */
export async function runCheck(review: Review, found: ReviewedStep, digest: string): Promise<Execution | undefined> {
  const { check } = found.step;
  return check && (await executePhase(review, found, { phase: "check", text: check.text, digest }));
}

/**
 * Refuses a step that names a file, or runs on a host with a pinned key, which is not what it was when the step was shown.
 *
 * @throws MeshError `step.drift` (exit 77)
 */
export async function requireUndrifted(reviewed: ReviewedRunbook, found: ReviewedStep): Promise<void> {
  const drifted = await findDrift(reviewed, found);
  if (drifted.length === 0) return;
  const sentence = `depends on ${drifted.join(", ")}, which changed since the step was shown. Nothing was run; review it again.`;
  throw stepError(reviewed, "drift", found.step.number, sentence, Exit.notPermitted);
}

/** The last look, when the journal says already that the step was started. A check may follow what its own step has changed. */
async function refuseDrift(
  reviewed: ReviewedRunbook,
  found: ReviewedStep,
  phase: Phase,
): Promise<Execution | undefined> {
  if (phase === "check") return undefined;
  const drifted = await findDrift(reviewed, found);
  if (drifted.length === 0) return undefined;
  const reason = `${drifted.join(", ")} changed since the step was shown`;
  return { end: { kind: "not-started", reason }, milliseconds: 0, output: { text: "", omitted: 0 }, leftovers: false };
}

async function findDrift({ meshRoot }: ReviewedRunbook, { files, target }: ReviewedStep): Promise<string[]> {
  const paths = files.map(({ path }) => path);
  const now = await digestNamedFiles(meshRoot, paths, () => ({ allowed: true, reason: "" }));
  const drifted = files
    .filter(({ digest }, index) => now.digests[index]?.digest !== digest)
    .map(({ path }) => `\`${path}\``);
  for (const place of target === undefined ? [] : placesOf(target)) {
    if (place.kind !== "ssh") continue;
    const keys = await pinnedKeys(place);
    if (keys.join() !== place.keys.join()) drifted.push(`the pinned keys of ${place.host}`);
  }
  return drifted;
}
