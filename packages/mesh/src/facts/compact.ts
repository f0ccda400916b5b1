import type { FactCollector } from "@memomesh/core";
import { amountOf, at, blockSize, isIdle, isReady, isVirtual, itemsOf, type Json, printedJson } from "./printed.ts";

/** What is unknown is kept so far. */
const mostLines = 20;
const mostCharacters = 1600;

/**
 * What a collector has printed, in a few lines. The output of known tools is summed up; of others the beginning is kept.
 * Pure.
 */
export function compactFacts(printed: string, format: FactCollector["format"]): string {
  const text = printed.trimEnd().replace(/^\n+/, "");
  if (text.trim() === "") return "It printed nothing.";
  const summed = format === "json" ? fromJson(text) : (fromCsv(text, format) ?? fromTable(text));
  return bounded(summed ?? text);
}

function bounded(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const kept = lines.slice(0, mostLines).join("\n").slice(0, mostCharacters);
  const left = text.length - kept.length;
  return left > 0 && kept.length < lines.join("\n").length ? `${kept}\n… ${left} more characters` : kept;
}

/** @returns undefined when it is no JSON, or nothing that is known */
function fromJson(text: string): string | undefined {
  const values = printedJson(text);
  const [first] = values;
  if (first === undefined) return undefined;
  const items = itemsOf(values);
  if (items.some(({ kind }) => kind === "Node")) return kubernetesNodes(items);
  if (items.some(({ kind }) => kind === "CSIStorageCapacity")) return storageClasses(items);
  if (items.every((item) => "Image" in item && "Names" in item)) return containers(items);
  return JSON.stringify(values.length === 1 ? first : values);
}

function kubernetesNodes(nodes: readonly Json[]): string {
  const ready = nodes.filter(isReady);
  const cordoned = nodes.filter((node) => at(node, "spec", "unschedulable") === true).length;
  const resource = (name: string) => sum(nodes.map((node) => amountOf(at(node, "status", "allocatable", name))));
  const devices = new Set(
    nodes
      .flatMap((node) => Object.keys((at(node, "status", "allocatable") ?? {}) as Json))
      .filter((name) => name.includes("/")),
  );
  const given = [...devices].map((name) => {
    const having = nodes.filter((node) => amountOf(at(node, "status", "allocatable", name)) > 0).length;
    return `${resource(name)} ${name} on ${having} nodes`;
  });
  return [
    `${nodes.length} nodes, ${ready.length} ready${cordoned > 0 ? `, ${cordoned} closed to new pods` : ""}.`,
    `Architectures: ${counts(nodes.map((node) => String(at(node, "status", "nodeInfo", "architecture") ?? "unknown")))}.`,
    `Allocatable: ${rounded(resource("cpu"))} CPUs, ${gibibytes(resource("memory"))} of memory${given.map((each) => `, ${each}`).join("")}.`,
    `Kubelet: ${counts(nodes.map((node) => String(at(node, "status", "nodeInfo", "kubeletVersion") ?? "unknown")))}.`,
  ].join("\n");
}

function storageClasses(items: readonly Json[]): string {
  return [...Map.groupBy(items, ({ storageClassName }) => String(storageClassName))]
    .map(
      ([name, each]) => `storage class ${name}: ${gibibytes(sum(each.map(({ capacity }) => amountOf(capacity))))} free`,
    )
    .join("\n");
}

function containers(items: readonly Json[]): string {
  const lines = items.map(({ Names, Image, Status, State }) => `${Names}: ${Image}, ${Status ?? State ?? "unknown"}`);
  return [`${items.length} containers.`, ...lines].join("\n");
}

/** nvidia-smi --query-gpu=… --format=csv. */
function fromCsv(text: string, format: FactCollector["format"]): string | undefined {
  const rows = text.split("\n").map((line) => line.split(",").map((cell) => cell.trim()));
  const [head = [], ...gpus] = rows;
  const column = (name: string) => head.findIndex((cell) => cell === name || cell.startsWith(`${name} [`));
  const [name, total, used] = [column("name"), column("memory.total"), column("memory.used")];
  if (name === -1 || total === -1) return format === "csv" ? `${rows.length - 1} rows.\n${text}` : undefined;
  const mebibytes = (row: readonly string[], index: number) =>
    (amountOf((row[index] ?? "").split(" ")[0]) || 0) * 2 ** 20;
  const all = sum(gpus.map((row) => mebibytes(row, total)));
  const models = counts(gpus.map((row) => row[name] ?? "unknown"));
  if (used === -1) return `${gpus.length} GPUs: ${models}; ${gibibytes(all)} of memory.`;
  const taken = sum(gpus.map((row) => mebibytes(row, used)));
  const free = gpus.filter((row) => isIdle(mebibytes(row, used), mebibytes(row, total))).length;
  return `${gpus.length} GPUs: ${models}.\n${free} are free (under 2 % of their memory is used); ${gibibytes(all - taken)} of ${gibibytes(all)} of memory are free.`;
}

/** df, free, docker ps: what they print for people. */
function fromTable(text: string): string | undefined {
  const [head = "", ...lines] = text.split("\n");
  if (/^Filesystem\b/.test(head)) return fileSystems(head, lines);
  if (/^\s*total\s+used\s+free\b/.test(head)) return memory(lines);
  if (/^CONTAINER ID\b/.test(head)) return containerTable(head, lines);
  return undefined;
}

function fileSystems(head: string, lines: readonly string[]): string | undefined {
  const block = blockSize(head);
  const rows = lines.map((line) => line.trim().split(/\s+/)).filter(([name = ""]) => !isVirtual(name));
  if (rows.some((row) => row.length < 6)) return undefined;
  return rows
    .map(([, total = "", , free = "", percent = "", ...mount]) => {
      const shown = (text: string) => (block === undefined ? text : gibibytes(Number(text) * block));
      return `${mount.join(" ")}: ${shown(free)} of ${shown(total)} free (${percent} used)`;
    })
    .join("\n");
}

function memory(lines: readonly string[]): string | undefined {
  const rows = lines.map((line) => /^(\w+):\s+(.*)$/.exec(line)).filter((row) => row !== null);
  if (rows.length === 0) return undefined;
  return rows
    .map(([, name, cells = ""]) => {
      const [total = "", used = "", free = "", , , available] = cells.split(/\s+/);
      // Whoever asks for bytes gets long numbers; `free -h` says its units itself.
      const shown = (text: string) => (/^\d{8,}$/.test(text) ? gibibytes(Number(text)) : text);
      return `${name === "Mem" ? "memory" : name?.toLowerCase()}: ${shown(available ?? free)} of ${shown(total)} free, ${shown(used)} used`;
    })
    .join("\n");
}

function containerTable(head: string, lines: readonly string[]): string | undefined {
  const columns = ["IMAGE", "STATUS", "PORTS", "NAMES"].map((name) => head.indexOf(name));
  const [image = -1, status = -1, ports = -1, names = -1] = columns;
  if (columns.some((column) => column === -1)) return undefined;
  const cell = (line: string, from: number, to?: number) => (line.slice(from, to).split(/\s{2,}/)[0] ?? "").trim();
  const told = lines.map((line) => `${cell(line, names)}: ${cell(line, image)}, ${cell(line, status, ports)}`);
  return [`${lines.length} containers.`, ...told].join("\n");
}

function counts(values: readonly string[]): string {
  const found = Map.groupBy(values, (value) => value);
  return [...found].map(([value, each]) => `${each.length} × ${value}`).join(", ");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function gibibytes(bytes: number): string {
  return `${rounded(bytes / 2 ** 30)} GiB`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
