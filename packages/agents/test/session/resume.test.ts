import { describe, expect, test } from "vitest";
import type { JournalEntry } from "../../src/agent.ts";
import { memo, TestJournal, TestMesh } from "../session.ts";
import { calls, finishes, hold, ScriptedModel, says } from "./scripted.ts";

const source = memo("Tidy up", "Please.", { type: "ask" });
const kill = new Error("killed");

/** A session that wrote a file and edited it, and was killed when it wanted to go on. */
async function killed(mesh: TestMesh): Promise<TestJournal> {
  const journal = new TestJournal();
  const model = new ScriptedModel(
    calls(["read", { path: "notes.md" }], ["write", { path: "new.md", content: "one" }]),
    calls(
      ["edit", { path: "new.md", old: "one", new: "two" }],
      ["send_memo", { to: ["developer"], subject: "s", type: "notice", body: "b" }],
    ),
    kill,
  );
  await expect(hold(model, mesh.context(source, { journal }))).rejects.toBe(kill);
  return journal;
}

function project(): TestMesh {
  const mesh = new TestMesh();
  mesh.write("projects/sysadmin/notes.md", "as it was\n");
  return mesh;
}

const later = { session: "01KAJ0000000000000000SES02", now: "2026-11-21T12:00:00.000Z" };

describe("a session that was killed", () => {
  test("goes on where it was, with its desk as it was, and without asking the model again", async () => {
    const mesh = project();
    const first = await killed(mesh);
    const said: string[] = [];
    const model = new ScriptedModel(finishes);
    const journal = new TestJournal(first.entries);
    const changeset = await hold(
      model,
      mesh.context(source, { ...later, journal, progress: (text) => said.push(text) }),
    );
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.messages).toHaveLength(5);
    expect(changeset).toMatchObject({
      session: later.session,
      files: [{ path: "new.md", content: "two" }],
      memos: [{ to: ["developer"] }],
      usage: { turns: 1 },
    });
    expect(changeset.base["notes.md"]).toBeDefined();
    expect(said).toEqual(["goes on where it stopped, after 5 messages", "finishes"]);
    const kinds = journal.entries.map(({ kind }) => kind);
    expect(kinds).toEqual(["opened", ...Array<string>(5).fill("message"), "spent", "message", "message"]);
  });

  test("can be killed again and again", async () => {
    const mesh = project();
    const second = new TestJournal((await killed(mesh)).entries);
    await expect(hold(new ScriptedModel(kill), mesh.context(source, { ...later, journal: second }))).rejects.toBe(kill);
    const model = new ScriptedModel(finishes);
    await hold(model, mesh.context(source, { journal: new TestJournal(second.entries) }));
    expect(model.requests[0]?.messages).toHaveLength(5);
  });

  test("carries out the calls that it had no results of", async () => {
    const mesh = project();
    const entries = (await killed(mesh)).entries;
    const cut = entries.slice(
      0,
      entries.findLastIndex((entry) => entry.kind === "message"),
    );
    const model = new ScriptedModel(finishes);
    const { files, memos } = await hold(model, mesh.context(source, { journal: new TestJournal(cut) }));
    expect([files, memos.length]).toEqual([[{ path: "new.md", content: "two" }], 1]);
  });

  test("just before its end needs no model any more", async () => {
    const mesh = project();
    const journal = new TestJournal();
    await hold(new ScriptedModel(finishes), mesh.context(source, { journal }));
    const model = new ScriptedModel(kill);
    const { outcome, usage } = await hold(model, mesh.context(source, { journal: new TestJournal(journal.entries) }));
    expect([outcome.kind, model.requests.length, usage?.turns]).toEqual(["done", 0, 0]);
  });

  test("at a limit can go on with new limits", async () => {
    const mesh = project();
    const journal = new TestJournal();
    const limits = { turns: 1, tokens: 100_000, seconds: 60, cost: undefined };
    const first = hold(new ScriptedModel(calls(["list", {}])), mesh.context(source, { journal, limits }));
    await expect(first).rejects.toMatchObject({ code: "session.turns" });
    const model = new ScriptedModel(finishes);
    await hold(
      model,
      mesh.context(source, { journal: new TestJournal(journal.entries), limits: { ...limits, turns: 2 } }),
    );
    expect(model.requests[0]?.messages).toHaveLength(3);
  });

  test("after the model only talked reminds it", async () => {
    const mesh = project();
    const journal = new TestJournal();
    await expect(hold(new ScriptedModel(says("Well.")), mesh.context(source, { journal }))).rejects.toThrow();
    const model = new ScriptedModel(finishes);
    await hold(model, mesh.context(source, { journal: new TestJournal(journal.entries) }));
    expect(model.requests[0]?.messages.at(-1)).toMatchObject({
      role: "user",
      text: expect.stringContaining("Use a tool"),
    });
  });
});

describe("a session begins anew", () => {
  const anew = async (
    mesh: TestMesh,
    entries: readonly JournalEntry[],
    changes: Parameters<TestMesh["context"]>[1] = {},
  ) => {
    const model = new ScriptedModel(finishes);
    const { files } = await hold(model, mesh.context(source, { ...changes, journal: new TestJournal(entries) }));
    return [model.requests[0]?.messages.length, files.length];
  };

  test("when a file that the model has read was changed", async () => {
    const mesh = project();
    const { entries } = await killed(mesh);
    mesh.write("projects/sysadmin/notes.md", "as it is\n");
    expect(await anew(mesh, entries)).toEqual([1, 0]);
  });

  test("when it is told something else", async () => {
    const mesh = project();
    const { entries } = await killed(mesh);
    expect(await anew(mesh, entries, { state: "# State\n\n## Status\nRed.\n" })).toEqual([1, 0]);
  });

  test("when a record is not as it was written", async () => {
    const mesh = project();
    const { entries } = await killed(mesh);
    const forged = entries.map((entry): JournalEntry => {
      if (entry.kind !== "message" || entry.message.role !== "results") return entry;
      return {
        kind: "message",
        message: { role: "results", results: entry.message.results.map((each) => ({ ...each, failed: true })) },
      };
    });
    expect(await anew(mesh, forged)).toEqual([1, 0]);
    const orphaned = entries.filter((entry) => entry.kind !== "message" || entry.message.role !== "assistant");
    expect(await anew(mesh, orphaned)).toEqual([1, 0]);
  });
});
