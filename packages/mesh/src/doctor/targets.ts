import { probeTarget } from "@memomesh/runbooks";
import type { Mesh } from "../load.ts";
import { stepTarget } from "../runbook-files.ts";
import type { Finding } from "./finding.ts";

/** Hosts on which no step could run now. Folders of this machine are made by the first step that needs them. */
export async function checkTargets(mesh: Mesh): Promise<Finding[]> {
  const hosts = Object.entries(mesh.config.targets).filter(([, { kind }]) => kind === "ssh");
  const findings = await Promise.all(
    hosts.map(async ([name, target]): Promise<Finding[]> => {
      const probe = await probeTarget(stepTarget(mesh, name, target));
      if (probe.ready) return [];
      const sentence = `no step could run on the target ${name} now: ${probe.problem}`;
      const advice = "see docs/formats.md for what a host needs; nothing was changed there";
      return [{ severity: "warning", code: "target.unreachable", sentence, place: { file: "mesh.yml" }, advice }];
    }),
  );
  return findings.flat();
}
