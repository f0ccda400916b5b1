import { createHash } from "node:crypto";
import { dollars } from "@memomesh/core";
import { chart, type Series } from "./chart.ts";
import { figureCells, figureHeads, hoursText, scoreText, shareText } from "./figure-text.ts";
import type { Figures, Report } from "./figures.ts";
import { html, Markup } from "./html.ts";

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2530, #e4e8ee); --soft: light-dark(#5c6877, #9aa6b5);
  --paper: light-dark(#fbfcfd, #12171e); --card: light-dark(#fff, #1a2129); --line: light-dark(#dfe4ea, #303a46);
  --mark: light-dark(#2563a8, #6fb1f2); }
body { margin: 0 auto; max-width: 1040px; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
p { margin: .25rem 0; } .soft, .none { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(45%, 200px), 1fr)); gap: .75rem; margin: 1.5rem 0; padding: 0; }
.tiles div, figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; margin: 0; }
dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: .75rem; }
figcaption { font-weight: 600; font-size: .95rem; margin-bottom: .5rem; }
svg { display: block; width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 11px; }
svg line { stroke: var(--line); } svg rect, svg circle { fill: var(--mark); }
svg polyline { fill: none; stroke: var(--mark); stroke-width: 2; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .5rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; font-size: .85rem; line-height: 1.25; vertical-align: bottom; white-space: normal; }
td:first-child, th:first-child { text-align: left; } td:first-child { min-width: 7rem; white-space: normal; overflow-wrap: anywhere; }
`;

const styleMarkup = new Markup(style);

/** What a page may do: show itself with the style above, and nothing else. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'`;

/** A report as one page that needs nothing else: no script, no font, no picture from anywhere. Pure. */
export function reportHtml(report: Report): string {
  const { mesh, at, total, byMonth, byNode, rows, lessons, recurrences, documented } = report;
  const tiles: readonly (readonly [name: string, value: string])[] = [
    ["memo to executed, median", hoursText(total.leadHours)],
    ["runs that succeeded", shareText(total.successRate)],
    ["runs rolled back", shareText(total.rollbackRate)],
    ["gate score, mean", scoreText(total.gate)],
    ["alert to answer, median", hoursText(total.alertHours)],
    ["lessons; met again", `${lessons}; ${recurrences}`],
    ["documentation", shareText(documented)],
    ["cost", dollars(total.cost)],
  ];
  const series = (
    title: string,
    pick: (figures: Figures) => number | undefined,
    print: Series["print"],
    more: Partial<Series> = {},
  ) =>
    chart({
      title,
      points: byMonth.map((each) => ({ label: each.month, value: pick(each) })),
      shape: "bars",
      print,
      ...more,
    });
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${`Report of ${mesh}`}</title>
<style>${styleMarkup}</style>
</head>
<body>
<h1>${mesh}</h1>
<p class="soft">What its agents and people have come to, as of ${at.slice(0, 10)}.</p>
<dl class="tiles">${tiles.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<h2>By month</h2>
<div class="charts">
${series(
  "Memos completed",
  ({ done }) => done,
  (value) => String(Math.round(value)),
)}
${series("From memo to executed, median hours", ({ leadHours }) => leadHours, hourMark, { shape: "line" })}
${series("Runs that succeeded", ({ successRate }) => successRate, shareText, { shape: "line", top: 1 })}
${series("Gate score, mean", ({ gate }) => gate, scoreText, { shape: "line", top: 100 })}
${series("From alert to answer, median hours", ({ alertHours }) => alertHours, hourMark, { shape: "line" })}
${series("Cost", ({ cost }) => cost, dollars)}
</div>
<h2>By node</h2>
${table(
  ["node", ...figureHeads, "lessons", "met again", "documented"],
  byNode.map((each) => [
    each.node,
    ...figureCells(each),
    String(each.lessons),
    String(each.recurrences),
    shareText(each.documented),
  ]),
)}
${gaps(byNode)}
<h2>By node and month</h2>
${
  rows.length === 0
    ? html`<p class="none">Nothing was done yet.</p>`
    : table(
        ["node", "month", ...figureHeads],
        rows.map((each) => [each.node, each.month, ...figureCells(each)]),
      )
}
</body>
</html>
`;
  return page.source;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<div class="wide"><table>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

function gaps(nodes: Report["byNode"]): Markup {
  const lacking = nodes.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return html``;
  const list = lacking.map(({ node, missing }) => `${node} (${missing.join(", ")})`).join("; ");
  return html`<p class="soft">Not written yet: ${list}.</p>`;
}

function hourMark(value: number): string {
  return `${Math.round(value * 10) / 10} h`;
}
