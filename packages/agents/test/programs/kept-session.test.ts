// A program that waits for a person goes on in its own session when the operator has answered.
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Memo, parseMemo } from "@memomesh/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { SessionContext, Workshop } from "../../src/index.ts";
import { ProgramMesh } from "./stand-in.ts";

const question = "01KAJ0000000000000000QST01";
const usage = { input_tokens: 60, output_tokens: 30 };
const ended = (more: object) =>
  `say(${JSON.stringify({ type: "result", subtype: "success", is_error: false, num_turns: 2, result: "", usage, session_id: "own-session-1", ...more })});`;
const waits = ended({
  ...{ terminal_reason: "tool_deferred", total_cost_usd: 0.25 },
  deferred_tool_use: { id: "toolu_1", name: "Bash", input: { command: "make site" } },
});

/** It writes and sends something, and then waits; when it is resumed, it shows what it was given, and finishes. */
const program = `
if (option("--resume") === undefined) {
  fs.writeFileSync("made.txt", "made\\n");
  call("send_memo", { to: ["developer"], subject: "Begun", type: "notice", body: "B" });
  ${waits}
} else {
  calls = fs.readFileSync(path.join(session, "calls.jsonl"), "utf8").trim().split("\\n").length;
  const hooks = JSON.parse(fs.readFileSync(option("--settings"), "utf8")).hooks.PreToolUse[0].hooks;
  fs.writeFileSync("resumed.txt", JSON.stringify({ id: option("--resume"), input, notes: fs.readFileSync("docs/notes.md", "utf8"), hooks: hooks.map(({ command }) => command).slice(1) }));
  call("finish", { handover: "Nothing is open.", notes: "Prepared." });
  ${ended({ terminal_reason: "completed", total_cost_usd: 0.3 })}
  ${ended({ terminal_reason: "completed", total_cost_usd: 0.4, result: "All done." })}
}`;

let mesh: ProgramMesh;
let workshop: Pick<Workshop, "keep" | "kept">;
let note: unknown;
let folder: string;
beforeEach(() => {
  mesh = new ProgramMesh();
  note = undefined;
  workshop = {
    keep: async (told) => {
      note = JSON.parse(JSON.stringify(told));
    },
    kept: async () => (note === undefined ? undefined : { note, folder: existsSync(folder) ? folder : undefined }),
  };
});

async function hold(thread: readonly Memo[] = []) {
  const context = mesh.programContext();
  const { memo } = context;
  const opened = { ...context.workshop, ...workshop };
  const changes: Partial<SessionContext> = {
    workshop: {
      ...opened,
      folder: async (kept) => {
        folder = await opened.folder(kept);
        return folder;
      },
    },
    ...(thread.length === 0 ? {} : { thread, memo: { ...memo, header: { ...memo.header, question } } }),
  };
  return mesh.claude(program, changes);
}

const answered = (text: string, from = "operator") =>
  parseMemo(
    `---\nfrom: ${from}\nto: sysadmin\ntype: answer\nre: ${question}\n---\n# Re: Bash\n\n${text}\n`,
    "answer.md",
  );

describe("a use of a tool that waits for the operator", () => {
  test("goes on in the same session and checkout; all of it is applied at its end", async () => {
    const asked = await hold();
    expect(asked).toMatchObject({ files: [], memos: [], outcome: { kind: "asked", question: { to: ["operator"] } } });
    expect(JSON.stringify(asked.outcome)).toContain("Begin your answer with yes");
    // Somebody else writes meanwhile; what the program has not touched comes along.
    mesh.write("projects/sysadmin/docs/notes.md", "newer notes\n");
    const first = folder;
    const changeset = await hold([answered("Yes, with two workers.")]);
    expect(folder).toBe(first);
    expect(changeset.files.map(({ path }) => path)).toEqual(["made.txt", "resumed.txt"]);
    expect(changeset.memos.map(({ subject }) => subject)).toEqual(["Begun"]);
    expect(changeset.outcome).toMatchObject({ kind: "done", notes: "Prepared." });
    // The program counts a session's cost from its beginning.
    expect(changeset.usage).toMatchObject({ turns: 4, inputTokens: 120, cost: expect.closeTo(0.15) });
    const seen = JSON.parse(changeset.files.find(({ path }) => path === "resumed.txt")?.content ?? "");
    expect(seen).toMatchObject({ id: "own-session-1", notes: "newer notes\n", hooks: [] });
    expect(seen.input).toMatch(/whether Bash may be used.*Yes, with two workers\.$/s);
  });

  test("is refused by a hook of ours when the operator does not begin with yes", async () => {
    await hold();
    const { files } = await hold([answered("Rather not.")]);
    const [hook] = JSON.parse(files.find(({ path }) => path === "resumed.txt")?.content ?? "").hooks;
    expect(hook).toMatch(/grep -q .*"toolu_1".*exit 2/);
  });

  test.each([
    ["its checkout is gone", () => rmSync(folder, { recursive: true }), "its checkout is gone"],
    [
      "a file was changed by both",
      () => {
        writeFileSync(join(folder, "checkout/projects/sysadmin/docs/notes.md"), "the program's\n");
        mesh.write("projects/sysadmin/docs/notes.md", "somebody's\n");
      },
      "docs/notes.md was changed by it and by somebody else",
    ],
    [
      "a link stands where a file has to be brought up to date",
      () => {
        rmSync(join(folder, "checkout/projects/sysadmin/docs"), { recursive: true });
        symlinkSync(join(mesh.root, "projects/developer"), join(folder, "checkout/projects/sysadmin/docs"));
        mesh.write("projects/sysadmin/docs/new.md", "new\n");
      },
      "was changed by it and by somebody else",
    ],
  ])("begins anew when %s, and says so", async (_, meanwhile, why) => {
    await hold();
    const first = folder;
    meanwhile();
    const again = await hold([answered("Yes.")]);
    expect(folder).not.toBe(first);
    expect(again.outcome.kind).toBe("asked");
    expect(again.outcome.notes).toContain(why);
    expect(again.outcome.notes).toContain("a new session has begun");
    expect(existsSync(join(mesh.root, "projects/developer/new.md"))).toBe(false);
  });

  test("is not decided by a node", async () => {
    await hold();
    const again = await hold([answered("Yes.", "developer")]);
    expect(again.outcome.kind).toBe("asked");
    expect(readFileSync(join(folder, "session/session.json"), "utf8")).toContain("Deploy the shop");
  });
});
