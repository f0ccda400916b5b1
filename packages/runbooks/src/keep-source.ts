import { readFile } from "node:fs/promises";
import { currentEvents, note, type Review } from "./review.ts";

/**
 * Keeps the bytes of a runbook in its journal when its file holds others by now. They are what was approved and what runs,
 * and no commit would have them: `memomesh audit verify` could not prove any more what ran.
 */
export async function keepSource(review: Review): Promise<void> {
  const { path, runbook, sourceDigest: source } = review.reviewed;
  const text = runbook.source;
  const there = await readFile(path, "utf8").catch(() => undefined);
  if (there === text) return;
  const isKept = (await currentEvents(review.reviewed)).some(
    (event) => event.type === "kept" && event.source === source,
  );
  if (!isKept) await note(review, { type: "kept", source, text });
}
