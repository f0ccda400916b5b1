import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const lookMilliseconds = 10;
/** How long the system may take to end what it was told to. */
const killMilliseconds = 300;

/**
 * Asks every process of a group to end and, when the grace time is over, ends it. A group that is gone is fine.
 *
 * @param group its number: that of the process that was started `detached`
 */
export async function endGroup(group: number, graceMilliseconds: number): Promise<void> {
  if (!signal(group, "SIGTERM") || (await isGone(group, graceMilliseconds))) return;
  signal(group, "SIGKILL");
  await isGone(group, killMilliseconds);
}

async function isGone(group: number, patience: number): Promise<boolean> {
  const until = performance.now() + patience;
  while (signal(group, 0) && !isOver(group)) {
    if (performance.now() > until) return false;
    await delay(lookMilliseconds);
  }
  return true;
}

/**
 * Whether all that is left of a group has ended, and only nobody has taken note of it: in a container without an init that
 * does, what bubblewrap leaves stays so for ever. Where there is no /proc, nobody can tell.
 */
function isOver(group: number): boolean {
  const states = statesOf(group);
  return states.length > 0 && states.every((state) => state === "Z" || state === "X");
}

function statesOf(group: number): readonly string[] {
  try {
    return readdirSync("/proc").flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "latin1");
        // Behind the program's name, which may hold anything: state, parent, group.
        const [state = "", , its] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return Number(its) === group ? [state] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EPERM: on macOS, what is left of the group has ended and was not yet taken note of; elsewhere it runs as somebody else.
    if (code === "ESRCH" || code === "EPERM") return false;
    throw error;
  }
}
