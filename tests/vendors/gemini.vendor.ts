import { describe, expect, test } from "vitest";
import { defaultModels } from "../../packages/agents/src/providers/models.ts";
import { testAtHome } from "./at-home.ts";
import { testEnds, testTurns } from "./ends-well.ts";
import { testOpinion } from "./opines.ts";
import { vendorProgram } from "./programs.ts";
import { ScriptedModel, type Use } from "./scripted-model.ts";
import { ended, finish, harmlessCommand, memo, refusedCommand, VendorMesh } from "./vendor-mesh.ts";
import { testWork } from "./works.ts";

const model = new ScriptedModel();
const played = {
  config: () => ({ provider: "gemini-cli", program: vendorProgram("gemini"), baseUrl: model.url }),
  refusesKey: () => model.refusesKey("UNAUTHENTICATED"),
  runs: (...commands: readonly string[]) =>
    model.uses(...commands.map((command): Use => ["run_shell_command", { command }])),
};

describe("Gemini CLI itself", () => {
  test("ends a session on a deployment memo in a changeset", async () => {
    const mesh = new VendorMesh();
    model.uses(
      ["write_file", { file_path: `${mesh.folder}/deploy/site.conf`, content: "listen 8080\n" }],
      ["read_file", { file_path: `${mesh.folder}/../developer/dist/index.html` }],
      ["run_shell_command", { command: refusedCommand }],
      ["run_shell_command", { command: harmlessCommand }],
      ["write_file", { file_path: `${mesh.workshop}/outside.txt`, content: "x" }],
      ["web_fetch", { prompt: "http://127.0.0.1/" }],
      ["mcp_memomesh_send_memo", memo],
      ["mcp_memomesh_finish", finish],
    );
    const changeset = await mesh.session(played.config());
    expect(changeset.files).toEqual([{ path: "deploy/site.conf", content: "listen 8080\n" }]);
    expect(changeset.memos.map(({ subject }) => subject)).toEqual([memo.subject]);
    expect(changeset.outcome).toEqual({ kind: "done", ...ended });
    expect(changeset.usage).toMatchObject({ turns: 9, inputTokens: 90, outputTokens: 45 });
    expect(changeset.model).toBe(defaultModels.gemini);
    expect(mesh.decisions()).toEqual(expect.arrayContaining([`no ${refusedCommand}`, `yes ${harmlessCommand}`]));
    expect(model.told(-1)).toMatch(/old notes/);
    expect(model.told(0)).toContain("You prepare deployments.");
    expect(model.told(0)).toContain("Deploy the shop");
    expect(model.told(0)).not.toContain("OF ANOTHER PROJECT");
    expect(mesh.running()).toEqual([]);
  });

  testEnds(played);
  testTurns(played);
  testWork({
    config: played.config,
    works: (commands, calls) =>
      model.uses(
        ...commands.map((command): Use => ["run_shell_command", { command }]),
        ...calls.map(([name, input]): Use => [`mcp_memomesh_${name}`, input]),
      ),
  });
  testAtHome({
    program: vendorProgram("gemini"),
    args: ["-m", "gemini-2.5-pro", "-p", "Look after the box.", "--approval-mode", "yolo"],
    env: () => ({
      ...{ GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_API_KEY: "dummy-key-4711" },
      ...{ GEMINI_CLI_TRUST_WORKSPACE: "true", GEMINI_CLI_NO_RELAUNCH: "true" },
    }),
    home: () => ({
      ".gemini/settings.json": JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      }),
    }),
    runs: played.runs,
    told: () => model.heard(),
  });
  testOpinion({
    config: played.config,
    triesAndSays: (command, words) => model.says(words, ["run_shell_command", { command }]),
    told: () => model.told(-1),
  });
});
