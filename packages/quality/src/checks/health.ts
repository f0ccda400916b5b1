import type { Check } from "../check.ts";
import { type Flaw, lackOfOneAmong } from "../finding.ts";
import type { Material } from "../material.ts";

export const health: Check = {
  id: "health",
  title: "Health checks",
  weight: 12,
  about:
    "Whoever starts a service has to be able to see that it works: each service that keeps running has a health check or a probe that can fail. Jobs need none; an image that is built here may bring its own.",
  look(material) {
    const judged = material.workloads.filter(
      ({ keepsRunning, overlay, inherits }) => keepsRunning && !overlay && !inherits,
    );
    if (judged.length === 0) return undefined;
    const broughtAlong = bringsHealthCheck(material);
    return judged.flatMap(({ origin, name, file, line, health: found, built }): Flaw[] => {
      if (found === "checked" || (found === "missing" && built && broughtAlong)) return [];
      const [kind, fix] =
        origin === "compose"
          ? ["health check", "add `healthcheck:` with a test of what the service is for"]
          : ["probe", "add a `readinessProbe` that asks what the container is for"];
      const text = {
        off: `${name} has its ${kind} switched off`,
        hollow: `the ${kind} of ${name} cannot fail`,
        missing: `${name} has no ${kind}`,
      }[found];
      const mended = found === "hollow" ? "let it fail when what it asks does not answer" : fix;
      return [{ file, line, text, cost: lackOfOneAmong(judged), fix: mended }];
    });
  },
};

function bringsHealthCheck({ files }: Material): boolean {
  return files.some(
    ({ kind, lines }) => kind === "dockerfile" && lines.some((line) => /^\s*HEALTHCHECK\s+(?!NONE)/i.test(line)),
  );
}
