import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const rounds = 20;
const roundMilliseconds = 10;

/**
 * Ends what a program has started outside of its process group: Codex and Gemini CLI give each command a group of its own,
 * and leave it running when they are ended themselves. Such processes are known by what they have inherited.
 *
 * Only where there is a /proc. A process that changes its whole environment is not found; that is up to a sandbox.
 *
 * @param variable `NAME=value`, as nothing else on this machine has it in its environment
 */
export async function endStragglers(variable: string): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const found = withVariable(variable);
    for (const pid of found) kill(pid);
    if (found.length === 0) return;
    await delay(roundMilliseconds);
  }
}

function withVariable(variable: string): number[] {
  return processes().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(variable);
    } catch {
      return false;
    }
  });
}

function processes(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
