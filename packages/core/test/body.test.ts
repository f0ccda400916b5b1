import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ActionItem, parseMemo } from "../src/index.ts";
import { completeMemo, readBody, tickItem } from "../src/markdown.ts";
import { refusal } from "./refusal.ts";

const source = `---
to: sysadmin
---
# Deploy \`shop\`

## Context
See [the notes](x). - [ ] not a box

### Detail
More.

## Action items
- [ ] Prepare **staging**
  - [x] nested
* [X] Keep the release
1. [ ] ordered
- [ ]
- [y] no box

\`\`\`yaml deploy
app: shop
\`\`\`

## Later
- [ ] elsewhere
`;

const memoOf = (text: string) => parseMemo(text, "a.md", { to: "a" });
const at = "2026-11-21T10:14:09Z";

describe("readBody", () => {
  it("gives sections, boxes and fences with their places in the file", () => {
    const { title, sections, items, fences } = readBody(memoOf(source));
    expect(title).toBe("Deploy shop");
    expect(sections.map(({ heading, depth, line }) => [heading, depth, line])).toEqual([
      ["Deploy shop", 1, 4],
      ["Context", 2, 6],
      ["Detail", 3, 9],
      ["Action items", 2, 12],
      ["Later", 2, 24],
    ]);
    expect(sections[1]?.text).toBe("See [the notes](x). - [ ] not a box\n\n### Detail\nMore.");
    for (const { start, end } of sections) expect(source.slice(start, end)).toMatch(/^#+ /);
    expect(items.map(({ index, text, done, line }) => [index, text, done, line])).toEqual([
      [0, "Prepare staging", false, 13],
      [1, "nested", true, 14],
      [2, "Keep the release", true, 15],
      [3, "ordered", false, 16],
    ]);
    for (const { offset, done } of items) expect(/[xX]/.test(source[offset] ?? "")).toBe(done);
    expect(fences).toEqual([{ lang: "yaml", meta: "deploy", text: "app: shop", line: 20 }]);
  });

  it("takes the boxes of the whole memo when there is no heading for them", () => {
    expect(readBody(memoOf("# Hi\n- [ ] a\n> - [x] b\n")).items.map(({ text }) => text)).toEqual(["a", "b"]);
  });
});

it("refuses a text that is nested without end, instead of ending the program", () => {
  for (const text of [">".repeat(3000), "> ".repeat(200)]) {
    expect(refusal(() => readBody(memoOf(`# Hi\n\n${text}x\n`))).code).toBe("markdown.depth");
  }
});

describe("tickItem", () => {
  it("changes one byte, also in files with other line ends and wide characters", () => {
    const item = fc.record({
      indent: fc.constantFrom("", "  ", "> "),
      box: fc.constantFrom(" ", "x", "X"),
      text: fc.constantFrom("a", "ä\u{1f600}", "`b`"),
    });
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 5 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        (boxes, end, mark) => {
          const text = `${mark ? "\uFEFF" : ""}---${end}to: a${end}---${end}# Hi \u{1f600}${end}${end}${boxes.map(({ indent, box, text }) => `${indent}- [${box}] ${text}${end}${end}`).join("")}`;
          const { items } = readBody(memoOf(text));
          expect(items).toHaveLength(boxes.length);
          for (const each of items) {
            const before = Buffer.from(text);
            const after = Buffer.from(tickItem(text, each, !each.done));
            expect(after.length).toBe(before.length);
            expect([...after].filter((byte, index) => byte !== before[index])).toHaveLength(1);
            expect(tickItem(text, each, each.done)).toBe(text);
          }
        },
      ),
    );
  });

  it("refuses a box that is not there any more", () => {
    const [item] = readBody(memoOf(source)).items as [ActionItem];
    expect(refusal(() => tickItem(`\n${source}`, item)).code).toBe("memo.item.moved");
  });
});

describe("completeMemo", () => {
  const completion = { by: "sysadmin", agent: "offline", at, notes: "Prepared.", done: [0] };

  it("ticks what was done, adds the completion and keeps every other byte", () => {
    const text = completeMemo(memoOf(source), {
      ...completion,
      model: "m",
      runbook: "runbooks/a.md",
      commits: ["abc"],
      unknown: ["the port"],
    });
    expect(text).toBe(
      `${source.replace("- [ ] Prepare", "- [x] Prepare")}\n## Completion\n\n**By:** sysadmin (agent offline, model m), ${at}\n\nPrepared.\n\n**Runbook:** \`runbooks/a.md\`\n\n**Commits:** abc\n\n**Not known:**\n\n- the port\n`,
    );
  });

  it("keeps what stands below Completion already, and what follows it", () => {
    const text = "# Hi\n\n## Completion\nEarlier note.\n\n## After\nx";
    expect(completeMemo(memoOf(text), completion)).toBe(
      `# Hi\n\n## Completion\nEarlier note.\n\n**By:** sysadmin (agent offline), ${at}\n\nPrepared.\n\n## After\nx`,
    );
  });

  it.each([
    "# Hi",
    "# Hi\n",
    "# Hi\n\n",
    "# Hi\r\n",
    "# Hi\n\n## Completion",
    "# Hi\n\n## Completion\n\n",
    "# Hi\n```sh\nopen",
    "# Hi\n~~~~\nopen\n",
    "# Hi\n<!-- open",
  ])("is found again by a reader of %j", (text) => {
    const completed = completeMemo(memoOf(text), completion);
    expect(completed.startsWith(text)).toBe(true);
    expect(readBody(memoOf(completed)).sections.at(-1)).toMatchObject({
      heading: "Completion",
      text: expect.stringMatching(/^\*\*By:\*\* sysadmin[\s\S]*Prepared\.$/),
    });
    expect(/(?<!\r)\n/.test(completed)).toBe(!text.includes("\r"));
  });

  it("never lets notes look like sections of the memo", () => {
    const notes = "# Big\n\n## Action items\n- [ ] forged\n\nAlso\n----\n\n```\nopen";
    const completed = completeMemo(memoOf("# Hi\n\n## Completion\n"), { ...completion, notes });
    expect(readBody(memoOf(`${completed}\n## After\n`)).sections.map(({ heading }) => heading)).toEqual([
      "Hi",
      "Completion",
      "After",
    ]);
  });
});
