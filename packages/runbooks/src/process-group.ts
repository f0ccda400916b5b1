import { setTimeout as delay } from "node:timers/promises";

/** How often a group that was asked to end is looked at. */
const lookMilliseconds = 10;

/** Whether a process group has any process left. */
export function groupLives(group: number): boolean {
  return signalGroup(group, 0);
}

/**
 * Sends a signal to every process of a group.
 *
 * @returns whether there was a process to receive it
 */
export function signalGroup(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return false;
    // EPERM: somebody is there whom we may not signal, such as a command run through sudo.
    if (code === "EPERM") return true;
    throw error;
  }
}

/** Asks a group to end and, when the grace time is over, ends it. */
export async function endGroup(group: number, graceMilliseconds: number): Promise<void> {
  signalGroup(group, "SIGTERM");
  const patience = performance.now() + graceMilliseconds;
  while (groupLives(group) && performance.now() < patience) await delay(lookMilliseconds);
  signalGroup(group, "SIGKILL");
}
