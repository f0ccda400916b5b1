export type Json = Readonly<Record<string, unknown>>;

/** What a program has printed as JSON; lines before it are what it says to people. [] when it is none. */
export function printedJson(text: string): readonly Json[] {
  const start = text.search(/^[{[]/m);
  return start === -1 ? [] : parsed(text.slice(start));
}

/** Lists, as kubectl prints them, taken apart. */
export function itemsOf(values: readonly Json[]): readonly Json[] {
  return values.flatMap((value) => (Array.isArray(value.items) ? (value.items as Json[]) : [value]));
}

/** Whether a node of a cluster works. */
export function isReady(node: Json): boolean {
  const conditions = at(node, "status", "conditions");
  return Array.isArray(conditions) && conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** One document, an array of them, or one on each line. */
function parsed(text: string): Json[] {
  const objects = (value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter(
      (each): each is Json => typeof each === "object" && each !== null && !Array.isArray(each),
    );
  try {
    return objects(JSON.parse(text));
  } catch {
    try {
      return text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .flatMap((line) => objects(JSON.parse(line)));
    } catch {
      return [];
    }
  }
}

/** What stands below these names. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (typeof found === "object" && found !== null ? (found as Json)[name] : undefined),
    value,
  );
}

const suffixes: Readonly<Record<string, number>> = {
  ...{ m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** "7910m", "64Gi", 8; 0 when it is none. */
export function quantity(value: unknown): number {
  const [, number, suffix = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(value ?? "")) ?? [];
  return number === undefined ? 0 : Number(number) * (suffixes[suffix] ?? 1);
}
