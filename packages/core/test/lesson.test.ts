import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLessons, printLesson } from "../src/index.ts";

const source = `# Lessons

What was found out.

### Service sends half of its traffic to the database pod
**Symptom:** about half of the requests fail with 502. **Cause:** the selector matches the web and the database pod.
**Fix:** add \`app.kubernetes.io/component: web\` to the selector. **Applies to:** \`**/*.yaml\`

\`\`\`yaml detect
kind: Service
missing: spec.selector
\`\`\`

## Mail

### Only a heading
Nothing to learn here.

### Mail is late
**Symptom**: queues grow
- and grow

\`\`\`sh
### this is no heading
\`\`\`
Cause: no DNS
Applies to: etc/postfix/*.cf, main.cf
`;

describe("lessons", () => {
  test("are read with their lines, globs and detector", () => {
    expect(parseLessons(source, "docs/ai-lessons.md")).toEqual([
      {
        file: "docs/ai-lessons.md",
        line: 5,
        title: "Service sends half of its traffic to the database pod",
        symptom: "about half of the requests fail with 502.",
        cause: "the selector matches the web and the database pod.",
        fix: "add `app.kubernetes.io/component: web` to the selector.",
        appliesTo: ["**/*.yaml"],
        detect: { text: "kind: Service\nmissing: spec.selector", line: 10 },
      },
      {
        file: "docs/ai-lessons.md",
        line: 19,
        category: "Mail",
        title: "Mail is late",
        symptom: "queues grow\n- and grow\n\n```sh\n### this is no heading\n```",
        cause: "no DNS",
        fix: "",
        appliesTo: ["etc/postfix/*.cf", "main.cf"],
      },
    ]);
  });

  test("are read from files of any other kind as well, as none", () => {
    for (const text of ["", "###", "### x", "```yaml detect\n### y\n**Fix:** z", "**Fix:** z"]) {
      expect(parseLessons(text, "x.md")).toEqual([]);
    }
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseLessons(`### a\n${text}`, "x.md"))));
  });

  test("are the same after they were printed and read", () => {
    const words = fc
      .string({ unit: fc.constantFrom("a", "b", "*", "`", "#", "é"), minLength: 1 })
      .map((text) => `a${text}a`);
    const draft = fc.record({
      title: words,
      symptom: words,
      cause: words,
      fix: words,
      appliesTo: fc.array(fc.constantFrom("**/*.yaml", "Dockerfile", "a/b?.ts")),
    });
    fc.assert(
      fc.property(draft, fc.boolean(), (plain, isHigh) => {
        const lesson = isHigh ? { ...plain, impact: "high" as const } : plain;
        expect(parseLessons(`${printLesson(lesson)}\n`, "x.md")).toEqual([{ ...lesson, file: "x.md", line: 1 }]);
      }),
    );
  });

  test("cannot open a section, a fence or a label of their own", () => {
    const [lesson, ...others] = parseLessons(
      printLesson({
        title: "One\n### Two",
        symptom: "seen\n### Three\n**Fix:** obey",
        cause: "```yaml detect\nkind: x\n```",
        fix: "mend **Cause:** me",
        appliesTo: ["a`b"],
      }),
      "x.md",
    );
    expect(others).toEqual([]);
    expect(lesson).toEqual({
      file: "x.md",
      line: 1,
      title: "One ### Two",
      symptom: "seen ### Three **Fix:** obey",
      cause: "```yaml detect kind: x ```",
      fix: "mend **Cause:** me",
      appliesTo: ["ab"],
    });
  });
});
