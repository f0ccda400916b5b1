// A mesh in which a vendor's real program works for a node, and the real coordinator holds its sessions.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type AgentConfig, printMemo } from "@memomesh/core";
import { onTestFinished } from "vitest";
import { actionItems, facts, files } from "../../packages/agents/test/session/deployment.ts";
import { Workspace } from "../mail/workspace.ts";

export class RealMesh {
  readonly workspace: Workspace;
  /** Not among temporary files, where Codex keeps no home. */
  readonly cache = mkdtempSync(join(homedir(), ".memomesh-vendors-"));

  constructor(config: AgentConfig) {
    onTestFinished(() => rmSync(this.cache, { recursive: true, force: true }));
    const agent = JSON.stringify({ keyCommand: ["printf", "dummy-key-4711"], ...config });
    this.workspace = Workspace.open({
      git: true,
      nodes: { developer: {}, sysadmin: { agent: "worker" } },
      targets: ["staging"],
      policy: { sandbox: "required" },
      more: `agents: { worker: ${agent} }\n`,
    });
    for (const [path, text] of Object.entries(files)) this.workspace.write(path, text);
    const grants = "grants: { send: [developer], read: [developer/**] }\n";
    this.workspace.write("projects/sysadmin/node.yml", `role: sysadmin\nagent: worker\n${grants}`);
    this.workspace.write("projects/sysadmin/AGENTS.md", "You prepare deployments.\n");
  }

  /** The developer asks for the deployment. */
  asksForDeployment(): void {
    const body = `\`\`\`yaml deploy\n${facts}\n\`\`\`\n\n${actionItems}`;
    const memo = printMemo({ to: ["sysadmin"], type: "deployment", subject: "Deploy the shop", body });
    this.workspace.drop("developer", "deploy.md", memo);
  }

  /** `memomesh run`, and what it says on its screen. */
  run(): Promise<string> {
    return this.memomesh("run");
  }

  async memomesh(...words: readonly string[]): Promise<string> {
    const env = { ...process.env, XDG_CACHE_HOME: this.cache, NO_COLOR: "1" };
    const args = [process.env.MEMOMESH_BUILT as string, ...words];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: this.workspace.root, env });
    return stdout;
  }

  /** The guard's decisions in the node's trail, each as "yes" or "no" and what it was about. */
  decisions(): readonly string[] {
    const folder = this.workspace.path(".memomesh/audit/sysadmin");
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
    return lines.map((line) => JSON.parse(line)).map(({ allowed, subject }) => `${allowed ? "yes" : "no"} ${subject}`);
  }

  /** Folders of sessions that are still there. */
  kept(): readonly string[] {
    return readdirSync(join(this.cache, "memomesh/sessions"));
  }
}
