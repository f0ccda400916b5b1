import { writeFile } from "node:fs/promises";
import { dollars } from "@memomesh/core";
import { loadMesh } from "@memomesh/mesh";
import {
  figureCells,
  figureHeads,
  hoursText,
  type Report,
  readFacts,
  reportHtml,
  reportOf,
  scoreText,
  shareText,
} from "@memomesh/mesh/report";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { paint, type Text, table, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh report", "lead times, success, gate, alerts, lessons, cost: by node and month"],
    ["memomesh report --html report.html", "the same as one page with plots, to look at or to hand on"],
  ])
    .option(
      "--html [file]",
      "write a page that needs nothing else (default: report.html); an existing file is replaced",
    )
    .action(async ({ html: wanted }: { html?: string | true }) => {
      const html = wanted === true ? "report.html" : wanted;
      const mesh = await loadMesh(process.cwd());
      const report = reportOf(await readFacts(mesh), new Date());
      output.data(report);
      if (html !== undefined) {
        await writeFile(html, reportHtml(report));
        output.line(text`${paint("green", "written")}  ${shown(html)}`);
        return;
      }
      for (const line of reportLines(report)) output.line(line);
    });
};

function reportLines({ mesh, total, byNode, rows, lessons, recurrences, documented }: Report): Text[] {
  const facts: [string, string][] = [
    ["memo to executed, median", hoursText(total.leadHours)],
    ["runs", `${total.runs}: ${shareText(total.successRate)} succeeded, ${shareText(total.rollbackRate)} rolled back`],
    ["gate score, mean", scoreText(total.gate)],
    ["alert to answer, median", `${hoursText(total.alertHours)}; ${total.alertsOpen} of ${total.alerts} open`],
    ["lessons", `${lessons}, met again ${recurrences === 1 ? "once" : `${recurrences} times`}`],
    ["documentation", shareText(documented)],
    ["cost", dollars(total.cost)],
  ];
  const nodes = byNode.map((each) => [
    each.node,
    ...figureCells(each),
    String(each.lessons),
    shareText(each.documented),
    paint("dim", each.missing.length === 0 ? "" : `lacks ${each.missing.join(", ")}`),
  ]);
  const months = rows.map((each) => [each.month, each.node, ...figureCells(each)]);
  const dim = (names: readonly string[]) => names.map((name) => paint("dim", name));
  return [
    paint("bold", mesh),
    ...table(facts, 2),
    text``,
    paint("bold", "Nodes"),
    ...table([dim(["", ...figureHeads, "lessons", "documented"]), ...nodes], 2),
    ...(months.length === 0
      ? []
      : [text``, paint("bold", "Months"), ...table([dim(["", "", ...figureHeads]), ...months], 2)]),
  ];
}
