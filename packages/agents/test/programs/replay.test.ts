import { sha256 } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { ProgramMesh, refused } from "./stand-in.ts";

const step = `{ title: "Copy", risk: "low", explanation: "Copies.", run: "true", needs: { files: ["projects/sysadmin/a.txt"] } }`;
/** A runbook that needs a file, written while the file is there. */
const runbook = `fs.writeFileSync("a.txt", "a");
  call("write_runbook", { title: "Deploy", target: "staging", what: "Deploys.", rollback: "None.", steps: [${step}] });`;
const finish = `call("finish", { handover: "Nothing is open.", notes: "Prepared." });`;

describe("doing again what a program has called", () => {
  test("ends as it was to end when the program leaves no handover notes, and says so", async () => {
    const bare = `call("finish", { notes: "Prepared.", done: [], unknown: ["The port."] });`;
    for (const ends of [bare, `${bare} ${bare}`]) {
      const { outcome, state } = await new ProgramMesh().command(`${runbook} ${ends} console.log("Bye.");`);
      expect(outcome).toMatchObject({ kind: "prepared", unknown: ["The port.", expect.stringContaining("handover")] });
      expect(state).toMatchObject({ handoverBy: "memomesh", handover: expect.stringContaining("it changed a.txt") });
    }
  });

  test("takes what a command prints for what it hands over", async () => {
    const { state } = await new ProgramMesh().command(
      `fs.writeFileSync("a.txt", "a"); console.log("It is in a.txt.");`,
    );
    expect(state?.handover).toBe("- memo mem01: It is in a.txt.");
    expect(state).not.toHaveProperty("handoverBy");
  });

  test("sees what it has written", async () => {
    const { outcome } = await new ProgramMesh().command(`${runbook} ${finish}`);
    expect(outcome).toMatchObject({ kind: "prepared", runbook: { source: expect.stringContaining("a.txt") } });
  });

  test("applies nothing when a file is gone that the runbook needs, also when it ended without a word", async () => {
    for (const end of [finish, `console.log("Done.");`]) {
      const error = await refused(new ProgramMesh().command(`${runbook} fs.unlinkSync("a.txt"); ${end}`));
      expect(error.code).toBe("agent.program.refused");
      expect(error.message).toContain("projects/sysadmin/a.txt, which does not exist");
    }
  });

  test("does not mind it when the runbook is not kept, or was written again", async () => {
    const asks = `call("ask", { to: "operator", question: "Which port?" });`;
    const gone = `${runbook} fs.unlinkSync("a.txt");`;
    expect((await new ProgramMesh().command(`${gone} ${asks}`)).outcome.kind).toBe("asked");
    const again = `${gone} ${runbook.replace('"a.txt", "a"', '"b.txt", "b"').replace("sysadmin/a.txt", "sysadmin/b.txt")}`;
    expect((await new ProgramMesh().command(`${again} ${finish}`)).outcome).toMatchObject({
      kind: "prepared",
      runbook: { source: expect.stringContaining("b.txt") },
    });
  });
});

describe("a program that wants to change what steers it", () => {
  const propose = (path: string) =>
    `call("propose_change", { path: "${path}", content: "Be better.\\n", reason: "It is old." });`;

  test("proposes it, based on what it was shown", async () => {
    const mesh = new ProgramMesh();
    const { files, base } = await mesh.command(`${propose("AGENTS.md")} console.log("Done.");`);
    expect(files).toEqual([{ path: "AGENTS.md", content: "Be better.\n", reason: "It is old." }]);
    expect(base["AGENTS.md"]).toBe(sha256("You prepare deployments.\n"));
  });

  test.each([
    ["docs/notes.md", "steers nobody"],
    [".git/hooks/post-commit", "belongs to git"],
    ["../developer/AGENTS.md", "leads out"],
  ])("is refused for %s", async (path, why) => {
    const error = await refused(new ProgramMesh().command(`${propose(path)} console.log("Done.");`));
    expect(error).toMatchObject({ code: "agent.program.refused", message: expect.stringContaining(why) });
  });
});
