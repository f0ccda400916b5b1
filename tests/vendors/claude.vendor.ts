import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { printMemo } from "@memomesh/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { testAtHome } from "./at-home.ts";
import { testEnds, testTurns } from "./ends-well.ts";
import { testOpinion } from "./opines.ts";
import { vendorProgram } from "./programs.ts";
import { RealMesh } from "./real-mesh.ts";
import { ScriptedModel, type Use } from "./scripted-model.ts";
import { ended, finish, harmlessCommand, memo, refusedCommand, VendorMesh } from "./vendor-mesh.ts";
import { testWork } from "./works.ts";

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
    expect(changeset.outcome).toEqual({ kind: "done", ...ended });
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
  testWork({
    config: played.config,
    works: (commands, calls) =>
      model.uses(
        ...commands.map((command): Use => ["Bash", { command }]),
        ...calls.map(([name, input]): Use => [`mcp__memomesh__${name}`, input]),
      ),
  });
  testAtHome({
    program: vendorProgram("claude"),
    args: ["-p", "Look after the box.", "--model", "claude-sonnet-4-5", "--allowedTools", "Bash"],
    env: () => ({
      ...{ ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "dummy-key-4711" },
      ...{ CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", DISABLE_AUTOUPDATER: "1" },
    }),
    home: () => ({}),
    runs: played.runs,
    // aimock keeps no request of this size: what the program has written down itself is what it has sent.
    told: (home) => transcripts(join(home, ".claude/projects")),
  });
  testOpinion({
    config: played.config,
    triesAndSays: (command, words) => model.says(words, ["Bash", { command }]),
    told: () => model.told(-1),
  });

  test("waits for the operator where a hook of a person's own wants it, and goes on in the same session", async () => {
    const own = mkdtempSync(join(homedir(), ".memomesh-plugin-"));
    onTestFinished(() => rmSync(own, { recursive: true, force: true }));
    layPlugin(own);
    const mesh = new RealMesh({ ...played.config(), args: ["--plugin-dir", own], reads: [own] });
    const { workspace } = mesh;
    model.uses(
      ["Write", { file_path: "before.txt", content: "before\n" }],
      ["Bash", { command: "echo deployed > after.txt" }],
      ["mcp__memomesh__finish", finish],
    );
    mesh.asksForDeployment();
    await mesh.run();
    const [question, ...more] = workspace.inbox("operator");
    expect(more).toEqual([]);
    expect(question?.text).toMatch(/^type: question$/m);
    expect(question?.text).toContain("echo deployed > after.txt");
    expect(workspace.exists("projects/sysadmin/before.txt")).toBe(false);
    expect(mesh.kept()).toHaveLength(1);

    writeFileSync(join(own, "approved"), "");
    const id = /^id: (\S+)$/m.exec(question?.text ?? "")?.[1] ?? "";
    const answer = { to: ["sysadmin"], type: "answer", re: id, subject: "Yes", body: "Yes, do it." } as const;
    workspace.drop("operator", "yes.md", printMemo(answer));
    const said = await mesh.run();
    expect(workspace.exists("projects/sysadmin/after.txt"), said).toBe(true);
    expect(workspace.read("projects/sysadmin/before.txt")).toBe("before\n");
    expect(workspace.inbox("sysadmin")).toEqual([]);
    expect(mesh.decisions().filter((each) => each === "yes echo deployed > after.txt")).toHaveLength(2);
    expect(mesh.kept()).toEqual([]);
  });
});

function transcripts(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
  return names.map((name) => readFileSync(join(folder, name), "utf8")).join("");
}

/** A plugin whose hook leaves commands to a person until a file says that one has decided. */
function layPlugin(folder: string): void {
  const put = (path: string, content: object) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  };
  const deferred = {
    hookEventName: "PreToolUse",
    permissionDecision: "defer",
    permissionDecisionReason: "A person decides.",
  };
  const command = `test -e '${folder}/approved' || echo '${JSON.stringify({ hookSpecificOutput: deferred })}'`;
  put(".claude-plugin/plugin.json", { name: "approvals", version: "1.0.0", description: "A person decides." });
  put("hooks/hooks.json", { hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command }] }] } });
}
