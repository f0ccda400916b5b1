// The programs of the protocol's own makers against the real server: the conformance suite over HTTP, and the inspector
// over both transports. `node tests/vendors/mcp/main.ts`; the last line is "N passed, N failed".
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveHttp } from "@memomesh/mcp";
import { addNode, initMesh, loadMesh } from "@memomesh/mesh";
import { fixtureServer } from "./fixture-server.ts";
import { installPrograms, runBin } from "./programs.ts";
import { tokenProxy } from "./token-proxy.ts";

const main = join(import.meta.dirname, "..", "..", "..", "packages", "cli", "src", "main.ts");
const token = "vendors-test-token";
const expectedFailures = join(import.meta.dirname, "real-server-expected-failures.yml");

interface RealServer {
  readonly url: string;
  close(): void;
}

async function realServer(cwd: string): Promise<RealServer> {
  const env = { ...process.env, MEMOMESH_MCP_TOKEN: token };
  const args = [main, "mcp", "--http", "0", "--json"];
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const first = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(String(data)));
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { url: JSON.parse(first).url, close: () => void child.kill() };
}

/** Scenarios of the suite, and how each ended. */
async function conformance(url: string, args: readonly string[]): Promise<{ ok: boolean; says: string }> {
  const proxy = await tokenProxy(new URL(url), token);
  const { code, output } = await runBin("conformance", ["server", "--url", proxy.url, ...args]);
  await proxy.close();
  return { ok: code === 0, says: output.slice(output.indexOf("=== SUMMARY")) };
}

const inspections: readonly (readonly [says: string, args: readonly string[], expected: RegExp])[] = [
  ["tools/list, with schemas that every client can read", ["--method", "tools/list", "--strict"], /"send_memo"/],
  ["tools/call", ["--method", "tools/call", "--tool-name", "inbox", "--tool-arg", "limit=5"], /Nothing is in incoming/],
  ["resources/list", ["--method", "resources/list"], /memomesh:\/\/state/],
  ["resources/read", ["--method", "resources/read", "--uri", "memomesh://state"], /Handover notes/],
  ["resources/templates/list", ["--method", "resources/templates/list"], /memo:\/\/\{id\}/],
  ["prompts/list", ["--method", "prompts/list"], /end-session/],
  ["prompts/get", ["--method", "prompts/get", "--prompt-name", "start-session"], /Your task/],
];

const root = await mkdtemp(join(tmpdir(), "memomesh-vendors-mcp-"));
const results: boolean[] = [];
const tell = (what: string, ok: boolean, says: string) => {
  results.push(ok);
  console.log(`${ok ? "ok      " : "FAILED  "} ${what}`);
  if (!ok) console.log(says);
};
try {
  await installPrograms();
  await initMesh(root, { name: "studio", git: true });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
  const node = join(root, "projects", "ops");
  const server = await realServer(node);
  try {
    const { ok, says } = await conformance(server.url, ["--expected-failures", expectedFailures]);
    tell("conformance: a node's server, apart from scenarios that want fixtures", ok, says);
    const fixtures = await serveHttp({ port: 0, token, make: async () => fixtureServer(), onError: console.error });
    const whole = await conformance(fixtures.url, []);
    tell("conformance: the whole active suite through the same HTTP front, with fixtures", whole.ok, whole.says);
    console.log(whole.says.trim());
    await fixtures.close();
    const http = [server.url, "--transport", "http", "--header", `Authorization: Bearer ${token}`];
    const stdio = [process.execPath, main, "mcp"];
    for (const [what, args, expected] of inspections) {
      for (const [name, target] of [
        ["HTTP", http],
        ["stdio", stdio],
      ] as const) {
        const { code, output } = await runBin("mcp-inspector", ["--cli", ...target, ...args], node);
        tell(`inspector over ${name}: ${what}`, code === 0 && expected.test(output), `${code}\n${output}`);
      }
    }
    const { code, output } = await runBin(
      "mcp-inspector",
      ["--cli", ...http.slice(0, 3), "--method", "tools/list"],
      node,
    );
    tell("inspector over HTTP: nothing without the token", code !== 0 && !output.includes("send_memo"), output);
  } finally {
    server.close();
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
const failed = results.filter((ok) => !ok).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
