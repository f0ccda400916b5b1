import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultModels } from "../../packages/agents/src/providers/models.ts";
import { refused } from "../../packages/agents/test/programs/stand-in.ts";
import { vendorProgram } from "./programs.ts";
import { finish, harmlessCommand, memo, refusedCommand, untilRunning, VendorMesh } from "./vendor-mesh.ts";

const usage = { input_tokens: 10, output_tokens: 5 };
let mock: LLMock;
beforeEach(async () => {
  mock = new LLMock({ port: 0 });
  await mock.start();
});
afterEach(() => mock.stop());

/** The model uses these tools, one after the other, and then says that it is done. */
function uses(...tools: readonly (readonly [name: string, input: object])[]): void {
  let turn = 0;
  mock.on({ predicate: () => true }, () => {
    const next = tools[turn++];
    if (next === undefined) return { content: "All done.", usage };
    return { toolCalls: [{ name: next[0], arguments: JSON.stringify(next[1]) }], usage };
  });
}

const config = () => ({ provider: "gemini-cli", program: vendorProgram("gemini"), baseUrl: mock.url });
const told = (index: number) => JSON.stringify(mock.getRequests().at(index)?.body?.messages ?? "");

describe("Gemini CLI itself", () => {
  test("ends a session on a deployment memo in a changeset", async () => {
    const mesh = new VendorMesh();
    uses(
      ["write_file", { file_path: `${mesh.folder}/deploy/site.conf`, content: "listen 8080\n" }],
      ["read_file", { file_path: `${mesh.folder}/../developer/dist/index.html` }],
      ["run_shell_command", { command: refusedCommand }],
      ["run_shell_command", { command: harmlessCommand }],
      ["write_file", { file_path: `${mesh.workshop}/outside.txt`, content: "x" }],
      ["web_fetch", { prompt: "http://127.0.0.1/" }],
      ["mcp_memomesh_send_memo", memo],
      ["mcp_memomesh_finish", finish],
    );
    const changeset = await mesh.session(config());
    expect(changeset.files).toEqual([{ path: "deploy/site.conf", content: "listen 8080\n" }]);
    expect(changeset.memos.map(({ subject }) => subject)).toEqual([memo.subject]);
    expect(changeset.outcome).toEqual({ kind: "done", ...finish });
    expect(changeset.usage).toMatchObject({ turns: 9, inputTokens: 90, outputTokens: 45 });
    expect(changeset.model).toBe(defaultModels.gemini);
    expect(mesh.decisions()).toEqual(expect.arrayContaining([`no ${refusedCommand}`, `yes ${harmlessCommand}`]));
    expect(told(-1)).toMatch(/old notes/);
    expect(told(0)).toContain("You prepare deployments.");
    expect(told(0)).toContain("Deploy the shop");
    expect(told(0)).not.toContain("OF ANOTHER PROJECT");
    expect(mesh.running()).toEqual([]);
  });

  test("says that the key is wrong", async () => {
    mock.on({ predicate: () => true }, () => ({ error: { message: "bad key", type: "UNAUTHENTICATED" }, status: 401 }));
    const error = await refused(new VendorMesh().session(config()));
    expect(error.code).toBe("agent.program.login");
    expect(error.message).toContain("bad key");
  });

  test("stops at the limit of turns", async () => {
    const mesh = new VendorMesh();
    uses(...Array.from({ length: 9 }, () => ["run_shell_command", { command: harmlessCommand }] as const));
    const limits = { turns: 2, tokens: 100_000, seconds: 60, cost: undefined };
    expect((await refused(mesh.session(config(), { limits }))).code).toBe("agent.program.limit");
  });

  test("leaves no process behind when it is stopped in the middle of a command", async () => {
    const mesh = new VendorMesh();
    const stop = new AbortController();
    uses(["run_shell_command", { command: "sleep 300" }]);
    const running = untilRunning(mesh, "sleep 300").then(() => stop.abort(new Error("enough")));
    await expect(mesh.session(config(), { signal: stop.signal })).rejects.toThrow("enough");
    await running;
    expect(mesh.running()).toEqual([]);
  });
});
