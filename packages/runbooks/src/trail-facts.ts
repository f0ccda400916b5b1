import { sha256, type TrailFacts } from "@memomesh/core";
import type { Happening } from "./event.ts";
import type { ReviewedRunbook } from "./snapshot.ts";

/**
 * What the audit trail says about something that happened to a runbook: all that the journal says but what was printed,
 * and the digest of the journal's line. Undefined for what decides nothing.
 *
 * @param line the journal's line, without its line break
 */
export function trailFacts(
  { runbook }: Pick<ReviewedRunbook, "runbook">,
  happening: Happening,
  line: string,
): TrailFacts | undefined {
  if (happening.type === "spawned") return undefined;
  const { type, ...facts } = without(happening);
  return { type, runbook: runbook.id, file: runbook.file, ...facts, process: own, journal: sha256(line) };
}

/** Tells apart what this process has written: after the last entry of a process that was killed, its journal may lack a line. */
const own = crypto.randomUUID().slice(0, 8);

function without(happening: Exclude<Happening, { type: "spawned" }>): TrailFacts {
  switch (happening.type) {
    case "reviewed": {
      const { steps: _, ...rest } = happening;
      return rest;
    }
    case "kept": {
      const { text: _, ...rest } = happening;
      return rest;
    }
    case "finished":
    case "host-finished": {
      const { output: _, omitted: __, ...rest } = happening;
      return rest;
    }
    default:
      return happening;
  }
}
