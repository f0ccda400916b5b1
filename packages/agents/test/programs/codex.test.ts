import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { key, ProgramMesh, refused } from "./stand-in.ts";

const begin = `say({ type: "thread.started", thread_id: "01a1" }); say({ type: "item.completed", item: { id: "item_0", type: "error", message: "hook trust" } }); say({ type: "turn.started" });`;
const item = (fields: object, type = "item.completed") => `say(${JSON.stringify({ type, item: fields })});`;
const completed = (input_tokens: number, output_tokens: number) =>
  `say(${JSON.stringify({ type: "turn.completed", usage: { input_tokens, cached_input_tokens: 100, cache_write_input_tokens: 0, output_tokens, reasoning_output_tokens: 1 } })});`;
const finish = `call("finish", { handover: "Nothing is open.", notes: "Prepared.", done: [0] });`;

describe("Codex", () => {
  test("counts usage once, although each event counts from the beginning of the thread", async () => {
    const mesh = new ProgramMesh();
    const changeset = await mesh.codex(
      `${begin} fs.writeFileSync("new.txt", "new\\n");
      ${item({ id: "item_1", type: "file_change", changes: [{ path: "/c/new.txt", kind: "add" }] }, "item.started")}
      ${item({ id: "item_1", type: "file_change", changes: [{ path: "/c/new.txt", kind: "add" }] })}
      ${completed(300, 20)} ${finish} ${item({ id: "item_2", type: "agent_message", text: "All done." })} ${completed(500, 50)}`,
      {},
      { model: "gpt-5.5", prices: { input: 2, output: 10, cacheRead: 1 } },
    );
    expect(changeset.files).toEqual([{ path: "new.txt", content: "new\n" }]);
    expect(changeset.outcome).toMatchObject({ kind: "done", notes: "Prepared.", done: [0] });
    expect(changeset.usage).toMatchObject({
      inputTokens: 500,
      outputTokens: 50,
      cost: (400 * 2 + 100 + 50 * 10) / 1e6,
    });
    const spent = mesh.journal.entries.filter(({ kind }) => kind === "spent");
    expect(spent).toHaveLength(1);
    expect(spent[0]).toMatchObject({
      spending: { inputTokens: 400, cacheReadTokens: 100, model: "gpt-5.5", provider: "openai" },
    });
    expect(mesh.told).toEqual(["file change /c/new.txt"]);
  });

  test("fails when the turn failed, in the program's words", async () => {
    const failed = `say({ type: "turn.failed", error: { message: "unexpected status 401 Unauthorized: bad key" } }); process.exitCode = 1;`;
    const error = await refused(new ProgramMesh().codex(`${begin} ${finish} ${failed}`));
    expect(error.code).toBe("agent.program.login");
    expect(error.message).toContain("401 Unauthorized");
  });

  test("fails when it ends without having completed a turn", async () => {
    const error = await refused(
      new ProgramMesh().codex(
        `${begin} ${finish} fs.writeSync(2, "config.toml: unknown field"); process.exitCode = 1;`,
      ),
    );
    expect(error.code).toBe("agent.program.failed");
    expect(error.message).toContain("unknown field");
  });

  test("is stopped when it waits for ever on a server that is not there", async () => {
    const mesh = new ProgramMesh();
    const error = await refused(
      mesh.codex(`${begin} setInterval(() => undefined, 1000);`, {
        limits: { turns: 5, tokens: 1000, seconds: 0.5, cost: undefined },
      }),
    );
    expect(error.code).toBe("agent.program.timeout");
    expect(mesh.journal.entries.at(-1)).toMatchObject({ kind: "stopped", reason: expect.stringContaining("0.5 s") });
  });

  test("finds its settings in a home of its own: our server, our hook, no approvals, its own sandbox", async () => {
    const mesh = new ProgramMesh();
    const seen = `${mesh.root}/seen`;
    await mesh.codex(
      `fs.cpSync(process.env.CODEX_HOME, ${JSON.stringify(seen)}, { recursive: true });
      fs.writeFileSync(${JSON.stringify(`${seen}/run`)}, JSON.stringify([process.argv.slice(2), process.env, input]));
      ${begin} ${finish} ${completed(1, 1)}`,
      {},
      { baseUrl: "http://127.0.0.1:9/v1", model: 'odd "name"\\' },
    );
    const config = readFileSync(`${seen}/config.toml`, "utf8");
    expect(config).toContain('model = "odd \\"name\\"\\\\"');
    expect(config).toContain('base_url = "http://127.0.0.1:9/v1"');
    expect(config).toContain('approval_policy = "never"\nsandbox_mode = "workspace-write"');
    expect(config).toContain('default_tools_approval_mode = "approve"');
    expect(config).toContain("[analytics]\nenabled = false");
    expect(config).not.toContain(key);
    expect(readFileSync(`${seen}/hooks.json`, "utf8")).toContain("guard hook --for codex");
    const [args, env, input] = JSON.parse(readFileSync(`${seen}/run`, "utf8"));
    expect(args[0]).toBe("exec");
    expect(args.at(-1)).toBe("-");
    expect(env.OPENAI_API_KEY).toBe(key);
    expect(env.CODEX_HOME.startsWith(env.TMPDIR)).toBe(false);
    expect(input).toContain("Deploy the shop");
  });
});
