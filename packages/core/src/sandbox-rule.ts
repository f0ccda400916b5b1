import type { MeshConfig } from "./mesh.ts";

/** Whether agents that are programs have to work in a sandbox. */
export type SandboxRule = "required" | "when-possible" | "off";

/** What mesh.yml says about the sandbox, or else what follows from its targets: a mesh with one in production requires it. */
export function sandboxRule({ policy, targets }: Pick<MeshConfig, "policy" | "targets">): SandboxRule {
  const live = Object.values(targets).some(({ production }) => production);
  return policy.sandbox ?? (live ? "required" : "when-possible");
}
