import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { higherRisk, printRunbook, type RunbookDraft, risks, type StepDraft } from "../src/index.ts";
import { parseRunbook } from "../src/markdown.ts";
import { refusal } from "./refusal.ts";

const id = "rb-01JD8Q5T3ZK3N6V9Y2M4R7W1XB";
const header = `---\nid: ${id}\nnode: sysadmin\ntarget: staging\ncreated: 2026-11-21T10:14:09Z\n---\n`;
/** The body begins on line 7; the title stands there. */
const parse = (body: string) => parseRunbook(`${header}# Deploy\n\n${body}`, "rb.md");
const run = "```sh run\ntrue\n```\n";
const step = (text: string) => `## Step 1: Copy\nRisk: low.\n\n${text}`;

describe("parseRunbook", () => {
  it("reads the runbook of the formats document", () => {
    const source = `---
id: ${id}
memo: 01JD8Q5T3ZK3N6V9Y2M4R7W1XB
node: sysadmin
target: staging
created: 2026-11-21T10:14:09Z
gate: 96
---
# Deploy shop 1.4.2 to staging

## What this does
It deploys.

## Rollback

## Step 1: Keep the current release
Risk: low. Timeout: 60s.

Why, in *prose*.

\`\`\`sh run
cp -a "$SITE/current" "$SITE/backup-1.4.1"
\`\`\`
Between.
\`\`\`bash check
test -d "$SITE/backup-1.4.1"

true
\`\`\`
\`\`\`sh undo
rm -r "$SITE/backup-1.4.1"
\`\`\`

## Step 2: Look at it
Risk: high. Timeout: 5m. Target: production. Needs: step 1, DATABASE_URL, \`projects/developer/dist\`.

A person looks.

### Where
\`\`\`text
not a command
\`\`\`
`;
    const runbook = parseRunbook(source, "rb.md");
    expect(runbook).toMatchObject({
      id,
      memo: "01JD8Q5T3ZK3N6V9Y2M4R7W1XB",
      node: "sysadmin",
      target: "staging",
      gate: 96,
    });
    expect(runbook.title).toBe("Deploy shop 1.4.2 to staging");
    expect(runbook.sections.map(({ heading, text }) => [heading, text])).toEqual([
      ["What this does", "It deploys."],
      ["Rollback", ""],
    ]);
    expect(runbook.steps).toEqual([
      {
        number: 1,
        title: "Keep the current release",
        line: 16,
        risk: "low",
        timeout: 60,
        needs: { steps: [], env: [], files: [] },
        prose: "Why, in *prose*.\n\nBetween.",
        run: { text: 'cp -a "$SITE/current" "$SITE/backup-1.4.1"', line: 22 },
        check: { text: 'test -d "$SITE/backup-1.4.1"\n\ntrue', line: 26 },
        undo: { text: 'rm -r "$SITE/backup-1.4.1"', line: 31 },
      },
      {
        number: 2,
        title: "Look at it",
        line: 34,
        risk: "high",
        timeout: 300,
        target: "production",
        needs: { steps: [1], env: ["DATABASE_URL"], files: ["projects/developer/dist"] },
        prose: "A person looks.\n\n### Where\n```text\nnot a command\n```",
      },
    ]);
  });

  it("reads a step without attributes, and files with other line ends the same way", () => {
    const body = "## Step 1: Copy\n\n```sh run\na\nb\n```\n";
    const { steps } = parse(body);
    expect(steps).toMatchObject([{ timeout: 300, prose: "", run: { text: "a\nb", line: 12 } }]);
    expect(steps[0]).not.toHaveProperty("risk");
    expect(parseRunbook(`${header}# Deploy\n\n${body}`.replaceAll("\n", "\r\n"), "rb.md").steps).toEqual(steps);
  });

  it("lets prose speak of steps, risks and fences, and show examples", () => {
    const prose =
      "After step 2 the check of step 1 still holds. The risk: none. Run it twice.\n\n- steps: many\n\n````markdown\n## Step 9: example\n```sh run\nfalse\n```\n````\n\n~~~text\n```sh run\n~~~\n\n```sh\nrun me by hand\n```";
    expect(parse(`${step(prose)}\n${run}`).steps).toMatchObject([{ prose, run: { text: "true" } }]);
  });

  // What a reader would take for a step, its attributes or its commands, and at which line it is refused.
  it.each([
    ["a wrong level", `### Step 1: Copy\n${run}`, 9],
    ["a lower-case heading", `## step 1: Copy\n${run}`, 9],
    ["a heading without a number", `## Step one: Copy\n${run}`, 9],
    ["a heading without a colon", `## Step 1 Copy\n${run}`, 9],
    ["a heading without a title", `## Step 1:\n${run}`, 9],
    ["a heading with another dash", `## Step 1 – Copy\n${run}`, 9],
    ["an emphasised heading", `## **Step 1:** Copy\n${run}`, 9],
    ["an indented heading", `  ## Step 1: Copy\n${run}`, 9],
    ["an underlined heading", `Step 1: Copy\n------------\n${run}`, 9],
    ["a heading without space", `##Step 1: Copy\n${run}`, 9],
    ["a bold line", `**Step 1: Copy**\n\n${run}`, 9],
    ["a step in a quote", `> ## Step 1: Copy\n`, 9],
    ["a step in a list", `- ## Step 1: Copy\n`, 9],
    ["a step in HTML", `<div>\n## Step 1: Copy\n</div>\n`, 10],
    ["a step in HTML of its own", `<h2>Step 1: Copy</h2>\n`, 9],
    ["a step in a comment", `${step(run)}\n<!--\n## Step 2: Hidden\n-->\n`, 17],
    ["a number that is left out", `${step(run)}\n## Step 3: Copy\n`, 16],
    ["a number that comes twice", `${step(run)}\n## Step 1: Copy\n`, 16],
    ["a first step that is not 1", `## Step 2: Copy\n${run}`, 9],
    ["commands outside a step", `## Preparation\n${run}\n${step(run)}`, 10],
    ["commands before the first step", `${run}\n${step(run)}`, 9],
    ["a second run fence", `${step(run)}${run}`, 15],
    ["an empty run fence", step("```sh run\n\n```\n"), 12],
    ["an unclosed fence", step("```sh run\ntrue\n"), 12],
    ["a fence closed by too few marks", step("````sh run\ntrue\n```\n"), 12],
    ["an unclosed example", `${step(run)}\n\`\`\`\nexample\n`, 16],
    ["a fence that swallows the next step", `${step("```sh run\ntrue\n")}\n## Step 2: More\n${run}`, 15],
    ["an example that swallows commands", `${step("```\nexample\n")}\n${run}`, 15],
    ["tildes", step("~~~sh run\ntrue\n~~~\n"), 12],
    ["an indented fence", step("  ```sh run\n  true\n  ```\n"), 12],
    ["an indented block", step("text\n\n    ```sh run\n    true\n    ```\n"), 14],
    ["a fence in a list", step("- text\n  ```sh run\n  true\n  ```\n"), 13],
    ["a fence in a quote", step("> ```sh run\n> true\n> ```\n"), 12],
    ["a fence in HTML", step("<div>\n```sh run\ntrue\n```\n</div>\n"), 13],
    ["a fence in a paragraph", step("text ```sh run\ntrue\n```\n"), 14],
    ["another language", step("```python run\nprint()\n```\n"), 12],
    ["no language", step("```run\ntrue\n```\n"), 12],
    ["a capital letter", step("```sh Run\ntrue\n```\n"), 12],
    ["a third word", step("```sh run now\ntrue\n```\n"), 12],
    ["another separator", step("```sh,check\ntrue\n```\n"), 12],
    ["an unknown attribute", `## Step 1: Copy\nRisk: low. Owner: me.\n\n${run}`, 10],
    ["a misspelt attribute", `## Step 1: Copy\nRsik: low.\n\n${run}`, 10],
    ["a lower-case attribute", `## Step 1: Copy\nrisk: low.\n\n${run}`, 10],
    ["a bold attribute", `## Step 1: Copy\n**Risk:** low.\n\n${run}`, 10],
    ["an unknown risk", `## Step 1: Copy\nRisk: none.\n\n${run}`, 10],
    ["an attribute twice", `## Step 1: Copy\nRisk: low. Risk: high.\n\n${run}`, 10],
    ["a timeout without unit", `## Step 1: Copy\nTimeout: 60.\n\n${run}`, 10],
    ["a timeout of nothing", `## Step 1: Copy\nTimeout: 0s.\n\n${run}`, 10],
    ["prose behind attributes", `## Step 1: Copy\nRisk: low. And so on.\n\n${run}`, 10],
    ["attributes below the prose", `## Step 1: Copy\nText.\n\nRisk: low.\n\n${run}`, 12],
    ["attributes in a list", `## Step 1: Copy\n- Risk: low\n\n${run}`, 10],
    ["attributes twice", `## Step 1: Copy\nRisk: low.\n\nRisk: high.\n\n${run}`, 12],
    ["a need of a later step", `## Step 1: Copy\nNeeds: step 1.\n\n${run}`, 10],
    ["a need that leads outside", "## Step 1: Copy\nNeeds: `a/../secret`.\n", 10],
    ["an absolute need", "## Step 1: Copy\nNeeds: `/etc/passwd`.\n", 10],
    ["a need without back-ticks", "## Step 1: Copy\nNeeds: projects/developer/dist.\n", 10],
    ["an upload without its link", "## Step 1: Copy\nUpload: `dist` to `releases/2`.\n", 10],
    ["an upload without back-ticks", "## Step 1: Copy\nUpload: dist to releases/2 as current.\n", 10],
    ["an upload from outside of the mesh", "## Step 1: Copy\nUpload: `/etc` to `releases/2` as `current`.\n", 10],
    ["an upload to the outside of the target", "## Step 1: Copy\nUpload: `dist` to `../2` as `current`.\n", 10],
    ["an upload to an absolute path", "## Step 1: Copy\nUpload: `dist` to `/srv/2` as `current`.\n", 10],
    ["an upload to what a shell reads", "## Step 1: Copy\nUpload: `dist` to `$(id)` as `current`.\n", 10],
    ["an upload to an option", "## Step 1: Copy\nUpload: `dist` to `-r` as `current`.\n", 10],
    ["an upload with a link in it", "## Step 1: Copy\nUpload: `dist` to `site` as `site/current`.\n", 10],
    ["an upload into its link", "## Step 1: Copy\nUpload: `dist` to `current/2` as `Current`.\n", 10],
    ["an upload over its own files", "## Step 1: Copy\nUpload: `dist` to `2` as `2.part`.\n", 10],
    ["two uploads", "## Step 1: Copy\nUpload: `a` to `1` as `c`. Upload: `b` to `2` as `c`.\n", 10],
    ["an upload below the prose", "## Step 1: Copy\nText.\n\nUpload: `dist` to `releases/2` as `current`.\n", 12],
    ["an upload in a list", `## Step 1: Copy\n- upload: everything\n\n${run}`, 10],
    ["an upload with commands beside it", `## Step 1: Copy\nUpload: \`dist\` to \`2\` as \`current\`.\n\n${run}`, 12],
    ["an upload with an undo of its own", "## Step 1: Copy\nUpload: `d` to `2` as `c`.\n\n```sh undo\ntrue\n```\n", 12],
    ["a second title", `# Again\n\n${step(run)}`, 9],
    ["no step at all", "Text.\n", 7],
    ["a control character", step("```sh run\ntrue\x1b[2K\n```\n"), 13],
    ["a line end that is none", step("```sh run\ntrue\rfalse\n```\n"), 13],
  ])("refuses %s", (_, body, line) => {
    const error = refusal(() => parse(body));
    expect(error.code).toMatch(/^runbook\./);
    expect(error.place).toEqual({ file: "rb.md", line });
  });

  it("reads a need of a node that lies beside the mesh", () => {
    const [first] = parse(`## Step 1: Copy\nNeeds: \`../../srv/shop/dist\`.\n\n${run}`).steps;
    expect(first?.needs.files).toEqual(["../../srv/shop/dist"]);
  });

  it("reads an upload, whose folder it needs and whose commands it generates", () => {
    const attributes = "Risk: low. Upload: `projects/developer/dist` to `shop/releases/1.4.2+b` as `shop/current`.";
    const [first] = parse(`## Step 1: Copy\n${attributes}\n\n\`\`\`sh check\ntrue\n\`\`\`\n`).steps;
    expect(first).toMatchObject({
      upload: { from: "projects/developer/dist", to: "shop/releases/1.4.2+b", link: "shop/current" },
      needs: { files: ["projects/developer/dist"] },
      prose: "",
      run: { line: 10 },
      check: { text: "true", line: 13 },
    });
    expect(first?.undo?.text).toContain("readlink shop/releases/1.4.2+b.before");
  });

  // Whoever proves later what ran makes these texts again: those that were approved must not become others.
  it("generates the same commands for an upload for ever", () => {
    const [first] = parse("## Step 1: Copy\nUpload: `dist` to `releases/2` as `current`.\n").steps;
    expect(`${first?.run?.text}\n---\n${first?.check?.text}\n---\n${first?.undo?.text}\n`).toBe(
      `# The files have been sent to releases/2.part, and have the approved digest there.
test ! -e current || test -L current || { echo "current is no link" >&2; exit 1; }
if test -d releases/2.part; then
  test ! -e releases/2
  mv releases/2.part releases/2
fi
if test "$(readlink current)" != releases/2; then
  ln -sfn -- "$(readlink current || echo /dev/null)" releases/2.before
  ln -sfn releases/2 current.next
  test -d current.next
  mv -fT current.next current 2>/dev/null || mv -fh current.next current
fi
---
test "$(readlink current)" = releases/2
test -d current
---
# The files stay in releases/2.
if test "$(readlink current)" != releases/2; then
  echo "current does not lead to releases/2: nothing is changed"
elif test "$(readlink releases/2.before)" = /dev/null; then
  rm current
else
  ln -sfn -- "$(readlink releases/2.before)" current.next
  test -d current.next
  mv -fT current.next current 2>/dev/null || mv -fh current.next current
fi
`,
    );
  });

  it.each(["id: rb-1", "node: ../x", "target: A b", "created: soon", "gate: 101", "memo: x"])(
    "refuses the header line %s",
    (text) => {
      const name = text.split(":", 1)[0] ?? "";
      const lines = header.split("\n").filter((each) => !each.startsWith(`${name}:`));
      const error = refusal(() =>
        parseRunbook(`${lines.toSpliced(1, 0, text).join("\n")}# Deploy\n\n${step(run)}`, "rb.md"),
      );
      expect(error).toMatchObject({ code: `runbook.header.${name}`, place: { line: 2 } });
    },
  );
});

describe("printRunbook", () => {
  it("prints what parseRunbook reads back", () => {
    const word = fc
      .stringMatching(/^[A-Za-z][A-Za-z0-9 .,*_-]{0,20}[a-z]$/)
      .map((text) => text.replace(/ +/g, " "))
      .filter((text) => !/^(step|risk|timeout|target|needs)\b/i.test(text));
    const commands = fc
      .array(
        fc.constantFrom(
          "true",
          "cat <<'E'",
          "E",
          "```",
          "```sh run",
          "````",
          "## Step 2: x",
          "~~~",
          "  indented",
          "",
          "a\tb",
          "ä",
          "---",
          "<!--",
        ),
        { minLength: 1, maxLength: 6 },
      )
      .map((lines) => lines.join("\n").replace(/\n+$/, ""))
      .filter((text) => text.trim() !== "");
    const stepDraft = fc.record(
      {
        title: word,
        risk: fc.constantFrom(...risks),
        timeout: fc.integer({ min: 1, max: 86_400 }),
        target: fc.constantFrom("staging", "production"),
        needs: fc.record({
          steps: fc.constant([] as number[]),
          env: fc.constantFrom([], ["A"], ["DATABASE_URL", "B_2"]),
          files: fc.constantFrom([], ["projects/a b/dist.tar", "x"]),
        }),
        prose: fc.oneof(fc.constant(""), word, fc.constant("One.\n\n- two\n\n```text\nthree\n```")),
        run: commands,
        check: commands,
        undo: commands,
      },
      { requiredKeys: ["title", "risk", "prose"] },
    );
    const draft: fc.Arbitrary<RunbookDraft> = fc.record({
      id: fc.constant(id),
      node: fc.constant("sysadmin"),
      target: fc.constant("staging"),
      created: fc.constant("2026-11-21T10:14:09.001Z"),
      gate: fc.nat(100),
      title: word,
      what: word,
      unknown: fc.array(word, { maxLength: 2 }),
      rollback: word,
      steps: fc.array(stepDraft as fc.Arbitrary<StepDraft>, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(draft, (drafted) => {
        const { steps, what, unknown, rollback, ...rest } = drafted;
        const read = parseRunbook(printRunbook(drafted), "rb.md");
        expect(read).toMatchObject(rest);
        expect(read.sections.map(({ text }) => text)).toEqual([
          what,
          unknown.map((each) => `- ${each}`).join("\n") || "Nothing.",
          rollback,
        ]);
        expect(read.steps.map(asDraft)).toEqual(
          steps.map((each) => ({ timeout: 300, needs: { steps: [], env: [], files: [] }, ...each })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("prints an upload as it is read", () => {
    const upload = { from: "projects/a b/dist", to: "releases/2", link: "current" };
    const draft = {
      id,
      node: "a",
      target: "b",
      created: "2026-11-21",
      title: "T",
      what: "",
      unknown: [],
      rollback: "",
    };
    const text = printRunbook({ ...draft, steps: [{ title: "A", risk: "low", prose: "", upload }] });
    expect(text).toContain("Risk: low. Upload: `projects/a b/dist` to `releases/2` as `current`.\n");
    expect(parseRunbook(text, "rb.md").steps[0]).toMatchObject({ upload, needs: { files: [upload.from] } });
  });

  it("refers to earlier steps", () => {
    const steps = [
      { title: "A", risk: "low" as const, prose: "" },
      { title: "B", risk: "high" as const, prose: "", needs: { steps: [1] } },
    ];
    const text = printRunbook({
      id,
      node: "a",
      target: "b",
      created: "2026-11-21",
      title: "T",
      what: "",
      unknown: [],
      rollback: "",
      steps,
    });
    expect(text).toContain("Risk: high. Needs: step 1.\n");
    expect(parseRunbook(text, "rb.md").steps[1]?.needs.steps).toEqual([1]);
  });
});

function asDraft({ number: _, line: __, run, check, undo, ...rest }: ReturnType<typeof parseRunbook>["steps"][number]) {
  return {
    ...rest,
    ...(run && { run: run.text }),
    ...(check && { check: check.text }),
    ...(undo && { undo: undo.text }),
  };
}

it("takes the higher of two risks", () => {
  expect(higherRisk("low", "critical")).toBe("critical");
  expect(higherRisk("high", "medium")).toBe("high");
});
