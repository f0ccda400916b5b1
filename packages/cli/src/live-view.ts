import { styleText } from "node:util";
import { safeText } from "@memomesh/guard";
import type { MeshEvent, Waiting } from "@memomesh/mesh";

interface Working {
  readonly node: string;
  readonly agent: string;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly doing: string;
}

/** What is under way, as the lower part of the screen shows it. */
export interface LiveState {
  /** By memo. */
  readonly working: ReadonlyMap<string, Working>;
  readonly delivered: number;
  readonly rejected: number;
}

export const liveStart: LiveState = { working: new Map(), delivered: 0, rejected: 0 };

/** The state after an event. Pure. */
export function liveNext(state: LiveState, event: MeshEvent): LiveState {
  switch (event.kind) {
    case "delivered":
      return { ...state, delivered: state.delivered + 1 };
    case "rejected":
      return { ...state, rejected: state.rejected + 1 };
    case "session-started": {
      const { node, agent, subject } = event;
      return withWorking(state, event.memo, { node, agent, subject, since: Date.parse(event.at), doing: "" });
    }
    case "session-progress": {
      const before = state.working.get(event.memo);
      return before === undefined ? state : withWorking(state, event.memo, { ...before, doing: event.text });
    }
    case "session-finished":
    case "session-failed":
    case "session-redone":
      return withWorking(state, event.memo, undefined);
    default:
      return state;
  }
}

function withWorking(state: LiveState, memo: string, work: Working | undefined): LiveState {
  const working = new Map(state.working);
  if (work === undefined) working.delete(memo);
  else working.set(memo, work);
  return { ...state, working };
}

/** How many lines of waiting things are shown before the rest is only counted. */
const mostWaiting = 6;

/**
 * The lower part of the screen.
 *
 * @param now milliseconds since 1970
 * @param width columns; longer lines are cut
 */
export function liveLines(state: LiveState, waiting: readonly Waiting[], now: number, width: number): string[] {
  const lines: (readonly [label: string, text: string])[] = [];
  for (const { node, agent, subject, since, doing } of state.working.values()) {
    const seconds = Math.max(0, Math.round((now - since) / 1000));
    lines.push(["working", `${node} (${agent}), ${seconds} s: ${doing === "" ? subject : doing}`]);
  }
  for (const { what, node, subject, command } of waiting.slice(0, mostWaiting)) {
    lines.push(["for you", `${what} of ${node}: ${subject}  (${command})`]);
  }
  if (waiting.length > mostWaiting) lines.push(["", `and ${waiting.length - mostWaiting} more: memomesh status`]);
  if (lines.length === 0) lines.push(["", "nothing is under way, nothing waits for you"]);
  lines.push(["", `${state.delivered} delivered, ${state.rejected} rejected. Ctrl-C stops; nothing is lost.`]);
  return ["", ...lines.map(([label, text]) => painted(label, cut(safeText(text), width - 12)))];
}

function painted(label: string, text: string): string {
  const style = label === "for you" ? "magenta" : label === "working" ? "blue" : "dim";
  const line = label === "" ? styleText("dim", text) : text;
  return `  ${styleText(style, label.padEnd(8))}  ${line}`;
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
