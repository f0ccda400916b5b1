import { type AlikeNodes, checkedFigures, type FactCollector, type FactFigures } from "@memomesh/core";
import { amountOf, at, blockSize, isIdle, isReady, isVirtual, itemsOf, type Json, printedJson } from "./printed.ts";

/**
 * What can be computed with in what a collector has printed: memory, disks, GPUs, architectures. Only what is sure is
 * taken: a table whose unit nobody tells gives no figure. Pure.
 *
 * @returns undefined when there is nothing
 */
export function figuresOf(
  printed: string,
  { format, command }: Pick<FactCollector, "format" | "command">,
): FactFigures | undefined {
  const text = printed.trim();
  const items = format === "json" ? itemsOf(printedJson(text)) : [];
  return checkedFigures({
    memory: memory(text, command),
    gpus: gpus(text),
    architecture: architecture(text, items),
    disks: disks(text),
    nodes: nodes(items),
    storage: storage(items),
  });
}

/** As Kubernetes and image registries call them. */
const architectures: Readonly<Record<string, string>> = {
  ...{ x86_64: "amd64", amd64: "amd64", aarch64: "arm64", arm64: "arm64", armv7l: "arm", arm: "arm" },
  ...{ ppc64le: "ppc64le", s390x: "s390x", riscv64: "riscv64" },
};

/** Of `uname -m`, `dpkg --print-architecture`, `lscpu`, `docker info`. */
function architecture(text: string, items: readonly Json[]): string | undefined {
  const [only] = items;
  const told = items.length === 1 ? only?.Architecture : (/^\s*Architecture:\s+(\S+)$/m.exec(text)?.[1] ?? text);
  return typeof told === "string" && Object.hasOwn(architectures, told) ? architectures[told] : undefined;
}

function nodes(items: readonly Json[]): readonly AlikeNodes[] | undefined {
  const taking = items.filter(
    (item) => item.kind === "Node" && isReady(item) && at(item, "spec", "unschedulable") !== true,
  );
  const alike = Map.groupBy(taking.map(shapeOf), (shape) => JSON.stringify(shape));
  const found = [...alike.values()].flatMap(([shape, ...others]) =>
    shape === undefined ? [] : [{ ...shape, count: others.length + 1 }],
  );
  return found.length === 0 ? undefined : found;
}

/** What each storage class has left, by `kubectl get csistoragecapacities`: one item for each place that a volume may lie in. */
function storage(items: readonly Json[]): FactFigures["storage"] | undefined {
  const places = items.filter(({ kind }) => kind === "CSIStorageCapacity");
  const found = [...Map.groupBy(places, ({ storageClassName }) => String(storageClassName))].map(([name, each]) => {
    const free = each.map(({ capacity }) => amountOf(capacity));
    const volumes = each.map(({ maximumVolumeSize }, index) =>
      Math.min(
        free[index] ?? 0,
        maximumVolumeSize === undefined ? Number.POSITIVE_INFINITY : amountOf(maximumVolumeSize),
      ),
    );
    return { class: name, free: free.reduce((sum, bytes) => sum + bytes, 0), largest: Math.max(...volumes) };
  });
  return found.length === 0 ? undefined : found;
}

function shapeOf(node: Json): Omit<AlikeNodes, "count"> {
  const given = (at(node, "status", "allocatable") ?? {}) as Json;
  const told = String(at(node, "status", "nodeInfo", "architecture") ?? "unknown");
  const disk = coarse(amountOf(given["ephemeral-storage"]));
  return {
    architecture: architectures[told] ?? told,
    cpus: amountOf(given.cpu),
    memory: coarse(amountOf(given.memory)),
    ...(disk > 0 ? { disk } : {}),
    devices: Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (name.includes("/") ? [[name, amountOf(value)]] : [])),
    ),
  };
}

/** Rounded down by at most a fiftieth: nodes of one kind differ by a few pages, and are to be counted together. */
function coarse(bytes: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, bytes))) - 6);
  return Math.floor(bytes / step) * step;
}

/** nvidia-smi --query-gpu=…,memory.total,memory.used --format=csv: one that is hardly used is free. */
function gpus(text: string): FactFigures["gpus"] | undefined {
  const [head = [], ...rows] = text.split("\n").map((line) => line.split(",").map((cell) => cell.trim()));
  const column = (name: string) => head.findIndex((cell) => cell === name || cell.startsWith(`${name} [`));
  const [total, used] = [column("memory.total"), column("memory.used")];
  if (total === -1 || used === -1) return undefined;
  const amount = (row: readonly string[], index: number) => amountOf((row[index] ?? "").split(" ")[0]);
  return { total: rows.length, free: rows.filter((row) => isIdle(amount(row, used), amount(row, total))).length };
}

/** `free` and `df` for people: 7.6Gi, 512M, 100G. Both count in powers of 1024. */
const letters: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40, P: 2 ** 50 };

function bytes(cell: string | undefined, unit: number | undefined): number | undefined {
  const [, number, letter] = /^(\d+(?:\.\d+)?)(?:([BKMGTP])i?)?$/.exec(cell ?? "") ?? [];
  const size = letter === undefined ? unit : letters[letter];
  return number === undefined || size === undefined ? undefined : Math.round(Number(number) * size);
}

function shareOf(
  free: string | undefined,
  total: string | undefined,
  unit: number | undefined,
): { free: number; total: number } | undefined {
  const [left, whole] = [bytes(free, unit), bytes(total, unit)];
  return left === undefined || whole === undefined ? undefined : { free: left, total: whole };
}

/** Units of `free`, by the option that asks for them. */
const freeUnits: readonly (readonly [RegExp, number])[] = [
  [/ (?:-b|--bytes)\b/, 1],
  [/ (?:-k|--kibi)\b/, 2 ** 10],
  [/ (?:-m|--mebi)\b/, 2 ** 20],
  [/ (?:-g|--gibi)\b/, 2 ** 30],
];

function memory(text: string, command: string): FactFigures["memory"] | undefined {
  const cells = /^\s*total\s+used\s+free\b[^\n]*\n(?:.*\n)*?Mem:\s+(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/);
  if (cells === undefined) return undefined;
  const unit = /^\s*free\s*$/.test(command) ? 2 ** 10 : freeUnits.find(([option]) => option.test(command))?.[1];
  return shareOf(cells[5] ?? cells[2], cells[0], unit);
}

function disks(text: string): FactFigures["disks"] | undefined {
  const [head = "", ...lines] = text.split("\n");
  if (!/^Filesystem\b/.test(head)) return undefined;
  const unit = blockSize(head);
  return lines.flatMap((line) => {
    const [name = "", total, , free, , mount = "", ...more] = line.trim().split(/\s+/);
    const share = shareOf(free, total, unit);
    return share === undefined || more.length > 0 || isVirtual(name) || !/^[\w./:@+-]+$/.test(mount)
      ? []
      : [{ mount, ...share }];
  });
}
