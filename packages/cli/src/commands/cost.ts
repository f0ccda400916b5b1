import { dollars } from "@memomesh/core";
import { type CostReport, loadMesh, readCost, type Sum } from "@memomesh/mesh";
import { InvalidArgumentError } from "commander";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, type Text, table, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh cost", "this month, by node and agent, with a forecast"],
    ["memomesh cost --month 2026-10 --json | jq .total.cost", "a month that is over, for a script"],
  ])
    .option("--month <month>", "another month (UTC), such as 2026-10", readMonth)
    .action(async ({ month }: { month?: string }) => {
      const now = new Date();
      const report = await readCost(await loadMesh(process.cwd()), month ?? now.toISOString().slice(0, 7), now);
      output.data(report);
      for (const line of costLines(report)) output.line(line);
    });
};

function readMonth(given: string): string {
  if (/^\d{4}-(?:0[1-9]|1[0-2])$/.test(given)) return given;
  throw new InvalidArgumentError("Expected a month such as 2026-10.");
}

function costLines({ month, total, forecast, byNode, byAgent, byMonth, budget }: CostReport): Text[] {
  const limit = budget === undefined ? "" : ` of ${dollars(budget)}`;
  const ahead =
    forecast === undefined ? text`` : text`, ${dollars(forecast)} by the end of the month if it goes on like this`;
  const lines = [text`${paint("bold", month)}  ${dollars(total.cost)}${limit}${ahead}`];
  if (total.sessions === 0)
    return [...lines, paint("dim", "No agent has cost anything in this month. The offline agent is free.")];
  lines.push(text``, paint("bold", "Nodes"));
  lines.push(
    ...table(
      byNode.map((each) => [each.node, ...sumCells(each), ofBudget(each)]),
      2,
    ),
  );
  lines.push(text``, paint("bold", "Agents"));
  lines.push(
    ...table(
      byAgent.map((each) => [each.agent, ...sumCells(each), paint("dim", each.model)]),
      2,
    ),
  );
  if (byMonth.length > 1) {
    lines.push(text``, paint("bold", "Months"));
    lines.push(
      ...table(
        byMonth.map((each) => [each.month, ...sumCells(each)]),
        2,
      ),
    );
  }
  if (total.unpriced > 0) lines.push(text``, paint("yellow", unpriced(total.unpriced)));
  return lines;
}

function sumCells({ cost, sessions, inputTokens, outputTokens }: Sum): string[] {
  const count = (value: number) => value.toLocaleString("en-US");
  return [
    dollars(cost),
    `${count(sessions)} ${sessions === 1 ? "session" : "sessions"}`,
    `${count(inputTokens)} tokens in, ${count(outputTokens)} out`,
  ];
}

function ofBudget({ cost, budget }: CostReport["byNode"][number]): Text {
  if (budget === undefined) return text``;
  return paint(cost >= budget ? "red" : "dim", `of ${dollars(budget)}`);
}

function unpriced(calls: number): string {
  const what = calls === 1 ? "1 call has no known price and is" : `${calls} calls have no known price and are`;
  return `${what} not in these sums; give ${calls === 1 ? "its agent" : "their agents"} \`prices\` in mesh.yml.`;
}
