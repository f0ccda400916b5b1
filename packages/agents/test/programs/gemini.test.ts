import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defaultModels } from "../../src/providers/models.ts";
import { ProgramMesh, refused } from "./stand-in.ts";

const stats = { total_tokens: 160, input_tokens: 90, output_tokens: 45, cached: 30, input: 60, tool_calls: 1 };
const result = (changes: object = {}) =>
  `say(${JSON.stringify({ type: "result", status: "success", stats, ...changes })});`;
const finish = `call("finish", { handover: "Nothing is open.", notes: "Prepared." });`;

describe("Gemini CLI", () => {
  test("turns its work into a changeset, and its last words are those behind the last tool", async () => {
    const mesh = new ProgramMesh();
    const { files, outcome, usage } = await mesh.gemini(`
      say({ type: "init", session_id: "s", model: "gemini-2.5-pro" });
      say({ type: "message", role: "user", content: "Deploy" });
      say({ type: "message", role: "assistant", content: "I look. ", delta: true });
      fs.writeFileSync("new.txt", "new\\n");
      say({ type: "tool_use", tool_name: "write_file", tool_id: "w", parameters: { file_path: "new.txt" } });
      say({ type: "tool_result", tool_id: "w", status: "success" });
      say({ type: "message", role: "assistant", content: "All ", delta: true });
      say({ type: "message", role: "assistant", content: "done.", delta: true });
      ${result()}`);
    expect(files).toEqual([{ path: "new.txt", content: "new\n" }]);
    expect(outcome).toMatchObject({ kind: "done", notes: "All done." });
    expect(usage).toMatchObject({ turns: 2, inputTokens: 90, outputTokens: 70 });
    expect(usage?.cost).toBeGreaterThan(0);
    expect(mesh.told).toEqual(["write_file new.txt"]);
  });

  test.each([
    [41, "login", `fs.writeSync(2, "Invalid auth method");`],
    [145, "login", result({ status: "error", error: { type: "unknown", message: "[API Error: 401]" } })],
    [
      53,
      "limit",
      result({ status: "error", error: { type: "FatalTurnLimitedError", message: "Reached max session turns" } }),
    ],
    [144, "failed", result({ status: "error", error: { type: "unknown", message: "[API Error: 400]" } })],
    [55, "failed", `fs.writeSync(2, "untrusted folder");`],
    [0, "failed", `fs.writeSync(2, "was told to end");`],
  ])("understands exit code %i as %s", async (code, kind, said) => {
    const error = await refused(new ProgramMesh().gemini(`${finish} ${said} process.exitCode = ${code};`));
    expect(error.code).toBe(`agent.program.${kind}`);
    expect(error.message).toMatch(/Invalid auth|API Error|Reached max|untrusted|told to end/);
  });

  test("finds its settings in a home of its own, trusts the folder, and names its model", async () => {
    const mesh = new ProgramMesh();
    const seen = `${mesh.root}/seen.json`;
    await mesh.gemini(`
      const settings = JSON.parse(fs.readFileSync(process.env.HOME + "/.gemini/settings.json", "utf8"));
      const policy = fs.readFileSync(option("--policy"), "utf8");
      fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ args: process.argv.slice(2), env: process.env, settings, policy }));
      ${finish} ${result()}`);
    const { args, env, settings, policy } = JSON.parse(readFileSync(seen, "utf8"));
    expect(args.slice(0, 4)).toEqual(["--model", defaultModels.gemini, "--prompt", ""]);
    expect(env).toMatchObject({ GEMINI_CLI_TRUST_WORKSPACE: "true", GEMINI_CLI_NO_RELAUNCH: "true" });
    expect(settings).toMatchObject({
      security: { auth: { selectedType: "gemini-api-key" } },
      telemetry: { enabled: false },
      privacy: { usageStatisticsEnabled: false },
      model: { maxSessionTurns: 20 },
    });
    expect(settings.hooks.BeforeTool[0].hooks[0].command).toContain("guard hook --for gemini");
    expect(policy).toContain('decision = "deny"');
  });
});
