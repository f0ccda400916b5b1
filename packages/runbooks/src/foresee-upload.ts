import { join } from "node:path";
import { placesOf, type SingleTarget } from "@memomesh/core";
import { bytesText } from "./bytes-text.ts";
import { Connections } from "./connections.ts";
import { placeOf } from "./place-of.ts";
import { releaseSecrets, secretsText } from "./release-secrets.ts";
import { lookForRelease, reasonOf, sizeOf } from "./send-release.ts";
import type { ReviewedRunbook, ReviewedStep } from "./snapshot.ts";
import { readTree } from "./tree.ts";
import { planUpload } from "./upload-plan.ts";

/** What an upload would do as things are now, in sentences without a full stop. */
export interface Foreseen {
  readonly would: readonly string[];
  /** Why it would stop. */
  readonly obstacles: readonly string[];
}

/** Looks at every place of a step what would be sent there. Changes nothing. */
export async function foreseeUpload(reviewed: ReviewedRunbook, found: ReviewedStep): Promise<Foreseen> {
  const connections = new Connections();
  try {
    const places = found.target === undefined ? [] : placesOf(found.target);
    const each = await Promise.all(places.map((place) => foreseeAt(reviewed, found, place, connections)));
    return { would: each.flatMap(({ would }) => would), obstacles: each.flatMap(({ obstacles }) => obstacles) };
  } finally {
    await connections.close();
  }
}

async function foreseeAt(
  { meshRoot, allowedSecrets }: ReviewedRunbook,
  { step, files }: ReviewedStep,
  target: SingleTarget,
  connections: Connections,
): Promise<Foreseen> {
  const { upload, timeout } = step;
  const digest = files.find(({ path }) => path === upload?.from)?.digest ?? undefined;
  if (upload === undefined || digest === undefined) return { would: [], obstacles: [] };
  const { name } = target;
  try {
    const signal = AbortSignal.timeout(timeout * 1000);
    const place = await placeOf(target, connections, { signal, timeoutSeconds: timeout });
    const source = join(meshRoot, upload.from);
    const release = await readTree(source, upload.from);
    const there = await lookForRelease(place, upload);
    const plan = planUpload(upload, release, digest, there);
    const { link } = there;
    const now = link.kind === "link" ? `${upload.link} leads to ${link.to} now` : `${upload.link} is not there yet`;
    switch (plan.kind) {
      case "refused":
        return { would: [], obstacles: [`${name}: ${plan.why}`] };
      case "there":
        return {
          would: [`${name}: send nothing, ${upload.to} is there already with this digest; ${now}`],
          obstacles: [],
        };
      case "send": {
        const secrets = await releaseSecrets({ source, entries: plan.missing, allowed: allowedSecrets, signal });
        if (secrets.length > 0) return { would: [], obstacles: [`${name}: ${secretsText(upload.from, secrets)}`] };
        const what = `${plan.missing.length} of ${release.length} files and folders, ${bytesText(sizeOf(plan.missing))}`;
        return { would: [`${name}: send ${what}, to ${upload.to}; ${now}`], obstacles: [] };
      }
    }
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    return { would: [], obstacles: [`${name}: ${why}`] };
  }
}
