import type { Check } from "../check.ts";
import { cost, type Flaw, lackOfOneAmong } from "../finding.ts";
import type { Workload } from "../workload.ts";

export const limits: Check = {
  id: "limits",
  title: "Resource limits",
  weight: 12,
  about:
    "One service that grows must not take the others down: each has a limit for memory, and one for processors or at least a request. In Compose `deploy.resources.limits` (or `mem_limit`, `cpus`), in Kubernetes `resources`.",
  look({ workloads }) {
    const judged = workloads.filter(({ overlay, inherits }) => !overlay && !inherits);
    return judged.length === 0 ? undefined : judged.flatMap((workload) => flaws(workload, lackOfOneAmong(judged)));
  },
};

function flaws({ origin, name, file, line, memoryLimit, cpuLimit }: Workload, price: number): Flaw[] {
  const path = origin === "compose" ? "deploy.resources.limits" : "resources.limits";
  if (!memoryLimit) {
    const both = cpuLimit ? "no memory limit" : "no limits for memory and processors";
    return [{ file, line, text: `${name} has ${both}`, cost: price, fix: `set ${path}: { memory: …, cpus: … }` }];
  }
  if (cpuLimit) return [];
  const where = origin === "compose" ? `${path}.cpus` : "resources.requests.cpu or resources.limits.cpu";
  return [{ file, line, text: `${name} has no limit for processors`, cost: cost.slight, fix: `set ${where}` }];
}
