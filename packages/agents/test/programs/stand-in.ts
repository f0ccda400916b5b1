// Small programs that behave as the vendors' own were seen to behave, and sessions in which they work.
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AgentConfig, type Changeset, MeshError } from "@memomesh/core";
import { createAgent, type SessionContext } from "../../src/index.ts";
import { deployment, TestJournal, TestMesh } from "../session.ts";

/** What every stand-in can do: read its input, say events, and call a memo tool as the server of the session notes it. */
const prelude = `#!/usr/bin/env node
const fs = require("node:fs");
const path = require("node:path");
const input = fs.readFileSync(0, "utf8");
const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const say = (event) => fs.writeSync(1, JSON.stringify(event) + "\\n");
const written = (file) => file !== undefined && fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
const configuration = [option("--mcp-config"), process.env.MEMOMESH_MCP, process.env.HOME + "/.gemini/settings.json", process.env.HOME + "/.codex/config.toml"].map(written).join("\\n");
const session = /"--session", ?"([^"]+)"/.exec(configuration)?.[1];
let calls = 0;
const call = (name, input) => fs.appendFileSync(path.join(session, "calls.jsonl"), JSON.stringify({ number: calls++, id: "stand-in-" + calls, name, input }) + "\\n");
`;

const facts = "app: shop\nversion: 1.4.2\ntarget: staging";

/** A mesh with two nodes, in which a session of the sysadmin is held by a program. */
export class ProgramMesh extends TestMesh {
  readonly journal = new TestJournal();
  readonly told: string[] = [];

  constructor() {
    super();
    this.write("projects/sysadmin/AGENTS.md", "You prepare deployments.\n");
    this.write("projects/sysadmin/docs/notes.md", "old notes\n");
    this.write("projects/developer/dist/index.html", "<h1>shop</h1>\n");
  }

  /** The path of a program made of JavaScript. */
  program(source: string): string {
    const path = join(mkdtempSync(join(this.root, "bin-")), "program");
    writeFileSync(path, prelude + source);
    chmodSync(path, 0o755);
    return path;
  }

  async hold(config: AgentConfig, changes: Partial<SessionContext> = {}): Promise<Changeset> {
    const agent = await createAgent("worker", config);
    return agent.work(this.programContext(changes));
  }

  programContext(changes: Partial<SessionContext> = {}): SessionContext {
    const more = "## Action items\n\n- [ ] Prepare the staging deployment\n";
    return this.context(deployment(facts, { more }), {
      journal: this.journal,
      instructions: this.read("projects/sysadmin/AGENTS.md"),
      progress: (text) => this.told.push(text),
      ...changes,
    });
  }

  /** A session with a stand-in for Claude Code. */
  claude(source: string, changes: Partial<SessionContext> = {}, options: object = {}): Promise<Changeset> {
    return this.hold({ provider: "claude-code", program: this.program(source), ...withKey, ...options }, changes);
  }

  codex(source: string, changes: Partial<SessionContext> = {}, options: object = {}): Promise<Changeset> {
    return this.hold({ provider: "codex", program: this.program(source), ...withKey, ...options }, changes);
  }

  gemini(source: string, changes: Partial<SessionContext> = {}, options: object = {}): Promise<Changeset> {
    return this.hold({ provider: "gemini-cli", program: this.program(source), ...withKey, ...options }, changes);
  }

  command(source: string, args: readonly string[] = [], changes: Partial<SessionContext> = {}): Promise<Changeset> {
    return this.hold({ provider: "command", command: [this.program(source), ...args] }, changes);
  }
}

export const key = "stand-in-key-4711";
const withKey = { keyCommand: ["printf", key] };

/** The error with which something fails, which has to be one for people. */
export async function refused(work: Promise<unknown>): Promise<MeshError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MeshError) return error;
  throw error ?? new Error("nothing was refused");
}
