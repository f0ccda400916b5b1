import { type LayerProgress, layerProgress, type StageState, type StandingStage } from "@memomesh/core/stages";
import type { StageList, StageOverview } from "@memomesh/mesh/stages";
import { findingsOf, type GateResult, improvementPlan } from "@memomesh/quality";
import { block, paint, type Style, type Text, table, text } from "./text.ts";

const styles: Readonly<Record<StageState, Style>> = {
  planned: "dim",
  designed: "cyan",
  implemented: "blue",
  improving: "yellow",
  gated: "magenta",
  approved: "magenta",
  executed: "green",
  failed: "red",
  complete: "green",
};

/** Every layer with how far it is, and its stages. */
export function overviewLines({ list, stages }: StageOverview): Text[] {
  const lines: Text[] = [paint("bold", list.name)];
  for (const progress of layerProgress(stages)) {
    const members = stages.filter(({ stage }) => stage.layer === progress.layer);
    lines.push(text``, progressLine(list, progress), ...stageRows(list, members));
  }
  return lines;
}

/** `Layer 1: 4 of 10 complete, 40 %` */
function progressLine({ layers }: StageList, { layer, complete, total, percent }: LayerProgress): Text {
  const name = layers[layer] === undefined ? "" : ` (${layers[layer]})`;
  return text`Layer ${layer}${name}: ${complete} of ${total} complete, ${percent} %`;
}

export function stageRows(list: StageList, stages: readonly StandingStage[]): Text[] {
  const rows = stages.map(({ stage, state, waitsFor }) => {
    const gate = list.records.get(stage.id)?.gate;
    const about =
      waitsFor.length > 0 && state !== "complete"
        ? `waits for ${waitsFor.join(", ")}`
        : gate === undefined
          ? ""
          : `gate ${gate}`;
    return [
      stage.id,
      paint(styles[state], state),
      ["high", "urgent"].includes(stage.priority) ? paint("yellow", stage.priority) : "",
      stage.name,
      paint("dim", about),
    ];
  });
  return table(rows, 2);
}

/** What a person does next with a stage that stands so. */
export function nextCommand(id: string, state: StageState): string {
  switch (state) {
    case "planned":
      return `memomesh stage plan ${id}`;
    case "designed":
      return `memomesh stage implement ${id}`;
    case "implemented":
    case "improving":
    case "failed":
      return `memomesh stage improve ${id}`;
    case "gated":
    case "approved":
      return "memomesh review";
    case "executed":
      return `memomesh stage complete ${id}`;
    case "complete":
      return "memomesh stage next";
  }
}

/** The score, and what would raise it. */
export function gateLines(gate: GateResult): Text[] {
  const { score, threshold, passed } = gate;
  const verdict = text`${paint(passed ? "green" : "red", passed ? "passed" : "below")}  gate ${score} of 100, ${threshold} are needed`;
  if (passed || findingsOf(gate).length === 0) return [verdict];
  return [
    verdict,
    text``,
    block(
      improvementPlan(gate)
        .replace(/^# .*\n+/, "")
        .trimEnd(),
    ),
  ];
}
