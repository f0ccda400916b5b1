import { systemPath } from "./environment.ts";
import type { End } from "./event.ts";

/** Says how a command ended, and what its exit code means where the shell gives it a meaning. */
export function endText(end: End): string {
  switch (end.kind) {
    case "exited":
      return end.exit === 0 ? "exit 0" : `exit ${end.exit}${meaning(end.exit)}`;
    case "signalled":
      return `ended by ${end.signal}`;
    case "timeout":
      return `ended by Memomesh after its timeout of ${end.seconds} s`;
    case "stopped":
      return "stopped by a person";
    case "not-started":
      return `not started: ${end.reason}`;
    case "partial":
      return end.reason;
    case "lost":
      return `the connection was lost (${end.reason}), and nothing tells how it ended`;
  }
}

/** @see bash(1), "EXIT STATUS" */
function meaning(exit: number): string {
  if (exit === 126) return " (a command was found and could not be executed: is it executable, is it a program?)";
  if (exit === 127) return ` (a command was not found; steps run with PATH ${systemPath})`;
  if (exit > 128 && exit < 128 + 65) return ` (a command in it was ended by signal ${exit - 128})`;
  return "";
}
