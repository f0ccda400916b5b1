import { MeshError } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { ModelFailure } from "../../src/model.ts";
import { memo, TestJournal, TestMesh } from "../session.ts";
import { calls, finishes, hold, ScriptedModel, says } from "./scripted.ts";

const source = memo("Tidy up", "Please.\n\n## Action items\n- [ ] Look\n- [ ] Write", { type: "ask" });

async function failure(work: Promise<unknown>): Promise<MeshError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MeshError)) throw new Error(`expected a MeshError, got ${error}`);
  return error;
}

describe("a session", () => {
  test("goes from tool to tool until it is finished, and its desk is the changeset", async () => {
    const mesh = new TestMesh();
    mesh.write("projects/sysadmin/notes.md", "one\ntwo\n");
    const said: string[] = [];
    const model = new ScriptedModel(
      calls(["list", {}], ["read", { path: "notes.md" }]),
      calls(["edit", { path: "notes.md", old: "two", new: "three" }]),
      calls(["update_state", { progress: ["edited the notes"], handover: "Nothing is open." }]),
      calls([
        "finish",
        {
          notes: "Edited `notes.md`.",
          done: [1, 0],
          unknown: ["Whether two was right."],
        },
      ]),
    );
    const journal = new TestJournal();
    const context = mesh.context(source, { journal, progress: (text) => said.push(text) });
    const changeset = await hold(model, context, { price: { input: 1, output: 10 } });
    expect(changeset).toMatchObject({
      session: context.session,
      node: "sysadmin",
      agent: "tester",
      model: "scripted-1",
      files: [{ path: "notes.md", content: "one\nthree\n" }],
      memos: [],
      outcome: { kind: "done", notes: "Edited `notes.md`.", done: [0, 1], unknown: ["Whether two was right."] },
      state: { progress: ["edited the notes"], handover: "- memo mem01: Nothing is open." },
    });
    expect(changeset.base["notes.md"]).toMatch(/^sha256:/);
    const { seconds, cost, ...usage } = changeset.usage ?? { seconds: 0 };
    expect(usage).toEqual({ turns: 4, inputTokens: 640, outputTokens: 80 });
    expect(cost).toBeCloseTo((640 + 800) / 1_000_000, 12);
    expect(seconds).toBeGreaterThan(0);
    expect(said).toEqual(["lists", "reads notes.md", "edits notes.md", "updates STATE.md", "finishes"]);
    expect(journal.entries.map(({ kind }) => kind)).toEqual([
      ...["opened", "message", "spent", "message", "message", "spent", "message", "message"],
      ...["spent", "message", "message", "spent", "message", "message"],
    ]);
    expect(mesh.read("projects/sysadmin/notes.md")).toBe("one\ntwo\n");
  });

  test("keeps rules and tools the same from call to call, and the vendor's own form of a reply", async () => {
    const native = { content: [{ type: "thinking", signature: "abc" }] };
    const thinking = calls(["list", {}]);
    const model = new ScriptedModel({ ...thinking, message: { ...thinking.message, native } }, finishes);
    const journal = new TestJournal();
    await hold(model, new TestMesh().context(source, { journal }));
    const [first, second] = model.requests;
    expect([second?.system, second?.tools]).toEqual([first?.system, first?.tools]);
    expect(second?.messages[1]).toMatchObject({ native });
    expect(journal.entries).toContainEqual({ kind: "message", message: { ...thinking.message, native } });
  });

  test("that was to end and has only its handover notes to write loses nothing when it stops there", async () => {
    const mesh = new TestMesh();
    const model = new ScriptedModel(
      calls(["write", { path: "notes.md", content: "one\n" }]),
      calls(["finish", { notes: "Wrote it.", done: [1] }]),
      says("I am done."),
    );
    const changeset = await hold(model, mesh.context(source));
    expect(model.requests).toHaveLength(5);
    expect(model.requests[2]?.messages.at(-1)).toMatchObject({
      results: [{ text: expect.stringContaining("Call finish again") }],
    });
    expect(changeset).toMatchObject({
      files: [{ path: "notes.md" }],
      outcome: { kind: "done", notes: "Wrote it.", done: [1] },
      state: { handoverBy: "memomesh" },
    });
  });

  test("asks, and the question is the outcome", async () => {
    const model = new ScriptedModel(calls(["ask", { to: "developer", question: "Which version?" }]));
    const { outcome } = await hold(model, new TestMesh().context(source));
    expect(outcome).toMatchObject({
      kind: "asked",
      question: { to: ["developer"], type: "question", subject: "Question about: Tidy up", body: "Which version?" },
    });
  });

  test("tells of the model's words once for each answer, in one line that a terminal can show", async () => {
    const said: string[] = [];
    const model = new ScriptedModel(
      {
        ...calls(["list", {}]),
        message: { ...calls(["list", {}]).message, text: `\u001b[2JFirst I look.\n${"word ".repeat(500)}` },
      },
      finishes,
    );
    await hold(model, new TestMesh().context(source, { progress: (text) => said.push(text) }));
    expect(said).toEqual(["says: ‹U+001B›[2JFirst I look.", "lists", "finishes"]);
  });
});

describe("a model", () => {
  test("that calls a tool that does not exist is told the names", async () => {
    const model = new ScriptedModel(calls(["run_shell", { command: "reboot" }], ["__proto__", {}]), finishes);
    const { outcome } = await hold(model, new TestMesh().context(source));
    expect(outcome.kind).toBe("done");
    expect(model.results[0]).toBe(
      'There is no tool "run_shell"; there are list, read, search, write, edit, send_memo, write_runbook, update_state, record_lesson, ask, decline, finish.',
    );
  });

  test("that writes nonsense into arguments is told what is wrong, and nothing happens", async () => {
    const model = new ScriptedModel(
      calls(
        ["write", '{"path": "a'],
        ["write", { path: 7, contents: "x" }],
        ["finish", { handover: "Nothing is open.", notes: "x", done: [4] }],
      ),
      finishes,
    );
    const { files } = await hold(model, new TestMesh().context(source));
    expect(files).toEqual([]);
    expect(model.results[0]).toContain("no JSON object");
    expect(model.results[1]).toMatch(/path: .*content: .*contents/s);
    expect(model.results[2]).toContain("no action item 4; they are numbered 0 to 1");
  });

  test("that only talks is reminded twice, then stopped", async () => {
    const model = new ScriptedModel(says("I would now edit the file."), says(""), says("Done!"));
    const journal = new TestJournal();
    const error = await failure(hold(model, new TestMesh().context(source, { journal })));
    expect(error).toMatchObject({ code: "session.silent", exit: 75 });
    expect(error.message).toMatch(
      /3 times in a row without using a tool.*transcript is kept.*agent whose model can use tools/,
    );
    const roles = model.requests.at(-1)?.messages.map((message) => (message.role === "user" ? "user" : "assistant"));
    expect(roles).toEqual(["user", "assistant", "user", "assistant", "user"]);
    expect(model.requests.at(-1)?.messages.at(-2)).toMatchObject({ text: "(no answer)" });
    expect(journal.entries.at(-1)).toEqual({ kind: "stopped", reason: error.message });
  });

  test("that repeats itself is told at the third time and stopped at the fifth", async () => {
    const model = new ScriptedModel(calls(["list", { path: "x" }]));
    const error = await failure(hold(model, new TestMesh().context(source)));
    expect(error.code).toBe("session.loop");
    expect(model.requests).toHaveLength(5);
    const told = model.requests.map(({ messages }) => JSON.stringify(messages.at(-1)).includes("the same result"));
    expect(told).toEqual([false, false, false, true, true]);
  });

  test("whose answers are cut off is told, then stopped", async () => {
    const model = new ScriptedModel(says("So first I", "length"), calls(["list", {}]), {
      ...calls(["write", '{"path":"a","content":"aaaa']),
      stop: "length",
    });
    const error = await failure(hold(model, new TestMesh().context(source), { maxOutputTokens: 600 }));
    expect(error).toMatchObject({ code: "session.length" });
    expect(error.message).toContain("at 600 tokens");
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ text: expect.stringContaining("cut off") });
  });

  test("whose vendor refuses ends the session", async () => {
    const error = await failure(hold(new ScriptedModel(says("", "refused")), new TestMesh().context(source)));
    expect(error.code).toBe("session.refused");
  });
});

describe("a failed call", () => {
  const rate = new ModelFailure("rate", "429 slow down", { retryAfter: 7000 });
  const down = new ModelFailure("unavailable", "529 overloaded");

  test("is made again after a growing pause, and after the pause that the vendor asks for", async () => {
    const waits: number[] = [];
    const said: string[] = [];
    const model = new ScriptedModel(rate, down, down, finishes);
    const context = new TestMesh().context(source, { progress: (text) => said.push(text) });
    const { usage } = await hold(model, context, { waits });
    expect(usage?.turns).toBe(1);
    expect(waits[0]).toBe(7000);
    expect(waits[1]).toBeGreaterThanOrEqual(2000);
    expect(waits[2]).toBeGreaterThanOrEqual(4000);
    expect(said[0]).toBe("the model's vendor wants fewer requests; tries again in 7 s (2 of 5)");
  });

  test("is not waited for longer than two minutes, whatever the vendor asks", async () => {
    const waits: number[] = [];
    await hold(
      new ScriptedModel(new ModelFailure("rate", "", { retryAfter: 9e9 }), finishes),
      new TestMesh().context(source),
      { waits },
    );
    expect(waits).toEqual([120_000]);
  });

  test("is given up after five tries", async () => {
    const model = new ScriptedModel(down);
    const error = await failure(hold(model, new TestMesh().context(source)));
    expect(error.code).toBe("session.model.unavailable");
    expect(error.message).toContain("529 overloaded");
    expect(model.requests).toHaveLength(5);
  });

  test.each(["login", "too-long", "model", "request"] as const)("of the kind %s is not made again", async (kind) => {
    const model = new ScriptedModel(new ModelFailure(kind, "no"));
    const error = await failure(hold(model, new TestMesh().context(source)));
    expect(error.code).toBe(`session.model.${kind}`);
    expect(model.requests).toHaveLength(1);
  });

  test("that is a fault of the program is passed on as it is", async () => {
    const journal = new TestJournal();
    const fault = new TypeError("x is not a function");
    const work = hold(new ScriptedModel(fault), new TestMesh().context(source, { journal }));
    await expect(work).rejects.toBe(fault);
    expect(journal.entries.at(-1)).toEqual({ kind: "stopped", reason: "x is not a function" });
  });
});

describe("limits", () => {
  const none = { turns: 100, tokens: 1_000_000, seconds: 60, cost: undefined };
  const restless = () => {
    let count = 0;
    return new ScriptedModel(() => {
      count += 1;
      return calls(["search", { text: `word ${count}` }]);
    });
  };

  test("of turns stop the next call", async () => {
    const model = restless();
    const error = await failure(hold(model, new TestMesh().context(source, { limits: { ...none, turns: 3 } })));
    expect(error.code).toBe("session.turns");
    expect(error.message).toContain("budgets.session.turns in mesh.yml");
    expect(model.requests).toHaveLength(3);
  });

  test("of tokens hold when no price is known, and shorten the last answers", async () => {
    const model = restless();
    const limits = { ...none, tokens: 9000, cost: 0.01 };
    const error = await failure(hold(model, new TestMesh().context(source, { limits })));
    expect(error.code).toBe("session.tokens");
    const answers = model.requests.map(({ maxOutputTokens }) => maxOutputTokens);
    expect(answers.length).toBeGreaterThan(2);
    expect(answers).toEqual(answers.toSorted((a, b) => b - a));
    expect(answers.at(-1)).toBeGreaterThanOrEqual(500);
  });

  test("of money stop before they are passed, and what the last answer wanted is still done", async () => {
    const model = restless();
    const limits = { ...none, cost: 0.05 };
    const journal = new TestJournal();
    const context = new TestMesh().context(source, { limits, journal });
    const error = await failure(hold(model, context, { price: { input: 5, output: 25 } }));
    expect(error.code).toBe("session.cost");
    expect(error.message).toMatch(/\$0\.0\d of the \$0\.05/);
    const spent = journal.entries.flatMap((entry) => (entry.kind === "spent" ? [entry.spending.cost ?? 0] : []));
    expect(spent.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(0.05);
    expect(spent).toHaveLength(model.requests.length);
    expect(journal.entries.at(-2)).toMatchObject({ message: { role: "results" } });
  });

  test("of time stop a call that is under way", async () => {
    const model = new ScriptedModel(
      (_, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    const error = await failure(hold(model, new TestMesh().context(source, { limits: { ...none, seconds: 0.02 } })));
    expect(error).toMatchObject({ code: "session.time" });
  });

  test("of time are not mistaken for a cancellation, which throws what it was given", async () => {
    const controller = new AbortController();
    const journal = new TestJournal();
    const model = new ScriptedModel((_, signal) => {
      controller.abort(new Error("enough"));
      return signal.reason;
    });
    const work = hold(model, new TestMesh().context(source, { signal: controller.signal, journal }));
    await expect(work).rejects.toThrow("enough");
    expect(journal.entries.at(-1)).toEqual({ kind: "stopped", reason: "The session was cancelled." });
  });

  test("hold for a session that is cancelled while it waits", async () => {
    const controller = new AbortController();
    const model = new ScriptedModel(() => {
      controller.abort(new Error("enough"));
      return new ModelFailure("rate", "", { retryAfter: 60_000 });
    });
    await expect(hold(model, new TestMesh().context(source, { signal: controller.signal }))).rejects.toThrow("enough");
    expect(model.requests).toHaveLength(1);
  });
});
