import { describe, expect, test } from "vitest";
import { ProgramMesh, refused } from "./stand-in.ts";

describe("a command as an agent", () => {
  test("gets the prompt on its input, and what it prints are its notes", async () => {
    const mesh = new ProgramMesh();
    const { files, outcome, agent } = await mesh.command(
      `fs.writeFileSync("prompt.txt", input); console.log("I wrote it down.");`,
    );
    expect(agent).toBe("worker");
    expect(files[0]?.content).toContain("Deploy the shop");
    expect(outcome).toEqual({ kind: "done", notes: "I wrote it down.", done: [], unknown: [] });
  });

  test("gets prompt and folder where its arguments name them, and an empty input then", async () => {
    const source = `console.log(process.argv.slice(2).map((text) => text.slice(-40)).join("|"), input.length);`;
    const { outcome } = await new ProgramMesh().command(source, ["--do={prompt}", "{folder}", "$(id)"]);
    expect(outcome.notes).toMatch(/\|\S+checkout\/projects\/sysadmin\|\$\(id\) 0$/);
  });

  test("may use the memo tools", async () => {
    const { outcome } = await new ProgramMesh().command(
      `call("ask", { to: "developer", question: "Which port?" }); console.log("I asked.");`,
    );
    expect(outcome).toMatchObject({ kind: "asked", question: { to: ["developer"], body: "Which port?" } });
  });

  test("gets its key in the variable that is named, and no other variable of ours", async () => {
    const mesh = new ProgramMesh();
    const program = mesh.program(
      `console.log(process.env.MY_KEY.length, Object.keys(process.env).includes("VITEST"));`,
    );
    const config = { provider: "command", command: [program], keyEnv: "MY_KEY", keyCommand: ["printf", "abcdefgh-1"] };
    expect((await mesh.hold(config)).outcome.notes).toBe("10 false");
  });

  test("fails with its exit code and its last words", async () => {
    const error = await refused(new ProgramMesh().command(`console.error("no model"); process.exitCode = 3;`));
    expect(error.code).toBe("agent.program.failed");
    expect(error.message).toContain("no model");
  });

  test("has not worked when it said and changed nothing", async () => {
    expect((await refused(new ProgramMesh().command(""))).code).toBe("agent.program.unfinished");
  });
});
