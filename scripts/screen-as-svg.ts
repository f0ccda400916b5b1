/** Pixels. The frame has its own background, so that the picture can be read on a light page and on a dark one. */
const character = 8.4;
const lineHeight = 19;
const margin = 18;

const frame = { background: "#1f2430", border: "#5c6773", text: "#d9d7ce" };

/** Foreground colours by their SGR code. */
const colours: Readonly<Record<number, string>> = {
  31: "#f28779",
  32: "#bae67e",
  33: "#ffd580",
  34: "#73d0ff",
  35: "#d4bfff",
  36: "#95e6cb",
};

interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly colour: string;
}

const plain: Style = { bold: false, dim: false, colour: frame.text };

/**
 * Draws lines of a terminal.
 *
 * @param lines text with SGR sequences, as `tmux capture-pane -e` gives it
 * @param label what the picture shows, for people who cannot see it
 */
export function screenAsSvg(lines: readonly string[], columns: number, label: string): string {
  const width = Math.ceil(columns * character + 2 * margin);
  const height = lines.length * lineHeight + 2 * margin;
  let style = plain;
  const texts = lines.flatMap((line, row) => {
    const y = margin + (row + 0.75) * lineHeight;
    let column = 0;
    return line.split(/(\u001b\[[\d;]*m)/).flatMap((part) => {
      if (part.startsWith("\u001b")) {
        style = restyled(style, part);
        return [];
      }
      const start = column;
      column += [...part].length;
      return part.trim() === "" ? [] : [textElement(part, start, y, style)];
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(label)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${frame.background}" stroke="${frame.border}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** The length is given, so that columns stand below each other in any font. */
function textElement(part: string, column: number, y: number, { bold, dim, colour }: Style): string {
  const text = part.trimEnd();
  const indent = text.length - text.trimStart().length;
  const x = margin + (column + indent) * character;
  const length = [...text.trimStart()].length * character;
  const weight = bold ? ' font-weight="bold"' : "";
  const opacity = dim ? ' opacity="0.65"' : "";
  const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" textLength="${length.toFixed(1)}"`;
  return `<text ${place} lengthAdjust="spacingAndGlyphs" fill="${colour}"${weight}${opacity}>${escaped(text.trimStart())}</text>`;
}

/** @see ECMA-48, "SGR" */
function restyled(style: Style, sequence: string): Style {
  let now = style;
  for (const code of sequence.slice(2, -1).split(";").map(Number)) {
    if (code === 0) now = plain;
    else if (code === 1) now = { ...now, bold: true };
    else if (code === 2) now = { ...now, dim: true };
    else if (code === 22) now = { ...now, bold: false, dim: false };
    else now = { ...now, colour: colours[code] ?? (code === 39 ? frame.text : now.colour) };
  }
  return now;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
