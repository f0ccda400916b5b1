// npm run bench [-- name] [--json]: the project's figures, each measured in a process and a temporary folder of its own.
import { spawn } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { arch, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figure, isMet, type Row } from "./figure.ts";
import { printTable } from "./table.ts";

/** A figure that takes longer is stopped. */
const longestSeconds = 240;

/** Loaded one by one, so that a figure is measured also while the code of another one is broken. */
const figures: Readonly<Record<string, () => Promise<Figure>>> = {
  delivery: async () => (await import("./delivery.ts")).delivery,
  volume: async () => (await import("./volume.ts")).volume,
  latency: async () => (await import("./latency.ts")).latency,
  "large-mesh": async () => (await import("./large-mesh.ts")).largeMesh,
  search: async () => (await import("./search.ts")).search,
  classification: async () => (await import("./classification.ts")).classification,
  lessons: async () => (await import("./lessons.ts")).lessons,
  "command-line": async () => (await import("./command-line.ts")).commandLine,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, child: { type: "boolean", default: false } },
});
const [wanted] = positionals;
const chosen = Object.keys(figures).filter((name) => wanted === undefined || name === wanted);

if (chosen.length === 0) {
  process.stderr.write(`There is no figure "${wanted}"; expected ${Object.keys(figures).join(", ")}.\n`);
  process.exitCode = 2;
} else if (values.child) {
  const figure = await figures[chosen[0] as string]?.();
  process.stdout.write(JSON.stringify(await figure?.measure(process.cwd())));
} else {
  const rows: Row[] = [];
  for (const name of chosen) {
    if (!values.json) process.stderr.write(`measuring ${name} …\n`);
    rows.push(...(await measureApart(name)));
  }
  process.stdout.write(values.json ? `${JSON.stringify(report(rows), null, 2)}\n` : `\n${printTable(rows)}\n`);
  process.exitCode = rows.some((row) => isMet(row) === false) ? 1 : 0;
}

function report(rows: readonly Row[]) {
  const machine = { node: process.version, platform: process.platform, arch: arch(), processors: cpus().length };
  return { date: new Date().toISOString(), machine, rows: rows.map((row) => ({ ...row, met: isMet(row) })) };
}

/** Measures in a process of its own, so that memory and caches of one figure are not those of another. */
async function measureApart(name: string): Promise<Row[]> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
  const folder = await realpath(await mkdtemp(join(tmpdir(), `memomesh-bench-${name}-`)));
  try {
    const child = spawn(process.execPath, ["--expose-gc", import.meta.filename, name, "--child"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      timeout: longestSeconds * 1000,
      signal: stop.signal,
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
    if (code !== 0)
      throw new Error(
        `the figure "${name}" ${code === null ? `took longer than ${longestSeconds} seconds` : "failed"}`,
      );
    return JSON.parse(Buffer.concat(chunks).toString()) as Row[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
