import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

const folder = join(homedir(), ".cache", "memomesh", "vendors", "mcp");

const wanted = {
  "@modelcontextprotocol/conformance": "0.1.16",
  "@modelcontextprotocol/inspector": "2.12.0",
};

export type Bin = "conformance" | "mcp-inspector";

/** Installs the programs of the protocol's makers, once; they are kept for the next time. */
export async function installPrograms(): Promise<void> {
  const manifest = join(folder, "package.json");
  const content = `${JSON.stringify({ private: true, dependencies: wanted }, null, 2)}\n`;
  if ((await readFile(manifest, "utf8").catch(() => "")) === content) return;
  await mkdir(folder, { recursive: true });
  const packages = Object.entries(wanted).map(([name, version]) => `${name}@${version}`);
  const { code, output } = await run("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, ...packages]);
  if (code !== 0) throw new Error(`npm install ended with ${code}:\n${output}`);
  await writeFile(manifest, content);
}

export function runBin(bin: Bin, args: readonly string[], cwd?: string): Promise<{ code: number; output: string }> {
  return run(join(folder, "node_modules", ".bin", bin), args, cwd);
}

function run(program: string, args: readonly string[], cwd = folder): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: 120_000 });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, output }));
  });
}
