import { ageText, durationText } from "@memomesh/core";
import type { Refreshed, StandingCollector } from "@memomesh/mesh/facts";
import { paint, type Text, text } from "./text.ts";

export function collectorData({ place, acceptance, ...collector }: StandingCollector) {
  return { ...collector, target: place.name, accepted: acceptance ?? null };
}

/** A collector as a person accepts it: its command, where it runs, how it stands, what it has told last. */
export function collectorLines(collector: StandingCollector, now: Date): Text[] {
  const { name, command, place, maxAge, fact, stale } = collector;
  const told = fact?.text.split("\n") ?? [];
  const age =
    fact === undefined ? text`` : text`, ${stale ? paint("red", "stale") : "collected"} ${ageText(fact, now)} ago`;
  return [
    text`${paint("bold", name)}  ${standingOf(collector)}${age}`,
    ...command.split("\n").map((line) => text`  ${paint("cyan", line)}`),
    paint("dim", text`  on ${place.name}${place.production ? ", production" : ""}; holds for ${durationText(maxAge)}`),
    ...told.map((line) => text`    ${line}`),
  ];
}

function standingOf({ refused, acceptance }: StandingCollector): Text {
  if (refused !== undefined) return paint("red", `is not run: ${refused}`);
  if (acceptance === undefined) return paint("yellow", "not accepted");
  return text`${paint("green", "accepted")} by ${acceptance.by.name} at ${acceptance.at}`;
}

export function refreshedLine({ name, fact, problem }: Refreshed): Text {
  if (fact === undefined) return text`${paint("red", "not told")}  ${name}: ${problem ?? ""}`;
  const [first = "", ...more] = fact.text.split("\n");
  return text`${paint("green", "fresh")}     ${name}: ${first}${more.length > 0 ? paint("dim", ` (${more.length} more lines)`) : ""}`;
}
