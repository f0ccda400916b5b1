import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitFrontmatter } from "../src/index.ts";
import { parseYaml } from "../src/yaml.ts";
import { refusal } from "./refusal.ts";

const split = (source: string) => splitFrontmatter(source, "memo.md");

describe("splitFrontmatter", () => {
  it("gives every value as it was written", () => {
    const { data } = split("---\nversion: 1.10\nhops: 3\nflag: true\nempty:\nlist: [a, 2]\n---\n");
    expect(data).toEqual({ version: "1.10", hops: "3", flag: "true", empty: "", list: ["a", "2"] });
  });

  it("says where the body begins, whatever the line ends and with a byte order mark", () => {
    for (const source of [
      "---\nto: a\n---\n# Hi\n",
      "---\r\nto: a\r\n---\r\n# Hi\r\n",
      "\uFEFF---\nto: a\n---  \n# Hi\n",
    ]) {
      const front = split(source);
      expect(front.data).toEqual({ to: "a" });
      expect(front.body.trim()).toBe("# Hi");
      expect(front.bodyLine).toBe(4);
      expect(source.slice(front.bodyOffset)).toBe(front.body);
    }
  });

  it("takes a file without a header as it is", () => {
    expect(split("# Hi\n\n---\n")).toMatchObject({ present: false, body: "# Hi\n\n---\n", bodyLine: 1 });
    expect(split("----\nnot a header\n----\n").present).toBe(false);
    expect(split("").body).toBe("");
  });

  it.each(["js", "javascript", "json", "coffee", "constructor", "__proto__", "yaml", " js"])(
    "never runs a header that says it is %s",
    (language) => {
      const error = refusal(() => split(`---${language}\nglobalThis.ran = true\n---\n`));
      expect(error.code).toBe("frontmatter.language");
      expect(error.message).toContain("memo.md:1: the header opens with");
      expect(globalThis).not.toHaveProperty("ran");
    },
  );

  it("refuses a header twice in the same way", () => {
    const source = "---\nto: [\n---\n";
    expect(refusal(() => split(source)).message).toBe(refusal(() => split(source)).message);
  });

  it("names the line of a duplicate name, an alias and a tag", () => {
    expect(refusal(() => split("---\nto: a\nto: b\n---\n")).message).toMatch(/^memo\.md:3: .*unique/);
    expect(refusal(() => split("---\nto: &a [x]\nre: *a\n---\n")).message).toMatch(/^memo\.md:3: .*aliases/);
    expect(refusal(() => split("---\nto: !!js/function x\n---\n")).message).toMatch(/^memo\.md:2: .*tag/);
  });

  it("refuses an alias bomb before it grows", () => {
    const levels = Array.from({ length: 20 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}*l${i}]`);
    const error = refusal(() => split(`---\nl0: &l0 [x]\n${levels.join("\n")}\n---\n`));
    expect(error.sentence).toContain("aliases are not allowed");
  });

  it("refuses headers that are unclosed, endless, too deep or no names with values", () => {
    expect(refusal(() => split("---\nto: a\n")).code).toBe("frontmatter.unclosed");
    expect(refusal(() => split(`---\n${"a: b\n".repeat(9000)}---\n`)).code).toBe("frontmatter.too-long");
    expect(refusal(() => split(`---\n${"[".repeat(16_000)}\n---\n`)).code).toBe("frontmatter.yaml");
    expect(refusal(() => split("---\n- a\n---\n")).code).toBe("frontmatter.shape");
  });

  it("keeps a name that objects have of their own from touching them", () => {
    const { data } = split("---\n__proto__: { admin: yes }\nconstructor: x\n---\n");
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(Object.hasOwn(data, "constructor")).toBe(true);
  });

  it("reads simple headers as the YAML parser reads them", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
    const value = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9 ,._/+:-]{1,20}$/),
      fc.constantFrom("null", "1e3", "0x1f", "a: b", "a:", "x #y"),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true }), (values) => {
        const header = Object.entries(values)
          .map(([key, text]) => `${key}: ${text}\n`)
          .join("");
        const read = attempt(() => split(`---\n${header}---\n`).data);
        const parsed = attempt(() => parseYaml(header, { file: "memo.md", code: "yaml" }, "text").value);
        expect(read).toEqual(parsed);
      }),
      { numRuns: 300 },
    );
  });
});

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return "refused";
  }
}
