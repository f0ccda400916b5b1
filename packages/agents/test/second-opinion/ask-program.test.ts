// What programs say about a runbook. Stand-ins here; the vendors' own programs are in tests/vendors.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentConfig } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { opinionOn } from "../../src/index.ts";
import { machineSandbox } from "../../src/sandbox/machine.ts";
import { reportIn } from "../../src/second-opinion/report.ts";
import { key, ProgramMesh, refused } from "../programs/stand-in.ts";
import { TestJournal } from "../session.ts";
import { copies, question, runbookOf } from "./question.ts";

const report = {
  risks: [
    { step: 1, risk: "low" },
    { step: 2, risk: "critical" },
  ],
  findings: [{ step: 2, severity: "concern", text: "It copies too much." }],
  ...{ verdict: "disagree", reasons: "The copy is too large." },
};
const json = JSON.stringify(report);

/** How each program says its last words, and what it took. `text` is JavaScript. */
const speaks: Readonly<Record<string, (text: string) => string>> = {
  "claude-code": (text) =>
    `say({ type: "system", subtype: "init", model: "claude-sonnet-4-5" }); say({ type: "result", subtype: "success", is_error: false, num_turns: 1, result: ${text}, total_cost_usd: 0.25, usage: { input_tokens: 60, output_tokens: 30 } });`,
  codex: (text) =>
    `say({ type: "item.completed", item: { type: "agent_message", text: ${text} } }); say({ type: "turn.completed", usage: { input_tokens: 60, output_tokens: 30 } });`,
  "gemini-cli": (text) =>
    `say({ type: "message", role: "assistant", content: ${text} }); say({ type: "result", status: "success", stats: { input_tokens: 60, output_tokens: 30, total_tokens: 90 } });`,
  command: (text) => `console.log(${text});`,
};

const mesh = () => new ProgramMesh();

/** An agent that is a stand-in, which ends with what `text`, JavaScript, says. */
function agent(provider: string, text: string, before = ""): AgentConfig {
  const program = mesh().program(`${before}\n${speaks[provider]?.(text)}`);
  return provider === "command"
    ? { provider, command: [program] }
    : { provider, program, keyCommand: ["printf", key], prices: { input: 1, output: 10 } };
}

/** JavaScript that says `texts`, one at each start; the last one again and again. */
function inTurn(place: string, ...texts: readonly string[]): readonly [text: string, before: string] {
  const before = `const count = ${JSON.stringify(join(place, "count"))};
    fs.appendFileSync(count, "x");
    const texts = ${JSON.stringify(texts)};
    const said = texts[Math.min(fs.statSync(count).size, texts.length) - 1];`;
  return ["said", before];
}

const runs = (place: string) => readFileSync(join(place, "count"), "utf8").length;

describe.each(["claude-code", "codex", "gemini-cli", "command"])("an opinion of %s", (provider) => {
  test("is the report in its last words, for which it has no tools of ours and an empty folder", async () => {
    const { root } = mesh();
    const seen = join(root, "seen.json");
    const look = `fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ args: process.argv.slice(2), input, here: fs.readdirSync("."), configuration }));`;
    const journal = new TestJournal();
    const opinion = await opinionOn("second", agent(provider, JSON.stringify(json), look), question({ journal }));
    expect(opinion).toMatchObject({ agent: "second", ...report });
    const { args, input, here, configuration } = JSON.parse(readFileSync(seen, "utf8"));
    expect(here).toEqual([]);
    expect(configuration).not.toMatch(/memomesh.*(?:mcp|args)|"mcp"/);
    const told = `${input} ${args.join(" ")}`;
    for (const words of ["You review a runbook", "# The runbook to review", "cp -R a shop", '"verdict"', "no tools"])
      expect(told).toContain(words);
    if (provider === "claude-code") expect(args[args.indexOf("--tools") + 1]).toBe("");
    const spent = journal.entries.flatMap((entry) => (entry.kind === "spent" ? [entry.spending] : []));
    if (provider === "command") return expect([opinion.usage, spent]).toEqual([undefined, []]);
    expect(opinion.usage).toMatchObject({ turns: 1, inputTokens: 60, outputTokens: 30, cost: 360 / 1e6 });
    expect(spent).toMatchObject([{ cost: 360 / 1e6 }]);
    return expect(journal.entries.map(({ kind }) => kind)).toEqual(["opened", "message", "message", "spent"]);
  });
});

describe("a program that is asked for an opinion", () => {
  test("is told what is wrong with its report, and can mend it", async () => {
    const { root } = mesh();
    const lacking = JSON.stringify({ ...report, risks: [{ step: 1, risk: "low" }] });
    const [text, before] = inTurn(root, "Looks good.", lacking, `Here it is:\n\`\`\`json\n${json}\n\`\`\`\n`);
    const keep = `fs.writeFileSync(${JSON.stringify(join(root, "told"))}, input);`;
    const journal = new TestJournal();
    const opinion = await opinionOn("second", agent("claude-code", text, before + keep), question({ journal }));
    expect(opinion).toMatchObject({ verdict: "disagree", usage: { turns: 3, inputTokens: 180 } });
    expect(runs(root)).toBe(3);
    expect(readFileSync(join(root, "told"), "utf8")).toContain("risks lacks step 2");
    expect(JSON.stringify(journal.entries)).toContain("The answer is no JSON object");
  });

  test("and says nonsense has given none, as a model would", async () => {
    const { root } = mesh();
    const journal = new TestJournal();
    const nonsense = agent("command", ...inTurn(root, "I would not do that."));
    const error = await refused(opinionOn("second", nonsense, question({ journal })));
    expect(error.code).toBe("opinion.silent");
    expect(error.message).toMatch(/answered 4 times without a report that can be used.*secondOpinion\.agent/);
    expect(runs(root)).toBe(4);
    expect(journal.entries.at(-1)?.kind).toBe("stopped");
  });

  test.each([
    [
      "two reports, of which one may be quoted",
      `\`\`\`json\n${json}\n\`\`\`\n\n\`\`\`json\n${json}\n\`\`\`\n`,
      "2 fences",
    ],
    ["words around it", `Sure! ${json}`, "no JSON object"],
    ["half of it", json.slice(0, 60), "no JSON object"],
    ["a list", "[]", "expected object"],
    ["a step that is not there", json.replace('"step":2', '"step":3'), "no step 3"],
    ["more than was asked for", json.replace("{", '{"approved":true,'), "approved"],
  ])("cannot report %s", (_, said, why) => {
    expect(() => reportIn(said, runbookOf([{}, copies]))).toThrow(why);
  });

  test("says why it gives none, in terms of an opinion", async () => {
    const failing = agent("command", `""`, `console.error("no model"); process.exit(3);`);
    const failed = await refused(opinionOn("second", failing, question()));
    expect([failed.code, failed.message]).toEqual([
      "agent.program.failed",
      expect.stringMatching(/there is no opinion.*no model/),
    ]);
    const missing = { provider: "codex", program: "/nowhere/codex", keyCommand: ["printf", key] };
    expect((await refused(opinionOn("second", missing, question()))).code).toBe("agent.program.missing");
    const keyless = { provider: "codex", keyEnv: "MEMOMESH_NO_SUCH_KEY" };
    expect((await refused(opinionOn("second", keyless, question()))).code).toBe("agent.program.login");
  });

  test("is stopped at its time, and with what stopped it", async () => {
    const hanging = agent("command", `""`, `setInterval(() => undefined, 1000); return;`);
    const limits = { turns: 20, tokens: 1_000_000, seconds: 1, cost: undefined };
    const late = await refused(opinionOn("second", hanging, question({ limits })));
    expect([late.code, late.message]).toEqual([
      "agent.program.timeout",
      "the command did not end within 1 s and was stopped; there is no opinion.",
    ]);
    const stop = new AbortController();
    const uses = `say({ type: "item.started", item: { type: "command_execution", command: "ls" } }); setInterval(() => undefined, 1000); return;`;
    const asked = question({ signal: stop.signal, progress: () => stop.abort(new Error("Ctrl-C")) });
    await expect(opinionOn("second", agent("codex", `""`, uses), asked)).rejects.toThrow("Ctrl-C");
  });

  test("gets the money that is left for each answer, and is not started without", async () => {
    const { root } = mesh();
    const [text, before] = inTurn(root, "Hm.");
    const keep = `fs.appendFileSync(${JSON.stringify(join(root, "money"))}, option("--max-budget-usd") + " ");`;
    const { prices: _, ...reckons } = agent("claude-code", text, before + keep);
    const limits = { turns: 20, tokens: 1_000_000, seconds: 60, cost: 0.375 };
    const journal = new TestJournal();
    const error = await refused(opinionOn("second", reckons, question({ limits, journal })));
    expect([error.code, runs(root)]).toEqual(["opinion.cost", 2]);
    expect(readFileSync(join(root, "money"), "utf8")).toBe("0.375 0.125 ");
    expect(journal.entries.filter(({ kind }) => kind === "spent")).toHaveLength(2);
  });

  test("says nothing that shows its key or steers a terminal", async () => {
    const text = `JSON.stringify({ ...${json}, reasons: process.env.OPENAI_API_KEY + "\\u001b[2J" })`;
    const journal = new TestJournal();
    const opinion = await opinionOn("second", agent("codex", text), question({ journal }));
    expect(opinion.reasons).toBe("‹OPENAI_API_KEY›‹U+001B›[2J");
    expect(JSON.stringify(journal.entries)).not.toContain(key);
  });
});

const sandboxed = (await machineSandbox()).kind === "bubblewrap";

test.skipIf(!sandboxed)("a program that gives an opinion writes nothing and sees nothing of the mesh", async () => {
  const { root } = mesh();
  const attempts = `const tries = [() => fs.writeFileSync("x", "x"), () => fs.readFileSync(${JSON.stringify(join(root, "projects/sysadmin/AGENTS.md"))}), () => fs.writeFileSync(${JSON.stringify(join(root, "x"))}, "x")];
    const outcomes = tries.map((attempt) => { try { attempt(); return "done"; } catch (error) { return error.code; } }).join(" ");`;
  const text = `JSON.stringify({ ...${json}, reasons: outcomes })`;
  const config = { ...agent("command", text, attempts), hosts: [] };
  const { workshop } = question();
  const asked = question({ workshop: { ...workshop, sandbox: { rule: "required", hidden: [root] } } });
  expect((await opinionOn("second", config, asked)).reasons).toBe("EROFS ENOENT ENOENT");
  expect(existsSync(join(root, "x"))).toBe(false);
});
