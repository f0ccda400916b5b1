import type { MeshEvent, Waiting } from "@memomesh/mesh";
import { paint, type Style, type Text, text } from "./text.ts";
import { columnsOf, wrapExactly } from "./wrap.ts";

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

/** How many lines of work, and of waiting things, are shown before the rest is only counted. */
const most = 6;

/** Columns of the labels with the space around them. */
const labelWidth = 12;

/**
 * The lower part of the screen: who works on what for how long, what waits for a person and how they see it.
 *
 * @param now milliseconds since 1970
 * @param width columns; longer lines are cut
 */
export function liveLines(state: LiveState, waiting: readonly Waiting[], now: number, width: number): Text[] {
  const room = Math.max(20, width - labelWidth - 1);
  const working = [...state.working.values()];
  const lines = [
    ...working.slice(0, most).flatMap((work, index) => workLines(work, index, now, room)),
    ...more(working.length, "at work"),
    ...waiting.slice(0, most).map((each, index) => waitingLine(each, index, room)),
    ...more(waiting.length, "for you: memomesh status"),
  ];
  const quiet = lines.length > 0 ? [] : [row("quiet", "dim", text`nothing is under way, nothing waits for you`)];
  const counts = `${state.delivered} delivered, ${state.rejected} rejected; Ctrl-C stops, nothing is lost`;
  return [text``, ...lines, ...quiet, row("", "dim", paint("dim", cut(counts, room)))];
}

function workLines({ node, agent, subject, since, doing }: Working, index: number, now: number, room: number): Text[] {
  const seconds = Math.max(0, Math.round((now - since) / 1000));
  const first = row(
    index === 0 ? "working" : "",
    "blue",
    text`${cut(`${node}: ${subject}, ${seconds} s (${agent})`, room)}`,
  );
  return doing === "" ? [first] : [first, row("", "dim", paint("dim", cut(doing, room)))];
}

/** The command is what a person needs; the subject gives way to it. */
function waitingLine({ what, node, subject, command }: Waiting, index: number, room: number): Text {
  const label = index === 0 ? "for you" : "";
  const about = what === "runbook" ? subject : `${what} of ${node}: ${subject}`;
  const left = room - columnsOf(command) - 2;
  if (left < 12) return row(label, "magenta", text`${cut(command, room)}`);
  return row(label, "magenta", text`${cut(about, left)}  ${paint("dim", command)}`);
}

function more(count: number, what: string): Text[] {
  return count > most ? [row("", "dim", paint("dim", `and ${count - most} more ${what}`))] : [];
}

function row(label: string, style: Style, content: Text): Text {
  return text`  ${paint(style, label.padEnd(labelWidth - 2))}${content}`;
}

function cut(line: string, width: number): string {
  const safe = text`${line}`.plain;
  return columnsOf(safe) <= width ? safe : `${wrapExactly(safe, width - 1)[0]?.trimEnd()}…`;
}
