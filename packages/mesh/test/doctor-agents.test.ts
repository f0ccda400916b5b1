import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { checkAgents } from "../src/doctor/agents.ts";
import { diagnose } from "../src/doctor/doctor.ts";
import type { Finding } from "../src/doctor/finding.ts";
import { isBefore } from "../src/doctor/program-version.ts";
import { loadMesh } from "../src/load.ts";
import { put, temporaryFolder } from "./folder.ts";

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
  vi.stubEnv("ANTHROPIC_API_KEY", "sk-ant-secret");
  vi.stubEnv("GEMINI_API_KEY", undefined);
  vi.stubEnv("GOOGLE_API_KEY", undefined);
});
afterEach(() => vi.unstubAllEnvs());

/** Findings about a mesh with one node, whose mesh.yml has further lines. */
async function check(node: string, more: string): Promise<Finding[]> {
  await put(root, "mesh.yml", `name: studio\nnodes: [ops]\n${more}`);
  await put(root, "projects/ops/node.yml", `role: sysadmin\n${node}\n`);
  return checkAgents(await loadMesh(root));
}

async function codes(node: string, more: string): Promise<string[]> {
  return (await check(node, more)).map(({ severity, code }) => `${severity} ${code}`);
}

/** A program that says its version and nothing else. */
async function program(version: string): Promise<string> {
  const path = await put(root, "bin/program", `#!/bin/sh\n[ "$1" = --version ] && echo "${version}"\n`);
  await chmod(path, 0o755);
  return path;
}

describe("the agents of mesh.yml", () => {
  test("have nothing wrong with them when they have what they need", async () => {
    const more = "agents:\n  claude: { provider: anthropic, tier: standard }\nbudgets: { month: 10 }\n";
    expect(await codes("agent: claude", more)).toEqual([]);
    expect(await codes("agent: auto", more)).toEqual([]);
    expect(await codes("agent: offline", "")).toEqual([]);
  });

  test("are named with the line in which they are wrong", async () => {
    const more =
      "# agents:\nagents:\n  # claude: old\n  claude:\n    provider: anthropic\n    modle: x\n  gpt: { provider: opnai }\n";
    expect(await check("agent: claude", more)).toMatchObject([
      { severity: "error", code: "agent.config", place: { file: "mesh.yml", line: 6 } },
      { severity: "warning", code: "agent.provider.unknown", place: { file: "mesh.yml", line: 9 } },
    ]);
    const [inBraces] = await check("agent: a", "agents: { a: { provider: x } }\n");
    expect(inBraces?.place).toEqual({ file: "mesh.yml", line: 3 });
  });

  test("lack a key when no variable has it, or when the command that prints it fails", async () => {
    const [variable] = await check("agent: g", "agents: { g: { provider: gemini } }\nsecondOpinion: { from: never }\n");
    expect(variable).toMatchObject({ severity: "warning", code: "doctor.agent.key" });
    expect(variable?.sentence).toContain("GEMINI_API_KEY");
    const failing = "agents: { g: { provider: gemini, keyCommand: [sh, -c, 'echo sk-secret; exit 3'] } }\n";
    const [command] = await check("agent: g", failing);
    expect(command).toMatchObject({ severity: "error", code: "doctor.agent.key" });
    expect(command?.sentence).toContain("ended with 3");
    expect(JSON.stringify(command)).not.toContain("sk-secret");
    expect(await codes("agent: g", "agents: { g: { provider: gemini, keyCommand: [echo, key] } }\n")).toEqual([]);
  });

  test("that no node uses are remarked on, and neither their keys nor their programs looked for", async () => {
    const touch = `agents: { g: { provider: gemini, keyCommand: [touch, ${root}/ran] } }\nsecondOpinion: { from: never }\n`;
    expect(await check("agent: offline", touch)).toMatchObject([{ severity: "note", code: "doctor.agent.unused" }]);
    await expect(stat(join(root, "ran"))).rejects.toThrow("ENOENT");
  });

  test("count as used when they may be asked for second opinions", async () => {
    const two = "agents:\n  claude: { provider: anthropic }\n  g: { provider: gemini, keyCommand: [echo, key] }\n";
    expect(await codes("agent: claude", two)).toEqual([]);
    expect(await codes("agent: claude", `${two}secondOpinion: { from: never }\n`)).toEqual([
      "note doctor.agent.unused",
    ]);
  });

  test("that are vendors' programs are looked for, and say their version", async () => {
    const missing = "agents: { c: { provider: claude-code, program: /nonexistent/claude } }\n";
    expect(await codes("agent: c", missing)).toEqual(["error doctor.agent.program"]);
    const path = await program("2.1.400 (Claude Code)");
    const more = `agents: { c: { provider: claude-code, program: ${path} } }\n`;
    expect(await check("agent: c", more)).toMatchObject([
      { severity: "note", code: "doctor.agent.version", sentence: expect.stringContaining("Claude Code 2.1.400") },
    ]);
    await program("2.0.999 (Claude Code)");
    expect(await codes("agent: c", more)).toEqual(["warning doctor.agent.version"]);
    await program("hello");
    expect(await check("agent: c", more)).toMatchObject([
      { severity: "warning", sentence: expect.stringContaining("does not say its version") },
    ]);
  });

  test("that are other programs are looked for, and not started", async () => {
    const path = await put(root, "bin/mine", `#!/bin/sh\ntouch ${root}/ran\n`);
    await chmod(path, 0o755);
    expect(await codes("agent: m", `agents: { m: { provider: command, command: [${path}] } }\n`)).toEqual([]);
    expect(await codes("agent: m", "agents: { m: { provider: command, command: [no-such-program] } }\n")).toEqual([
      "error doctor.agent.program",
    ]);
    await expect(stat(join(root, "ran"))).rejects.toThrow("ENOENT");
  });

  test("need prices as soon as there is a budget in money", async () => {
    const unknown = "agents: { claude: { provider: anthropic, model: claude-mine } }\n";
    expect(await codes("agent: claude", unknown)).toEqual([]);
    expect(await codes("agent: claude", `${unknown}budgets: { session: { cost: 1 } }\n`)).toEqual([
      "warning doctor.agent.price",
    ]);
    expect(await codes("agent: claude\nbudget: { month: 1 }", unknown)).toEqual(["warning doctor.agent.price"]);
    const told = unknown.replace("claude-mine", "claude-mine, prices: { input: 1, output: 2 }");
    expect(await codes("agent: claude\nbudget: { month: 1 }", told)).toEqual([]);
  });
});

describe("nodes", () => {
  test("with agent: auto want an agent with a tier, and a local one for what is sensitive", async () => {
    const place = { file: "projects/ops/node.yml" };
    const plain = "agents: { claude: { provider: anthropic } }\nsecondOpinion: { from: never }\n";
    expect(await check("agent: auto", plain)).toMatchObject([
      { code: "doctor.agent.unused" },
      { severity: "warning", code: "doctor.agent.no-tier", place },
    ]);
    const tiered = "agents: { claude: { provider: anthropic, tier: small } }\n";
    expect(await codes("agent: auto", tiered)).toEqual([]);
    expect(await codes("agent: auto\nsensitive: true", tiered)).toEqual(["warning doctor.agent.no-tier"]);
  });

  test("that are sensitive want a local agent", async () => {
    const more = (local: boolean) => `agents: { claude: { provider: anthropic, local: ${local} } }\n`;
    expect(await codes("agent: claude\nsensitive: true", more(false))).toEqual(["error doctor.agent.not-local"]);
    expect(await codes("agent: claude\nsensitive: true", more(true))).toEqual([]);
  });
});

test("secondOpinion.agent has to exist; a program may give opinions too", async () => {
  const wants = (agent: string, from = "high") => `secondOpinion: { from: ${from}, agent: ${agent} }\n`;
  expect(await codes("agent: offline", wants("gpt"))).toEqual(["error doctor.opinion.agent"]);
  expect(await codes("agent: offline", wants("gpt", "never"))).toEqual([]);
  expect(await codes("agent: offline", wants("offline"))).toEqual([]);
  const mine = `agents: { m: { provider: command, command: [sh] } }\n${wants("m")}`;
  expect(await codes("agent: m", mine)).toEqual([]);
});

test("versions are compared by their numbers", () => {
  expect([isBefore("0.9.12", "0.61.0"), isBefore("2.1.329", "2.1.329"), isBefore("10.0.0", "9.9.9")]).toEqual([
    true,
    false,
    false,
  ]);
});

test("agent: auto is no unknown agent to doctor", async () => {
  await check("agent: auto", "agents: { claude: { provider: anthropic, tier: small } }\n");
  const found = await diagnose(root, { fix: false });
  expect(found.map(({ code }) => code).filter((code) => code.startsWith("doctor.agent"))).toEqual([]);
});
