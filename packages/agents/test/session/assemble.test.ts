import { parseMemo, withFacts } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { assembleContext, type ContextPart } from "../../src/index.ts";
import { contextBudget } from "../../src/session/assemble.ts";
import { estimateTokens, shortened } from "../../src/session/tokens.ts";
import { memo, TestMesh } from "../session.ts";

const plenty = 100_000;

function lesson(title: string, symptom: string, ...globs: string[]): string {
  const applies = globs.length === 0 ? "" : ` **Applies to:** ${globs.map((glob) => `\`${glob}\``).join(", ")}`;
  return `### ${title}\n**Symptom:** ${symptom} **Cause:** c **Fix:** f${applies}\n\n`;
}

function prepared(changes: Parameters<TestMesh["context"]>[1] = {}) {
  const mesh = new TestMesh();
  for (let index = 0; index < 300; index += 1) mesh.write(`projects/sysadmin/etc/${index % 10}/${index}.conf`, "");
  mesh.write("projects/sysadmin/memos/incoming/x.md", "x");
  mesh.write("projects/developer/site/dist/index.html", "x");
  const source = memo(
    "Deploy the shop",
    "The folder site/dist to staging.\n\n## Action items\n- [ ] Prepare\n- [x] Look",
  );
  const thread = Array.from({ length: 9 }, (_, index) =>
    parseMemo(
      memo(`Number ${index}`, `Said ${index}. ${"word ".repeat(300)}`, { id: `01KAJ0000000000000000THR0${index}` }),
      "t.md",
    ),
  );
  return mesh.context(source, {
    instructions: `# You are the sysadmin\n${"Be careful.\n".repeat(100)}`,
    state: "# State\n\n## Status\nGreen.\n",
    thread,
    platform: "Debian 12.\n".repeat(400),
    lessons: [
      {
        file: "docs/ai-lessons.md",
        source:
          lesson("Far away", "nothing in common") +
          lesson("Some file", "x", "**/*.conf") +
          lesson("The folder of a shop", "staging breaks") +
          lesson("Built files", "x", "**/*.html"),
      },
    ],
    ...changes,
  });
}

const names = (parts: readonly ContextPart[]) => parts.filter(({ text }) => text !== "").map(({ name }) => name);
const part = (parts: readonly ContextPart[], name: string) => parts.find((each) => each.name === name) as ContextPart;
const total = (system: string, parts: readonly ContextPart[]) =>
  estimateTokens(system) + parts.reduce((sum, { tokens }) => sum + tokens, 0);

describe("what a model is told", () => {
  test("comes in the order of the design, each part with its origin, and is what the parts hold", async () => {
    const { prompt, parts, system } = await assembleContext(prepared(), plenty);
    expect(names(parts)).toEqual([
      ...["session", "instructions", "state", "memo", "thread", "lessons", "platform", "files", "granted"],
      ...["targets and nodes", "task"],
    ]);
    expect(prompt).toBe(parts.map(({ text }) => text).join("\n\n"));
    expect(parts.map(({ left }) => left).filter((left) => left !== undefined)).toEqual([]);
    for (const { tokens, text } of parts) expect(tokens).toBe(estimateTokens(text));
    expect(part(parts, "memo").text).toMatch(
      /^# The memo to work on\n\n<memomesh-data-\w+ origin="memo 01KAJ0000000000000000MEM01, from developer, deployment, 2026-11-21T10:14:09.000Z, priority normal">\nSubject: Deploy the shop\n\nAction items by number:\n0\. \[ \] Prepare\n1\. \[x\] Look\n/,
    );
    expect(part(parts, "instructions").text).toContain("<memomesh-instructions-");
    expect(part(parts, "targets and nodes").text).toContain("- production: local, folder /srv/www, PRODUCTION\n");
    expect(part(parts, "targets and nodes").text).toContain("- operator: the person; you may always write to them\n");
    expect(part(parts, "files").text).not.toContain("memos/");
    expect(part(parts, "granted").text).toContain("\ndeveloper:site/dist/index.html\n");
    expect(system).toContain("There is no shell");
  });

  test("is the same for the same context, whenever and in whichever session", async () => {
    const context = prepared();
    const later = { ...context, session: "01KAJ0000000000000000SES02", now: "2027-02-02T00:00:00.000Z" };
    expect(await assembleContext(later, plenty)).toEqual(await assembleContext(context, plenty));
  });

  test("says what there is none of", async () => {
    const { parts, prompt } = await assembleContext(
      new TestMesh().context(memo("x", "x"), { instructions: " \n" }),
      plenty,
    );
    expect(names(parts)).toEqual(["session", "memo", "targets and nodes", "task"]);
    expect(part(parts, "platform")).toEqual({
      name: "platform",
      origin: "docs/platform-reference.md",
      tokens: 0,
      text: "",
      left: "there is none",
    });
    expect(prompt).not.toMatch(/\n{3}/);
  });

  test("holds no secret that somebody has written by mistake", async () => {
    const secret = `AKIA${"ABCDEFGHIJKLMNOP"}`;
    const context = new TestMesh().context(memo("x", `Key: ${secret}`), {
      state: secret,
      instructions: secret,
      platform: secret,
    });
    expect((await assembleContext(context, plenty)).prompt).not.toContain(secret);
  });
});

describe("lessons", () => {
  test("come when they may apply: by the files that the memo names, by its words, by the files that there are", async () => {
    const { parts } = await assembleContext(prepared(), plenty);
    const { text } = part(parts, "lessons");
    const found = [...text.matchAll(/origin="docs\/ai-lessons\.md:(\d+)">\n(.*)/g)].map(
      ([, line, title]) => `${line} ${title}`,
    );
    expect(found).toEqual(["10 Built files", "7 The folder of a shop", "4 Some file"]);
  });

  test("say why each of them came", async () => {
    const { parts } = await assembleContext(prepared(), plenty);
    expect(part(parts, "lessons").items?.map(({ title, why, told }) => [title, why, told])).toEqual([
      ["Built files", "the memo names site/dist/index.html (**/*.html)", true],
      ["The folder of a shop", "its words: shop, folder, staging", true],
      ["Some file", "there are files that fit **/*.conf", true],
    ]);
  });

  test("come for what the facts say of the platform, when a word of the memo stands beside, and while they hold", async () => {
    const source = lesson("exec format error", "the shop ends at once on arm64 machines") + lesson("arm64", "hot");
    const facts = (at: string) =>
      withFacts("", [{ name: "nodes", at, from: "cluster", maxAge: 3600, text: "4 nodes: arm64 and amd64" }]);
    const chosen = async (platform: string) => {
      const lessons = [{ file: "docs/ai-lessons.md", source }];
      const { parts } = await assembleContext(prepared({ platform, lessons }), plenty);
      return part(parts, "lessons").items?.map(({ title, why }) => `${title}: ${why}`) ?? [];
    };
    expect(await chosen(facts("2026-11-21T10:00:00Z"))).toEqual([
      "exec format error: its words: shop; the platform: arm64",
    ]);
    expect(await chosen(facts("2026-11-21T08:00:00Z"))).toEqual([]);
  });

  test("of high impact come always and first, and stay when there is hardly any room", async () => {
    const high = `### Keep what is deleted\n**Symptom:** gone **Cause:** rm **Fix:** copy it first\n**Impact:** high\n`;
    const context = prepared();
    const lessons = [...context.lessons, { file: "other.md", source: high }];
    for (const budget of [plenty, 3500]) {
      const [first] = part((await assembleContext({ ...context, lessons }, budget)).parts, "lessons").items ?? [];
      expect(first).toMatchObject({ title: "Keep what is deleted", why: "high impact: always", told: true });
    }
  });

  test("do not fill the context, however many there are, and those left out are named", async () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      lesson(`Shop ${index}`, `staging breaks ${"so ".repeat(40)}`),
    );
    const { parts } = await assembleContext(prepared({ lessons: [{ file: "l.md", source: many.join("") }] }), plenty);
    const { tokens, items = [], left } = part(parts, "lessons");
    expect(tokens).toBeLessThanOrEqual(4000);
    expect(items).toHaveLength(500);
    const told = items.filter((each) => each.told).length;
    expect(told).toBeGreaterThan(20);
    expect(left).toBe(`${500 - told} of 500, so that the rest fits into the budget`);
  });
});

describe("a budget", () => {
  test.each([6000, 5000, 4000, 3500])("of %i tokens holds", async (budget) => {
    const { system, parts } = await assembleContext(prepared(), budget);
    expect(total(system, parts)).toBeLessThanOrEqual(budget);
    for (const { text, left } of parts) if (text === "") expect(left).toBeDefined();
  });

  test("cuts what stands later first, and says what is left out", async () => {
    const whole = await assembleContext(prepared(), plenty);
    const size = total(whole.system, whole.parts);
    const cut = async (less: number) => {
      const { parts } = await assembleContext(prepared(), size - less);
      return parts.flatMap(({ name, left }) => (left === undefined ? [] : [`${name}: ${left}`]));
    };
    expect(await cut(100)).toEqual([
      "files: 300 files are shown in 10 lines, so that the rest fits into the budget",
      "granted: all of it left out: it did not fit into the budget",
    ]);
    const more = await cut(1800);
    expect(more[0]).toMatch(/^platform: about \d+ tokens, so that/);
    const most = await cut(5000);
    expect(most[0]).toMatch(/^thread: [1-8] of 9, so that/);
    expect(most).toContain("lessons: all of it left out: it did not fit into the budget");
  });

  test("leaves out the middle of a thread, not its beginning and end", async () => {
    const whole = await assembleContext(prepared(), plenty);
    const { parts } = await assembleContext(prepared(), total(whole.system, whole.parts) - 5000);
    const kept = [...part(parts, "thread").text.matchAll(/Said (\d)/g)].map(([, number]) => Number(number));
    expect(kept).toContain(0);
    expect(kept).toContain(8);
    expect(kept.length).toBeLessThan(9);
  });

  test("that is too small for anything still holds the rules, the beginning and end of the memo, and the targets", async () => {
    const context = prepared();
    const long = memo("Long", `The beginning.\n${"word ".repeat(20_000)}\nThe end.`);
    const { parts } = await assembleContext({ ...context, memo: parseMemo(long, "m.md") }, 10);
    expect(names(parts)).toEqual(["session", "memo", "targets and nodes", "task"]);
    expect(part(parts, "memo").text).toMatch(/The beginning\.[\s\S]*tokens are left out here\][\s\S]*The end\./);
    expect(part(parts, "memo").tokens).toBeLessThanOrEqual(400);
  });

  test("follows from what the model can read and from what the session may use", () => {
    expect(contextBudget(200_000, { tokens: 1_000_000 })).toBe(50_000);
    expect(contextBudget(32_000, { tokens: 1_000_000 })).toBe(16_000);
    expect(contextBudget(200_000, { tokens: 20_000 })).toBe(8000);
  });
});

describe("shortened texts", () => {
  test("have at most as many tokens, and no broken characters", () => {
    const text = "äöü€😀".repeat(500);
    for (const keep of ["beginning", "both ends"] as const) {
      const { text: cut, lost } = shortened(text, 100, keep);
      expect(estimateTokens(cut)).toBeLessThan(120);
      expect(lost).toBeGreaterThan(0);
      expect(cut).not.toContain("\ufffd");
    }
    expect(shortened(text, 1e6, "beginning")).toEqual({ text, lost: 0 });
  });
});
