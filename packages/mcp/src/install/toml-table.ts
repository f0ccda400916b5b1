import { MeshError } from "@memomesh/core";

/**
 * TOML settings in which the table `[name]` has these values, each on a line of its own. Every other byte stays, and so
 * do lines of the table that people have added.
 *
 * @param name with dots, of letters, digits, "-" and "_"
 * @param values as TOML writes them, by name
 * @param file the name that errors give
 * @throws MeshError `mcp.config` when the table is written in a way that cannot be changed without touching the rest
 */
export function withTomlTable(
  source: string | undefined,
  file: string,
  name: string,
  values: Readonly<Record<string, string>>,
): string {
  const text = source ?? "";
  const lines = readLines(text);
  const strange = lines.findIndex(
    (line) => line.heading === undefined && !line.inside && setsElsewhere(line.text, name),
  );
  const headings = lines.flatMap(({ heading }, index) => (heading === name ? [index] : []));
  const [first, second] = headings;
  if (second !== undefined || strange !== -1) throw unusable(file, (second ?? strange) + 1, name);
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  if (first === undefined) {
    const table = [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`)];
    const gap = text === "" ? "" : text.endsWith("\n") ? lineEnd : lineEnd + lineEnd;
    return `${text}${gap}${table.join(lineEnd)}${lineEnd}`;
  }
  const next = lines.findIndex(({ heading }, index) => index > first && heading !== undefined);
  const own = lines.slice(first + 1, next === -1 ? lines.length : next);
  const texts = lines.map((line) => line.text);
  const added: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const at = own.findIndex(
      ({ text: line, inside }) => !inside && new RegExp(`^\\s*["']?${key}["']?\\s*=`).test(line),
    );
    const line = `${key} = ${value}`;
    if (at === -1) added.push(lineEnd === "\r\n" ? `${line}\r` : line);
    else texts[first + 1 + at] = changed(own[at]?.text ?? "", line, () => unusable(file, first + at + 2, name));
  }
  return [...texts.slice(0, first + 1), ...added, ...texts.slice(first + 1)].join("\n");
}

interface Line {
  /** Without its line break; a "\r" at its end stays. */
  readonly text: string;
  /** The name of the table that begins here, without blanks and quotes. */
  readonly heading: string | undefined;
  /** Whether it belongs to a text of several lines that has begun before. */
  readonly inside: boolean;
}

function readLines(source: string): Line[] {
  let open: string | undefined;
  return source.split("\n").map((text): Line => {
    const inside = open !== undefined;
    for (const [mark] of text.replace(/^\s*#.*/, "").matchAll(/"""|'''/g)) {
      if (open === undefined) open = mark;
      else if (open === mark) open = undefined;
    }
    const [, heading] = inside ? [] : (/^\s*\[{1,2}([^[\]]+)\]{1,2}\s*(?:#.*)?\r?$/.exec(text) ?? []);
    const parts = heading?.split(".").map((part) => part.trim().replace(/^(["'])(.*)\1$/, "$2"));
    return { text, heading: parts?.join("."), inside };
  });
}

/** `mcp_servers = { … }`, `mcp_servers.memomesh.command = …`, `memomesh = { … }`: the table without a heading of its own. */
function setsElsewhere(line: string, name: string): boolean {
  const parts = name.split(".").map((part) => `["']?${part}["']?`);
  const [group = ""] = parts;
  return [`${group}\\s*=`, `${parts.join("\\s*\\.\\s*")}\\s*[.=]`, `${parts.at(-1)}\\s*=\\s*\\{`].some((pattern) =>
    new RegExp(`^\\s*${pattern}`).test(line),
  );
}

/** The line with its new value; what is the same stays as it is written. */
function changed(before: string, line: string, error: () => MeshError): string {
  const end = before.endsWith("\r") ? "\r" : "";
  const value = before.slice(before.indexOf("=") + 1).trim();
  if (value === line.slice(line.indexOf("=") + 1).trim()) return before;
  // Behind anything else there may be a comment, or the rest of the value on the next line.
  if (!/^(?:"(?:[^"\\]|\\.)*"|\[(?:[^[\]"]|"(?:[^"\\]|\\.)*")*\])$/.test(value)) throw error();
  return `${/^\s*/.exec(before)?.[0] ?? ""}${line}${end}`;
}

function unusable(file: string, line: number, name: string): MeshError {
  const sentence = `${name} is set here in a form that cannot be changed without touching the rest; remove it, or set it by hand. Nothing was written`;
  return new MeshError("mcp.config", sentence, { place: { file, line } });
}
