import { html, type Markup } from "./html.ts";

/** A column of a chart. */
export interface Point {
  readonly label: string;
  /** Undefined: nothing is known, and nothing is drawn. */
  readonly value: number | undefined;
}

/** What a chart shows. */
export interface Series {
  readonly title: string;
  readonly points: readonly Point[];
  /** `line` for what has a course, `bars` for amounts. */
  readonly shape: "bars" | "line";
  /** The upper end of the axis when it is always the same, such as 1 for a rate. */
  readonly top?: number;
  readonly print: (value: number) => string;
}

const width = 460;
const height = 190;
const edge = { left: 58, right: 12, top: 12, bottom: 26 };
const plotWidth = width - edge.left - edge.right;
const plotHeight = height - edge.top - edge.bottom;
/** More labels than this would run into each other. */
const mostLabels = 7;

/** A chart as SVG, with a description for those who do not see it. Colours are those of the page. */
export function chart({ title, points, shape, top, print }: Series): Markup {
  const known = points.flatMap(({ value }) => value ?? []);
  if (known.length === 0)
    return html`<figure><figcaption>${title}</figcaption><p class="none">No figures yet.</p></figure>`;
  const end = top ?? roundUp(Math.max(...known));
  const step = plotWidth / points.length;
  const x = (index: number) => edge.left + step * (index + 0.5);
  const y = (value: number) => edge.top + plotHeight * (1 - Math.min(1, value / end));
  const every = Math.ceil(points.length / mostLabels);
  const drawn = points.flatMap(({ label, value }, index) => (value === undefined ? [] : [{ label, value, index }]));
  const marks = drawn.map(({ label, value, index }) => {
    const told = html`<title>${label}: ${print(value)}</title>`;
    if (shape === "line") return html`<circle cx="${round(x(index))}" cy="${round(y(value))}" r="3.5">${told}</circle>`;
    const wide = Math.min(44, step * 0.7);
    const from = y(value);
    const tall = Math.max(1, edge.top + plotHeight - from);
    return html`<rect x="${round(x(index) - wide / 2)}" y="${round(from)}" width="${round(wide)}" height="${round(tall)}" rx="2">${told}</rect>`;
  });
  const path = drawn.map(({ value, index }) => `${round(x(index))},${round(y(value))}`).join(" ");
  return html`<figure><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`${title}: ${drawn.map(({ label, value }) => `${label} ${print(value)}`).join(", ")}`}">
${[0, 0.5, 1].map((share) => gridLine(y(end * share), print(end * share)))}
${shape === "line" ? html`<polyline points="${path}"/>` : html``}
${marks}
${points.flatMap(({ label }, index) =>
  index % every === 0
    ? [html`<text x="${round(x(index))}" y="${height - 8}" text-anchor="middle">${label}</text>`]
    : [],
)}
</svg></figure>`;
}

function gridLine(at: number, label: string): Markup {
  const end = width - edge.right;
  return html`<line x1="${edge.left}" x2="${end}" y1="${round(at)}" y2="${round(at)}"/><text x="${edge.left - 8}" y="${round(at + 4)}" text-anchor="end">${label}</text>`;
}

/** The next number above that reads well on an axis: a small multiple of a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 3, 4, 5, 6, 8, 10].find((times) => times * power >= value) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
