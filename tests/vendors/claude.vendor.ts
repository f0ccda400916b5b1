import { describe, expect, test } from "vitest";
import { testEnds, testTurns } from "./ends-well.ts";
import { testOpinion } from "./opines.ts";
import { vendorProgram } from "./programs.ts";
import { ScriptedModel, type Use } from "./scripted-model.ts";
import { finish, harmlessCommand, memo, refusedCommand, VendorMesh } from "./vendor-mesh.ts";

const model = new ScriptedModel();
const played = {
  config: () => ({
    provider: "claude-code",
    program: vendorProgram("claude"),
    model: "claude-sonnet-4-5",
    baseUrl: model.url,
  }),
  refusesKey: () => model.refusesKey("authentication_error"),
  runs: (...commands: readonly string[]) => model.uses(...commands.map((command): Use => ["Bash", { command }])),
};

describe("Claude Code itself", () => {
  test("ends a session on a deployment memo in a changeset", async () => {
    const mesh = new VendorMesh();
    model.uses(
      ["Write", { file_path: `${mesh.folder}/deploy/site.conf`, content: "listen 8080\n" }],
      ["Read", { file_path: `${mesh.folder}/../developer/dist/index.html` }],
      ["Bash", { command: refusedCommand }],
      ["Bash", { command: harmlessCommand }],
      ["Write", { file_path: `${mesh.workshop}/outside.txt`, content: "x" }],
      ["WebFetch", { url: "http://127.0.0.1/", prompt: "x" }],
      ["mcp__memomesh__send_memo", memo],
      ["mcp__memomesh__finish", finish],
    );
    const changeset = await mesh.session(played.config());
    expect(changeset.files).toEqual([{ path: "deploy/site.conf", content: "listen 8080\n" }]);
    expect(changeset.memos.map(({ subject }) => subject)).toEqual([memo.subject]);
    expect(changeset.outcome).toEqual({ kind: "done", ...finish });
    expect(changeset.usage).toMatchObject({ turns: 9, inputTokens: 90, outputTokens: 45 });
    expect(changeset.usage?.cost).toBeGreaterThan(0);
    expect(mesh.decisions()).toEqual(expect.arrayContaining([`no ${refusedCommand}`, `yes ${harmlessCommand}`]));
    expect(model.told(-1)).toMatch(/old notes/);
    expect(model.told(-1)).toMatch(/<h1>shop/);
    expect(model.told(0)).toContain("You prepare deployments.");
    expect(model.told(0)).toContain("Deploy the shop");
    expect(model.told(0)).not.toContain("OF ANOTHER PROJECT");
    expect(mesh.running()).toEqual([]);
  });

  testEnds(played);
  testTurns(played);
  testOpinion({
    config: played.config,
    triesAndSays: (command, words) => model.says(words, ["Bash", { command }]),
    told: () => model.told(-1),
  });
});
