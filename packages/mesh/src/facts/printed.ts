import { quantity } from "@memomesh/quality";

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

/** "7910m", "64Gi", 8; 0 when it is none. */
export function amountOf(value: unknown): number {
  return quantity(String(value ?? "")) ?? 0;
}

const blocks: Readonly<Record<string, number>> = { "1K": 2 ** 10, "1024": 2 ** 10, "1M": 2 ** 20, "512": 512 };

/** In how many bytes `df` counts, by its first line; undefined when each number says it itself. */
export function blockSize(head: string): number | undefined {
  return blocks[/\b(1K|1024|1M|512)-blocks\b/.exec(head)?.[1] ?? ""];
}

/** Whether a file system of `df` lies in memory or is a second view of another one: it says little about the machine. */
export function isVirtual(name: string): boolean {
  return /^(?:tmpfs|devtmpfs|overlay|udev|shm|none|efivarfs)$/.test(name);
}

/** Whether nobody works with a GPU: next to none of its memory is used. */
export function isIdle(used: number, total: number): boolean {
  return used < total / 50;
}
