import { setTimeout as wait } from "node:timers/promises";
import { Coordinator, type CoordinatorOptions } from "./coordinator.ts";

/**
 * Does all that there is to do, once, and ends: for cron, for scripts, for people who want no daemon.
 *
 * @param signal aborting stops between two memos; what was not done waits for the next run
 * @throws MeshError `mesh.locked` (exit 75) when another coordinator is at work
 */
export async function runMesh(options: Omit<CoordinatorOptions, "command">, signal: AbortSignal): Promise<void> {
  const coordinator = await Coordinator.open({ ...options, command: "run" });
  try {
    for (
      let waitMs: number | undefined = 0;
      waitMs !== undefined && !signal.aborted;
      waitMs = await coordinator.settle()
    ) {
      if (waitMs > 0) await wait(waitMs + 1, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await coordinator.close();
  }
}
