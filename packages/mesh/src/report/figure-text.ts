// How figures are written, in a terminal as on a page. What is not known is a dash.
import { dollars } from "@memomesh/core";
import type { Figures } from "./figures.ts";

/** The columns of a table of figures, which `figureCells` fills. */
export const figureHeads = [
  "memos",
  "lead time",
  "runs",
  "succeeded",
  "rolled back",
  "gate",
  "alerts",
  "open",
  "to answer",
  "cost",
] as const;

/** One row under `figureHeads`. */
export function figureCells(figures: Figures): string[] {
  return [
    String(figures.done),
    hoursText(figures.leadHours),
    String(figures.runs),
    shareText(figures.successRate),
    shareText(figures.rollbackRate),
    scoreText(figures.gate),
    String(figures.alerts),
    String(figures.alertsOpen),
    hoursText(figures.alertHours),
    dollars(figures.cost),
  ];
}

export function hoursText(hours: number | undefined): string {
  if (hours === undefined) return "–";
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`;
}

export function shareText(share: number | undefined): string {
  return share === undefined ? "–" : `${Math.round(share * 100)} %`;
}

export function scoreText(score: number | undefined): string {
  return score === undefined ? "–" : String(Math.round(score));
}
