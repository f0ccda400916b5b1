import { usageText } from "@memomesh/core";
import { type MeshEvent, runbookReference } from "@memomesh/mesh";
import { paint, type Style, type Text, text } from "./text.ts";
import { wrapWords } from "./wrap.ts";

/** One event as one line for a person: time, what happened, where, about what. Undefined for those that only a live view shows. */
export function eventLine(event: MeshEvent): Text | undefined {
  return eventLines(event, { width: undefined })[0];
}

/**
 * One event for a screen: a longer text goes on below itself.
 *
 * @param layout.width columns; undefined in a pipe, where each event is one line
 * @param layout.time false leaves the time of day out
 */
export function eventLines(event: MeshEvent, layout: { width: number | undefined; time?: boolean }): Text[] {
  const told = telling(event);
  if (told === undefined) return [];
  const [style, verb, who, what] = told;
  const { width, time = true } = layout;
  const clock = time ? text`${paint("dim", new Date(event.at).toTimeString().slice(0, 8))}  ` : text``;
  const before = text`${clock}${paint(style, verb.padEnd(9))}  ${who.padEnd(10)}  `;
  const room = width === undefined ? undefined : Math.max(20, width - before.plain.length);
  const rows = wrapWords(text`${what}`.plain, room);
  return rows.map((row, index) =>
    index === 0 ? text`${before}${row}` : text`${" ".repeat(before.plain.length)}${row}`,
  );
}

type Telling = readonly [style: Style, verb: string, who: string, what: string];

function telling(event: MeshEvent): Telling | undefined {
  switch (event.kind) {
    case "started":
      return ["dim", "started", event.mesh, `${event.nodes} nodes; memomesh ${event.by}`];
    case "delivered":
      return ["cyan", "delivered", event.from, `to ${event.to.join(", ")}: ${event.subject}`];
    case "duplicate":
      return ["yellow", "duplicate", event.from, `${event.file} was delivered before; it is dropped`];
    case "rejected":
      return ["red", "rejected", event.node, `${event.reason} It lies in ${event.file}.`];
    case "session-started":
      return ["blue", "working", event.node, event.subject];
    case "session-progress":
      return undefined;
    case "session-finished":
      return [outcomeStyle[event.outcome], event.outcome, event.node, finished(event)];
    case "session-held":
      return ["yellow", "waits", event.node, event.reason];
    case "session-redone":
      return ["yellow", "again", event.node, event.reason];
    case "session-failed":
      return ["red", event.final ? "failed" : "retrying", event.node, event.reason];
    case "committed":
      return ["dim", "committed", event.hash.slice(0, 9), event.subject];
    case "warning":
      return ["yellow", "warning", "", event.text];
  }
}

const outcomeStyle = { done: "green", prepared: "magenta", asked: "yellow", declined: "yellow" } as const;

function finished({ subject, runbook, notes, gate, usage }: Extract<MeshEvent, { kind: "session-finished" }>): string {
  const result = runbook === undefined ? notes.split("\n", 1)[0] : `memomesh review ${runbookReference(runbook)}`;
  const below = gate?.passed === false ? `, below the gate: ${gate.score} of ${gate.threshold} points` : "";
  return `${subject}: ${result}${below}${usage === undefined ? "" : ` (${usageText(usage)})`}`;
}
