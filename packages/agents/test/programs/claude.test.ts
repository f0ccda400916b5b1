import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { key, ProgramMesh, refused } from "./stand-in.ts";

const usage = { input_tokens: 60, output_tokens: 30, cache_creation_input_tokens: 4, cache_read_input_tokens: 6 };
/** The last event of a run that went well, and of others with changes. */
const result = (changes: object = {}) =>
  `say(${JSON.stringify({ type: "result", subtype: "success", is_error: false, api_error_status: null, terminal_reason: "completed", num_turns: 6, result: "All done.", total_cost_usd: 0.25, usage, permission_denials: [], ...changes })});`;
const init = `say({ type: "system", subtype: "init", model: "claude-sonnet-4-5", tools: [], unheard_of: { new: true } });`;
const use = (name: string, input: object) =>
  `say({ type: "assistant", message: { id: "msg_" + Math.random(), model: "claude-sonnet-4-5", role: "assistant", content: [{ type: "tool_use", id: "t", name: "${name}", input: ${JSON.stringify(input)} }], usage: ${JSON.stringify(usage)} } });`;
const finish = `call("finish", { handover: "Nothing is open.", notes: "Prepared.", done: [0], unknown: ["the port"] });`;

describe("Claude Code", () => {
  test("turns what the program wrote and asked for into a changeset", async () => {
    const mesh = new ProgramMesh();
    const changeset = await mesh.claude(`${init}
      fs.mkdirSync("deploy");
      fs.writeFileSync("deploy/site.conf", "listen 8080\\n");
      fs.writeFileSync("docs/notes.md", fs.readFileSync("docs/notes.md", "utf8") + "new notes\\n");
      ${use("Write", { file_path: "/x/deploy/site.conf", content: "listen 8080" })}
      call("send_memo", { to: ["developer"], subject: "Thanks", type: "notice", body: "It is there." });
      ${finish}
      ${result()}`);
    expect(changeset.files).toEqual([
      { path: "deploy/site.conf", content: "listen 8080\n" },
      { path: "docs/notes.md", content: "old notes\nnew notes\n" },
    ]);
    expect(changeset.memos.map(({ subject }) => subject)).toEqual(["Thanks"]);
    expect(changeset.outcome).toEqual({ kind: "done", notes: "Prepared.", done: [0], unknown: ["the port"] });
    expect(changeset.base["docs/notes.md"]).toMatch(/^sha256:/);
    expect(changeset.model).toBe("claude-sonnet-4-5");
    expect(changeset.usage).toMatchObject({ turns: 6, inputTokens: 70, outputTokens: 30, cost: 0.25 });
    expect(mesh.told).toEqual(["Write /x/deploy/site.conf"]);
    expect(mesh.journal.entries.map(({ kind }) => kind)).toEqual(["opened", "message", "message", "spent"]);
  });

  test("starts the program with our settings, servers and limits, in a home of its own and with its key only", async () => {
    const mesh = new ProgramMesh();
    const seen = `${mesh.root}/seen.json`;
    vi.stubEnv("MEMOMESH_TEST_SECRET", "must not be seen");
    await mesh.claude(
      `const { argv, env } = process;
      const settings = JSON.parse(fs.readFileSync(option("--settings"), "utf8"));
      fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ args: argv.join(" "), env, input, folder: process.cwd(), settings }));
      ${finish} ${result()}`,
      { limits: { turns: 7, tokens: 1000, seconds: 60, cost: 1.5 } },
      { model: "sonnet", baseUrl: "http://127.0.0.1:9", args: ["--effort", "low"] },
    );
    vi.unstubAllEnvs();
    const { args, env, input, folder, settings } = JSON.parse(readFileSync(seen, "utf8"));
    expect(args).toMatch(/--setting-sources {2}--mcp-config \S+ --strict-mcp-config/);
    expect(args).toMatch(/--max-turns 7 --max-budget-usd 1.5 --model sonnet .*--effort low$/s);
    expect(env).toMatchObject({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: "http://127.0.0.1:9", TERM: "dumb" });
    expect(env).toMatchObject({ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", ENABLE_TOOL_SEARCH: "false" });
    expect(env).not.toHaveProperty("MEMOMESH_TEST_SECRET");
    expect(env.HOME).toMatch(/workshop-.*\/home$/);
    expect(folder).toMatch(/\/checkout\/projects\/sysadmin$/);
    expect(input).toContain("Deploy the shop");
    expect(settings.hooks.PreToolUse[0].hooks[0].command).toMatch(/guard hook --for claude .*exit 2; }/);
  });

  test("believes is_error and not the subtype", async () => {
    const mesh = new ProgramMesh();
    const text = "API Error: 529 Overloaded";
    const error = await refused(
      mesh.claude(`${finish} ${result({ is_error: true, api_error_status: 529, result: text })} process.exitCode = 1;`),
    );
    expect(error).toMatchObject({ code: "agent.program.failed" });
    expect(error.message).toContain(text);
    expect(mesh.journal.entries.map(({ kind }) => kind)).toEqual(["opened", "message", "message", "spent", "stopped"]);
  });

  test("says where the key comes from when the vendor does not take it", async () => {
    const failed = { is_error: true, api_error_status: 401, result: `Failed to authenticate with ${key}` };
    const error = await refused(new ProgramMesh().claude(`${result(failed)} process.exitCode = 1;`));
    expect(error.code).toBe("agent.program.login");
    expect(error.message).toContain("keyCommand");
    expect(error.message).not.toContain(key);
  });

  test("calls a limit of turns or money a limit", async () => {
    const failed = {
      is_error: true,
      subtype: "error_max_turns",
      result: undefined,
      errors: ["Reached maximum number of turns (2)"],
    };
    const error = await refused(new ProgramMesh().claude(`${result(failed)} process.exitCode = 1;`));
    expect(error.code).toBe("agent.program.limit");
    expect(error.message).toContain("Reached maximum number of turns (2)");
  });

  test("survives half a line, and writes down what was used before the crash", async () => {
    const mesh = new ProgramMesh();
    const error = await refused(
      mesh.claude(
        `${init} ${use("Read", { file_path: "a" })} fs.writeSync(1, '{"type":"result","is_er'); fs.writeSync(2, "out of memory"); process.kill(process.pid, "SIGKILL");`,
      ),
    );
    expect(error).toMatchObject({ code: "agent.program.failed" });
    expect(error.message).toContain("out of memory");
    expect(mesh.journal.entries.find(({ kind }) => kind === "spent")).toMatchObject({
      spending: { inputTokens: 60, outputTokens: 30, model: "claude-sonnet-4-5" },
    });
  });

  test("leaves a use of a tool that waits for a person to the operator", async () => {
    const waits = {
      terminal_reason: "tool_deferred",
      deferred_tool_use: { id: "t", name: "Bash", input: { command: "make deploy" } },
    };
    const { outcome } = await new ProgramMesh().claude(result(waits));
    expect(outcome).toMatchObject({ kind: "asked", question: { to: ["operator"], type: "question" } });
    expect(JSON.stringify(outcome)).toContain("make deploy");
  });

  test("takes its word for done when it changed something, and says what it did not say", async () => {
    const { outcome } = await new ProgramMesh().claude(`fs.writeFileSync("a.txt", "a"); ${result()}`);
    expect(outcome).toMatchObject({ kind: "done", notes: "All done.", done: [] });
    expect(outcome).toHaveProperty("unknown", [
      expect.stringContaining("did not say which action items are done"),
      expect.stringContaining("left no handover notes"),
    ]);
  });

  test("does not call it done when it only talked", async () => {
    const error = await refused(new ProgramMesh().claude(result({ result: "I cannot do that." })));
    expect(error.code).toBe("agent.program.unfinished");
    expect(error.message).toContain("I cannot do that.");
  });

  test("applies nothing when a call that the program was told had worked is refused", async () => {
    const mesh = new ProgramMesh();
    const send = `call("send_memo", { to: ["nobody"], subject: "S", type: "notice", body: "B" });`;
    const error = await refused(mesh.claude(`${send} ${finish} ${result()}`));
    expect(error.code).toBe("agent.program.refused");
    expect(error.message).toContain('there is no node "nobody"');
  });

  test("tells how to install a program that is missing", async () => {
    const error = await refused(
      new ProgramMesh().hold({ provider: "claude-code", program: "/nowhere/claude", keyCommand: ["printf", key] }),
    );
    expect(error.code).toBe("agent.program.missing");
    expect(error.message).toContain("npm install -g @anthropic-ai/claude-code");
  });

  test("says which variable is not set when there is no key", async () => {
    const error = await refused(new ProgramMesh().hold({ provider: "claude-code", keyEnv: "MEMOMESH_NO_SUCH_KEY" }));
    expect(error.code).toBe("agent.program.login");
    expect(error.message).toContain("MEMOMESH_NO_SUCH_KEY");
  });

  test("stops the program and all that it has started when the session is stopped", async () => {
    const mesh = new ProgramMesh();
    const stop = new AbortController();
    const source = `const child = require("node:child_process").spawn("sleep", ["600"], { stdio: "inherit" });
      fs.writeFileSync(${JSON.stringify(`${mesh.root}/pid`)}, String(child.pid));
      ${use("Bash", { command: "sleep 600" })}
      setInterval(() => undefined, 1000);`;
    const held = mesh.claude(source, { signal: stop.signal, progress: () => stop.abort(new Error("enough")) });
    await expect(held).rejects.toThrow("enough");
    const pid = Number(readFileSync(`${mesh.root}/pid`, "utf8"));
    expect(isRunning(pid)).toBe(false);
  });
});

/** What has ended and was not yet taken note of by its parent does not run. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
}
