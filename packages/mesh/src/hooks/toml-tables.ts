/** A table of a TOML file: its name, part by part, and those of its values that are plain texts or truth values. */
export interface TomlTable {
  readonly name: readonly string[];
  readonly values: Readonly<Record<string, string | boolean>>;
}

/**
 * The tables of a TOML file, as far as Codex writes them itself: one value on a line. Whatever is written in another way is
 * passed over, so that something may be there that is not found here.
 */
export function tomlTables(source: string): readonly TomlTable[] {
  const tables: { name: readonly string[]; values: Record<string, string | boolean> }[] = [{ name: [], values: {} }];
  for (const line of source.split(/\r?\n/)) {
    const [, header] = /^\s*\[([^[\]]*(?:"[^"]*"[^[\]]*)*)\]\s*(?:#.*)?$/.exec(line) ?? [];
    if (header !== undefined) tables.push({ name: namesOf(header), values: {} });
    const [, key = "", value = ""] =
      /^\s*([\w-]+|"[^"]*")\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|true|false)\s*(?:#.*)?$/.exec(line) ?? [];
    const table = tables.at(-1);
    if (key !== "" && table !== undefined)
      table.values[plain(key)] = value === "true" ? true : value === "false" ? false : plain(value);
  }
  return tables;
}

function namesOf(header: string): readonly string[] {
  return [...header.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+/g)].map(([name]) => plain(name));
}

function plain(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1);
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(["\\])/g, "$1");
}
