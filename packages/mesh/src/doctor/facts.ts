import { ageText, durationText } from "@memomesh/core";
import { readCollectors } from "../facts/index.ts";
import type { Mesh } from "../load.ts";
import type { Finding } from "./finding.ts";

/** Collectors that are not run, and facts that are older than they may be. */
export async function checkFacts(mesh: Mesh): Promise<Finding[]> {
  const now = new Date();
  const place = { file: "mesh.yml" };
  return (await readCollectors(mesh, now)).flatMap(({ name, refused, acceptance, fact, stale, maxAge }): Finding[] => {
    if (refused !== undefined) {
      const sentence = `the collector ${name} is not run: ${refused}`;
      return [{ severity: "error", code: "doctor.facts.refused", sentence, place }];
    }
    if (acceptance === undefined) {
      const sentence = `nobody has accepted the collector ${name} as it is, so it is not run`;
      return [
        {
          severity: "warning",
          code: "doctor.facts.accept",
          sentence,
          place,
          advice: `\`memomesh facts accept ${name}\``,
        },
      ];
    }
    if (fact !== undefined && !stale) return [];
    const sentence =
      fact === undefined
        ? `the collector ${name} has told nothing yet`
        : `the fact ${name} is stale: it was collected ${ageText(fact, now)} ago and holds for ${durationText(maxAge)}`;
    const advice = `\`memomesh facts refresh ${name}\``;
    return [{ severity: "warning", code: "doctor.facts.stale", sentence, advice }];
  });
}
