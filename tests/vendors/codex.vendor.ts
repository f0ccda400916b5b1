import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refused } from "../../packages/agents/test/programs/stand-in.ts";
import { testAtHome } from "./at-home.ts";
import { testEnds } from "./ends-well.ts";
import { testOpinion } from "./opines.ts";
import { vendorProgram } from "./programs.ts";
import { ResponsesMock } from "./responses-mock.ts";
import { ended, finish, harmlessCommand, memo, refusedCommand, VendorMesh } from "./vendor-mesh.ts";
import { testWork } from "./works.ts";

let mock: ResponsesMock;
beforeEach(async () => {
  mock = new ResponsesMock();
  await mock.start();
});
afterEach(() => mock.stop());

const config = () => ({ provider: "codex", program: vendorProgram("codex"), model: "gpt-5.5", baseUrl: mock.url });
const told = (index: number) => JSON.stringify(mock.requests.at(index)?.input ?? "");
const patch = (input: string) => ({ type: "custom_tool_call", name: "apply_patch", input });
const shell = (cmd: string) => ({ type: "function_call", name: "exec_command", arguments: JSON.stringify({ cmd }) });
const memoTool = (name: string, input: object) => ({
  ...{ type: "function_call", namespace: "mcp__memomesh", name },
  arguments: JSON.stringify(input),
});

describe("Codex itself", () => {
  test("ends a session on a deployment memo in a changeset", async () => {
    const mesh = new VendorMesh();
    mock.does(
      patch("*** Begin Patch\n*** Add File: deploy/site.conf\n+listen 8080\n*** End Patch\n"),
      shell("cat ../developer/dist/index.html"),
      shell(refusedCommand),
      shell(harmlessCommand),
      patch(`*** Begin Patch\n*** Add File: ${mesh.workshop}/outside.txt\n+x\n*** End Patch\n`),
      memoTool("send_memo", memo),
      memoTool("finish", finish),
      "All done.",
    );
    const changeset = await mesh.session(config());
    expect(changeset.files).toEqual([{ path: "deploy/site.conf", content: "listen 8080\n" }]);
    expect(changeset.memos.map(({ subject }) => subject)).toEqual([memo.subject]);
    expect(changeset.outcome).toEqual({ kind: "done", ...ended });
    expect(changeset.usage).toMatchObject({ inputTokens: 800, outputTokens: 80 });
    expect(mesh.decisions()).toEqual(expect.arrayContaining([`no ${refusedCommand}`, `yes ${harmlessCommand}`]));
    expect(told(-1)).toMatch(/old notes/);
    expect(told(-1)).toMatch(/<h1>shop/);
    expect(told(0)).toContain("You prepare deployments.");
    expect(told(0)).toContain("Deploy the shop");
    expect(told(0)).not.toContain("OF ANOTHER PROJECT");
    expect(mesh.running()).toEqual([]);
  });

  test("keeps the key from the commands that it runs", async () => {
    const mesh = new VendorMesh();
    mock.does(shell("env"), memoTool("finish", finish), "All done.");
    await mesh.session(config());
    expect(told(-1)).not.toContain("dummy-key-4711");
  });

  test("is stopped when its server is not there", async () => {
    const limits = { turns: 5, tokens: 100_000, seconds: 3, cost: undefined };
    const nobody = { ...config(), baseUrl: "http://127.0.0.1:1/v1" };
    const mesh = new VendorMesh();
    // Without a sandbox it waits for ever; in one it hears from the proxy that nobody is there.
    expect((await refused(mesh.session(nobody, { limits }))).code).toMatch(/^agent\.program\.(?:timeout|failed)$/);
    expect(mesh.running()).toEqual([]);
  });

  testEnds({
    config,
    refusesKey: () => mock.refuses(401),
    runs: (...commands) => mock.does(...commands.map(shell), "All done."),
  });

  testWork({
    config,
    works: (commands, calls) =>
      mock.does(...commands.map(shell), ...calls.map(([name, input]) => memoTool(name, input)), "All done."),
  });

  testAtHome({
    program: vendorProgram("codex"),
    args: ["exec", "--json", "--dangerously-bypass-hook-trust", "Look after the box."],
    env: (home) => ({ CODEX_HOME: join(home, ".codex"), MOCK_KEY: "dummy-key-4711" }),
    home: (folder) => ({
      ".codex/config.toml": [
        `model = "gpt-5.5"\nmodel_provider = "mock"\napproval_policy = "never"\nsandbox_mode = "workspace-write"`,
        `[analytics]\nenabled = false`,
        `[model_providers.mock]\nname = "mock"\nbase_url = "${mock.url}"\nenv_key = "MOCK_KEY"\nwire_api = "responses"`,
        `[projects."${folder}"]\ntrust_level = "trusted"`,
        `[projects."${dirname(dirname(folder))}"]\ntrust_level = "trusted"\n`,
      ].join("\n\n"),
    }),
    runs: (...commands) => mock.does(...commands.map(shell), "All done."),
    told: () => JSON.stringify(mock.requests.map(({ input }) => input)),
  });

  testOpinion({
    config,
    triesAndSays: (command, words) => mock.does(shell(command), words),
    told: () => told(-1),
  });
});
