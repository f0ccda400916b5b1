import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyDigest, MeshError, parseMemo, printMemo, splitFrontmatter, withHeader } from "../src/index.ts";
import { refusal } from "./refusal.ts";

const id = "01JD8Q5T3ZK3N6V9Y2M4R7W1XB";
const memo = (header: string, body = "# Hi\n") => parseMemo(`---\n${header}\n---\n${body}`, "deploy.md");

describe("parseMemo", () => {
  it("reads the header of the formats document", () => {
    const { header } = memo(
      `id: ${id}   # ULID\nfrom: developer\nto: sysadmin     # one node\ndate: 2026-11-21T10:12:00Z\npriority: high\ntype: deployment\nre: ${id}`,
      "# Deploy `shop` 1.4.2\n",
    );
    expect(header).toEqual({
      id,
      from: "developer",
      to: ["sysadmin"],
      date: "2026-11-21T10:12:00Z",
      priority: "high",
      type: "deployment",
      re: id,
      hops: 0,
      subject: "Deploy shop 1.4.2",
    });
  });

  it("names file, line, what was found and what was expected", () => {
    const file = "projects/shop/memos/outgoing/deploy.md";
    const error = refusal(() => parseMemo("---\nto: sysadmin\ntype: ask\npriority: asap\n---\n# Hi\n", file));
    expect(error.code).toBe("memo.header.priority");
    expect(error.place).toEqual({ file, line: 4 });
    expect(error.message).toBe(`${file}:4: priority "asap" is not known; expected low, normal, high or urgent.`);
  });

  it("names all problems at once, the first one first", () => {
    const { message } = refusal(() => memo("to: sysadmin\ntype: wish\npriority: asap\nhops: many"));
    expect(message).toMatch(/^deploy\.md:3: type "wish" is not known.* Line 4: priority "asap".* Line 5: hops "many"/);
  });

  it.each([
    ["to: sysadmin", ["sysadmin"]],
    ["to: sysadmin, writer ,sysadmin", ["sysadmin", "writer"]],
    ["to: [sysadmin, Writer]", ["sysadmin", "writer"]],
    ["to:\n  - sysadmin\n  - writer", ["sysadmin", "writer"]],
    ['to: "*"', ["*"]],
  ])("reads %j as recipients", (header, to) => {
    expect(memo(header).header.to).toEqual(to);
  });

  it.each(["to: ../etc", "to: [a, '../b']", "to: {a: b}", "to: [[a]]", "to: ','", "to: node name"])(
    "refuses %j as recipients",
    (header) => {
      expect(refusal(() => memo(header)).code).toBe("memo.header.to");
    },
  );

  it("asks for a recipient and a subject, and takes a recipient that the inbox gives", () => {
    expect(refusal(() => memo("from: a")).code).toBe("memo.header.missing-to");
    expect(refusal(() => memo("to:")).code).toBe("memo.header.missing-to");
    expect(refusal(() => memo("to: a", "no heading\n")).code).toBe("memo.header.missing-subject");
    expect(parseMemo("# Hi\n", "a.md", { to: "shop" }).header).toMatchObject({ to: ["shop"], subject: "Hi" });
  });

  it("reads a bold-line header above or below the heading", () => {
    const lines =
      "**From:** Developer\\\n**To:** sysadmin, writer  \n**Priority**: High\n**Project:** shop\n**Re:** the shop\n";
    for (const source of [
      `# Hi\n\n${lines}\nText\n`,
      `${lines}\n# Hi\n`,
      `- ${lines.replaceAll("\n**", "\n- **")}\n# Hi\n`,
    ]) {
      const { header, body, bodyOffset } = parseMemo(source, "a.md");
      expect(header).toEqual({
        from: "developer",
        to: ["sysadmin", "writer"],
        priority: "high",
        hops: 0,
        subject: "Hi",
      });
      expect([body, bodyOffset]).toEqual([source, 0]);
    }
  });

  it("names the line of a bold-line header", () => {
    const error = refusal(() => parseMemo("# Hi\r\n\r\n**To:** a\r\n**Priority:** asap\r\n", "a.md"));
    expect(error.message).toMatch(/^a\.md:4: priority "asap"/);
  });

  it("believes front matter more than bold lines, and bold lines only at the beginning", () => {
    const { header } = memo("to: a", "# Hi\n**To:** b\n**Type:** ask\n\nText\n\n**Priority:** urgent\n");
    expect(header).toMatchObject({ to: ["a"], type: "ask", priority: "normal" });
  });

  it("finds the first heading that a reader sees", () => {
    expect(memo("to: a", "```\n# no\n```\n<!--\n# no\n-->\nYes *we* do\n======\n").header.subject).toBe("Yes we do");
    expect(memo("to: a\nsubject: From the header").header.subject).toBe("From the header");
  });

  it("reads files with other line ends and a byte order mark", () => {
    const source = "\uFEFF---\r\nto: a\r\npriority: low\r\n---\r\n# Hi\r\n";
    expect(parseMemo(source, "a.md")).toMatchObject({
      header: { to: ["a"], priority: "low" },
      body: "# Hi\r\n",
      bodyLine: 5,
    });
  });

  it("ignores names that it does not know", () => {
    expect(memo("to: a\nmood: good\nconstructor: x\n__proto__: y").header).toEqual({
      to: ["a"],
      priority: "normal",
      hops: 0,
      subject: "Hi",
    });
  });

  it("throws nothing but MeshError, whatever it reads", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "---",
        "\n",
        "\r\n",
        "to: a",
        "**To:** ",
        "# ",
        "[",
        "{",
        "&a ",
        "*a",
        ": ",
        "- ",
        "!!",
        "|",
        ">",
        "? ",
        "'",
        '"',
        "\uFEFF",
        "%",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, header) => {
        const text = header ? `---\n${pieces.join("")}\n---\n# x` : pieces.join("");
        try {
          const { source, body, bodyOffset } = parseMemo(text, "a.md");
          expect(source.slice(bodyOffset)).toBe(body);
        } catch (error) {
          expect(error).toBeInstanceOf(MeshError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("printMemo", () => {
  const line = fc
    .string({ unit: "binary", minLength: 1, maxLength: 40 })
    .map((text) => text.replace(/\s+/g, " ").trim());

  it("prints what parseMemo reads back", () => {
    const draft = fc.record(
      {
        id: fc.constant(id),
        from: fc.constant("developer"),
        to: fc.constantFrom(["a"], ["a", "b"], ["*"]),
        date: fc.constant("2026-11-21T10:12:00.123Z"),
        priority: fc.constantFrom("low" as const, "urgent" as const),
        type: fc.constantFrom("ask" as const, "alert" as const),
        re: fc.constant(id),
        thread: fc.constant(id),
        hops: fc.nat(9),
        subject: line.filter((text) => !["", "~", "null"].includes(text)),
        body: fc.string(),
      },
      { requiredKeys: ["to", "subject", "body"] },
    );
    fc.assert(
      fc.property(draft, ({ body, ...header }) => {
        const read = parseMemo(printMemo({ ...header, body, digest: true }), "a.md");
        expect(read.header).toEqual({ priority: "normal", hops: 0, ...header, digest: bodyDigest(read.body) });
      }),
    );
  });

  it("leaves a readable file", () => {
    expect(printMemo({ from: "developer", to: ["sysadmin"], subject: "Deploy shop", body: "Please.\n" })).toBe(
      "---\nfrom: developer\nto: sysadmin\n---\n# Deploy shop\n\nPlease.\n",
    );
  });
});

describe("withHeader", () => {
  it("changes, adds and removes only the lines it was told to", () => {
    const source =
      "---\n# mine\nto:   a   # who\nlist:\n  - x\n  - y\nnote: |\n  two\n  lines\nre:\n# end\n---\n# Hi\n";
    const changed = withHeader(source, { to: ["a", "b"], list: undefined, note: "one: line", re: id, status: "done" });
    expect(changed).toBe(
      `---\n# mine\nto:   [a, b]   # who\nnote: "one: line"\nre: ${id}\n# end\nstatus: done\n---\n# Hi\n`,
    );
  });

  it("leaves a line as its author wrote it when it says the same already", () => {
    const source = `---\nto: "a"   # who\nlist:\n  - x\n  - 'y'\n---\n# Hi\n`;
    expect(withHeader(source, { to: "a", list: ["x", "y"], re: undefined })).toBe(source);
    expect(withHeader(source, { to: "a", list: ["x"] })).toBe(`---\nto: "a"   # who\nlist: [x]\n---\n# Hi\n`);
  });

  it("keeps line ends, the byte order mark and files that have no header yet", () => {
    expect(withHeader("\uFEFF---\r\nto: a\r\n---\r\n# Hi\r\n", { hops: 1 })).toBe(
      "\uFEFF---\r\nto: a\r\nhops: 1\r\n---\r\n# Hi\r\n",
    );
    expect(withHeader("\uFEFF# Hi\r\n", { to: "*" })).toBe('\uFEFF---\r\nto: "*"\r\n---\r\n# Hi\r\n');
    expect(withHeader("# Hi\n", { to: undefined })).toBe("# Hi\n");
    expect(withHeader("---\n---\n# Hi\n", { to: "a" })).toBe("---\nto: a\n---\n# Hi\n");
    expect(withHeader("---\n{ to: a, x: y }\n---\n", { to: "b", x: undefined })).toBe("---\n{ to: b }\n---\n");
  });

  it("keeps every byte of the body and gives back every value", () => {
    const values = fc.dictionary(
      fc.constantFrom("to", "status", "question", "x-y", "note"),
      fc.oneof(fc.string({ unit: "binary" }), fc.array(fc.string({ unit: "binary" }), { maxLength: 3 })),
      { noNullPrototype: true },
    );
    const header = fc.constantFrom(
      "",
      "---\nto: a # b\nnote: >\n  x\n  y\n---\n",
      "---\r\nstatus:\r\n- a\r\n- b\r\nto:\r\n---\r\n",
      "---\n---\n",
      "---\nto:\n  a\n---\n",
    );
    const body = fc.string({ unit: "binary" }).filter((text) => !text.startsWith("---") && !text.startsWith("\uFEFF"));
    fc.assert(
      fc.property(header, body, values, (head, text, changes) => {
        const changed = withHeader(head + text, changes);
        const memo = parseMemo(
          withHeader(changed, { to: "a", subject: "b", status: undefined, question: undefined }),
          "a.md",
        );
        expect(memo.body).toBe(text);
        for (const [name, value] of Object.entries(changes)) {
          expect(reread(changed)[name]).toEqual(Array.isArray(value) && value.length === 0 ? [] : value);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function reread(source: string): Record<string, unknown> {
  return splitFrontmatter(source, "a.md").data;
}
