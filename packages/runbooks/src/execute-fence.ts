import { join } from "node:path";
import type { SingleTarget } from "@memomesh/core";
import type { Phase } from "./event.ts";
import type { Attendance, Execution } from "./execute.ts";
import { executeText } from "./execute-text.ts";
import { placeOf } from "./place-of.ts";
import type { Review } from "./review.ts";
import { reasonOf, type Sent, sendRelease } from "./send-release.ts";
import type { ReviewedStep } from "./snapshot.ts";

/**
 * Runs one fence of a step on one target. Before the `run` of a step that uploads, the files are sent; when they are not
 * all there in the end, that fence is not started.
 */
export async function executeFence(
  review: Review,
  found: ReviewedStep,
  target: SingleTarget,
  { phase, text }: { readonly phase: Phase; readonly text: string },
  onSpawn: NonNullable<Attendance["onSpawn"]>,
): Promise<Execution> {
  if (phase !== "run" || found.step.upload === undefined)
    return await executeText(review, found, target, text, onSpawn);
  const begin = performance.now();
  const sent = await sendFor(review, found, target);
  const milliseconds = Math.round(performance.now() - begin);
  if ("why" in sent) {
    const end = { kind: "not-started", reason: sent.why } as const;
    return { end, milliseconds, output: { text: "", omitted: 0 }, leftovers: false };
  }
  const execution = await executeText(review, found, target, text, onSpawn);
  const output = { ...execution.output, text: sent.done + execution.output.text };
  return { ...execution, milliseconds: milliseconds + execution.milliseconds, output };
}

async function sendFor(
  { reviewed, connections, signal, onOutput = () => {} }: Review,
  { step, files }: ReviewedStep,
  target: SingleTarget,
): Promise<Sent> {
  const { upload, timeout } = step;
  const digest = files.find(({ path }) => path === upload?.from)?.digest ?? undefined;
  if (upload === undefined || digest === undefined) throw new Error(`step ${step.number} has nothing to send`);
  const limit = AbortSignal.timeout(timeout * 1000);
  const stop = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  try {
    const place = await placeOf(target, connections, { signal: stop, timeoutSeconds: timeout });
    const source = join(reviewed.meshRoot, upload.from);
    const { allowedSecrets } = reviewed;
    const sending = { upload, digest, source, place, allowedSecrets, signal: stop, onText: onOutput };
    const sent = await sendRelease(sending);
    const isLate = "why" in sent && limit.aborted && signal?.aborted !== true;
    return isLate ? { why: `${sent.why} (it took longer than the ${timeout} s of the step)` } : sent;
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    return { why };
  }
}
