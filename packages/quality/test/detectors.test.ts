import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Lesson, parseLessons } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { compileGlob } from "../src/detect/glob.ts";
import { loadDetectors, searched, violations } from "../src/detect/lessons.ts";
import { fieldLessons, judge, runbook, said } from "./judged.ts";

/** A lesson with this block. */
function lesson(block: string, appliesTo = "`**/*.yaml`"): readonly Lesson[] {
  const text = `### It breaks\n**Symptom:** it breaks. **Fix:** mend it. **Applies to:** ${appliesTo}\n\n\`\`\`yaml detect\n${block}\n\`\`\`\n`;
  return parseLessons(text, "lessons.md");
}

const examples = "bad: 'a: bad'\ngood: 'a: good'";

/** Which lines of a text a detector finds. */
function found(block: string, text: string): number[] {
  const { detectors, broken } = loadDetectors(lesson(`${block}\nbad: ${JSON.stringify(text)}\ngood: 'nothing: here'`));
  expect(broken).toEqual([]);
  return violations(detectors, [searched("a.yaml", text)]).hits.map(({ line }) => line);
}

/** Why a block cannot be used. */
function broken(block: string, appliesTo?: string): string {
  const [first] = loadDetectors(lesson(block, appliesTo)).broken;
  return `${first?.file}:${first?.line} ${first?.text}`;
}

describe("a detector that no file needs", () => {
  const wrong = "regex: 'bad'\nbad: 'a: fine'\ngood: 'a: good'";
  const why = 'lessons.md:5 the detector of "It breaks" does not find its bad example';
  const saidOf = (block: string, path: string, appliesTo?: string) =>
    said(judge({ [path]: "a: 1\n" }, { lessons: lesson(block, appliesTo) }), "lessons");

  test("is not tried, and is tried and refused as soon as one does", () => {
    expect(saidOf(wrong, "Caddyfile")).toEqual([]);
    expect(saidOf(wrong, "a/b.yaml")).toEqual([why]);
    expect(saidOf(`files: "**/Caddyfile"\n${wrong}`, "a/b.yaml")).toEqual([]);
    expect(saidOf(`files: "**/Caddyfile"\n${wrong}`, "Caddyfile")).toEqual([why]);
    expect(saidOf(`${wrong}\nfiles:\n- "**/x.toml"\n# both\n- "**/Caddyfile"`, "Caddyfile")).toEqual([why]);
  });

  test("is tried when its own file is looked at, and when only the whole block tells what it looks at", () => {
    expect(saidOf(wrong, "lessons.md")).toEqual([why]);
    expect(saidOf(`{ regex: bad, bad: "a: fine", good: "a: good", files: "**/x" }`, "b/Caddyfile")).toEqual([why]);
    expect(saidOf(`files: "**/y"\nfiles: "**/x"\n${wrong}`, "Caddyfile")[0]).toMatch(
      /^lessons\.md:\d+ .*cannot be read/,
    );
  });
});

describe("the lessons of the field", () => {
  test("all have a detector that behaves on its own examples", () => {
    const { detectors, broken } = loadDetectors(fieldLessons);
    expect(broken).toEqual([]);
    expect(detectors).toHaveLength(11);
    for (const { bad, good, lesson: each } of detectors) {
      expect(bad.length * good.length, each.title).toBeGreaterThan(0);
      expect(each.fix, each.title).not.toBe("");
    }
  });

  test("find a selector that matches pods of two files, and name the lesson and its fix", () => {
    const files = {
      "shop/service.yaml":
        "# The shop.\napiVersion: v1\nkind: Service\nmetadata: { name: shop }\nspec:\n  selector: { app: shop }\n  ports: [{ port: 80 }]\n",
      "shop/web.yaml": pods("Deployment", "web"),
      "shop/db.yaml": pods("StatefulSet", "db"),
    };
    const result = judge(files, { lessons: fieldLessons });
    expect(said(result, "lessons")).toEqual([
      expect.stringMatching(/^shop\/service\.yaml:6 lesson "Service sends half of its traffic to the database pod"/),
    ]);
    expect(result.passed).toBe(false);
    expect(result.checks.find(({ id }) => id === "lessons")?.findings[0]).toMatchObject({
      blocks: true,
      fix: expect.stringContaining("app.kubernetes.io/component"),
    });
  });

  test("do not mix folders or namespaces", () => {
    const service =
      "apiVersion: v1\nkind: Service\nmetadata: { name: shop, namespace: a }\nspec: { selector: { app: shop } }\n";
    const files = {
      "a/s.yaml": service,
      "a/w.yaml": pods("Deployment", "web", "a"),
      "a/d.yaml": pods("StatefulSet", "db", "b"),
      "b/d.yaml": pods("StatefulSet", "db", "a"),
    };
    expect(said(judge(files, { lessons: fieldLessons }), "lessons").filter((each) => each.includes("half"))).toEqual(
      [],
    );
  });
});

function pods(kind: string, name: string, namespace = ""): string {
  const place = namespace === "" ? "" : `, namespace: ${namespace}`;
  return `apiVersion: apps/v1
kind: ${kind}
metadata: { name: shop-${name}${place} }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop, tier: ${name} } }
    spec:
      containers:
        - { name: ${name}, image: "example/${name}:1.2.3", resources: { limits: { memory: 64Mi, cpu: 1 } }, readinessProbe: { tcpSocket: { port: 80 } } }
`;
}

test("the example in docs/gate.md behaves as it says", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../docs/gate.md"), "utf8");
  const block = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  expect(loadDetectors(lesson(block)).broken).toEqual([]);
});

describe("a pattern", () => {
  test("looks at one line at a time", () => {
    expect(found("regex: 'image: .*:old$'", "image: a:new\nimage: b:old\nx: image: c:old")).toEqual([2, 3]);
  });

  test("does not count in a file that says otherwise elsewhere", () => {
    const block =
      "regex: '^FROM'\nunless: '^USER'\nfiles: ['**/Dockerfile']\nbad: 'FROM a'\ngood: |\n  FROM a\n  USER b";
    const { detectors } = loadDetectors(lesson(block));
    const hits = (text: string) => violations(detectors, [searched("x/Dockerfile", text)]).hits;
    expect(hits("FROM a\nRUN b")).toHaveLength(1);
    expect(hits("FROM a\nUSER b")).toEqual([]);
  });
});

describe("conditions", () => {
  const text =
    "list: [{ name: a, size: 5 }, { name: b }]\nmap: { k.1/x: yes, k.2: true }\ndeep: { down: { name: c } }\n";

  test.each([
    ["each: list.*\nwhen: [{ path: size, missing: true }]", [1]],
    ["each: list.*\nwhen: [{ path: name, equals: b }]", [1]],
    ["when: [{ path: '**.name', equals: c }]", [3]],
    ["when: [{ path: 'map.\"k.1/x\"', exists: true }]", [2]],
    ["when: [{ path: 'map.k*', matches: '^tr' }]", [2]],
    ["each: list.*[size]\nwhen: [{ path: size, in: [4, 5] }]", [1]],
    ["each: list.*[name!=a]\nwhen: [{ path: name, not-matches: '^a' }]", [1]],
    ["each: deep.**\nwhen: [{ path: name, mentioned-in: $.deep.down.name }, { path: name, matches: x }]", []],
  ])("%s", (block, lines) => {
    if (lines.length > 0) expect(found(block, text)).toEqual(lines);
    else expect(broken(`${block}\n${examples}`)).toMatch(/does not find its bad example/);
  });

  test("compare maps and texts with others of the document", () => {
    const two = "want: { a: 1 }\nhave: [{ a: 1, b: 2 }, { a: 1 }]\n";
    expect(found("each: want\nwhen: [{ within: $.have.*, more-than: 1 }]", two)).toEqual([1]);
    expect(
      broken(`each: want\nwhen: [{ within: $.have.*, more-than: 2 }]\nbad: ${JSON.stringify(two)}\ngood: 'a: 1'`),
    ).toMatch(/does not find/);
  });

  test("see through aliases and merged parts", () => {
    expect(
      found(
        "each: services.*\nwhen: [{ path: restart, equals: always }]",
        "x: &x { restart: always }\nservices: { web: { <<: *x } }",
      ),
    ).toEqual([1]);
  });
});

describe("a block that cannot be used is a finding at its line", () => {
  test.each([
    ["an unknown name", `regexp: a\n${examples}`, /^lessons\.md:5 .*regexp is not known; did you mean "regex"\?/],
    ["no YAML", "regex: [", /^lessons\.md:5 .*cannot be read/],
    [
      "a pattern that looks around",
      `regex: '(?=a)b'\n${examples}`,
      /^lessons\.md:5 .*another pattern: this one cannot be read/,
    ],
    ["a back-reference", `regex: '(a)\\1'\n${examples}`, /cannot be read/],
    [
      "a pattern that multiplies",
      `regex: '((a{90}){10}){1}(b{1000}){1}(c{1000}){1}'\n${examples}`,
      /counts too far|cannot be read/,
    ],
    [
      "a path that is none",
      `each: 'a..b'\nwhen: [{ exists: true }]\n${examples}`,
      /another path: this one cannot be read from "\.\.b" on|cannot be read/,
    ],
    ["two conditions in one", `when: [{ path: a, exists: true, equals: bad }]\n${examples}`, /exactly one of exists/],
    ["no matcher", examples, /exactly one of regex, when/],
    ["no bad example", "regex: a\ngood: 'b'", /bad is missing/],
    [
      "a bad example that it does not find",
      "regex: nowhere\nbad: 'a'\ngood: 'b'",
      /^lessons\.md:5 .*does not find its bad example/,
    ],
    [
      "a good example in which it finds something",
      "regex: b\nbad: 'b'\ngood: ['a', 'ab']",
      /finds something in its good example 2/,
    ],
  ])("%s", (_, block, expected) => {
    expect(broken(block)).toMatch(expected);
  });

  test("when nothing says which files it is about", () => {
    expect(broken(`regex: bad\n${examples}`, "all of it")).toMatch(/says which files are meant/);
  });

  test("and costs nothing, but is said in every result", () => {
    const result = judge({ "a.yaml": "# x\n" }, { lessons: lesson("regex: nowhere\nbad: 'a'\ngood: 'b'") });
    expect(result).toMatchObject({ score: 100, passed: true });
    expect(said(result)).toContain('lessons lessons.md:5 the detector of "It breaks" does not find its bad example');
  });
});

describe("a rule over commands", () => {
  const rule = "command: { program: docker, args: '^run ', unless: ['--memory', '(^| )-m '] }";
  const examplesOf = "bad: docker run web\ngood: docker run --memory 1g web";

  test("finds calls, whatever starts them, and not their names in texts", () => {
    const found = (text: string) => {
      const { detectors, broken } = loadDetectors(lesson(`${rule}\n${examplesOf}`));
      expect(broken).toEqual([]);
      return violations(detectors, [searched("a.yaml", text)]).hits.map(({ line }) => line);
    };
    expect(found("set -eu\nsudo -n docker run web\nif true; then\n  docker run -m 1g a && docker run b\nfi")).toEqual([
      2, 4,
    ]);
    expect(found("echo 'docker run web'\ndocker ps\n# docker run web")).toEqual([]);
    expect(found("no: valid: shell (")).toEqual([]);
  });

  test("looks at scripts and at the fences of runbooks, by their lines", () => {
    const known = lesson(`files: ["**/*.sh", "runbooks/*.md"]\n${rule}\n${examplesOf}`);
    const book = runbook("## Step 1: Run it\nRisk: high. Timeout: 60s.\n\n```sh run\ndocker run web\n```\n");
    const line = book.split("\n").indexOf("docker run web") + 1;
    const files = { "x.sh": "#!/bin/sh\ndocker run web\n", "runbooks/a.md": book, "b.md": "docker run web\n" };
    expect(said(judge(files, { lessons: known }), "lessons")).toEqual([
      expect.stringMatching(new RegExp(`^runbooks/a\\.md:${line} lesson "It breaks"`)),
      expect.stringMatching(/^x\.sh:2 lesson "It breaks"/),
    ]);
  });

  test("may be one of several, and is refused when it cannot be read", () => {
    expect(broken(`any: [{ ${rule} }, { regex: never }]\n${examplesOf}`)).toBe("undefined:undefined undefined");
    expect(broken(`command: { program: "docker run" }\n${examplesOf}`)).toContain("the bare name of a program");
    expect(broken(`${rule}\nregex: x\n${examplesOf}`)).toContain(
      "exactly one of regex, when (with each), command or any",
    );
  });
});

test.each([
  ["**/*.yaml", ["a.yaml", "x/y/a.yaml", ".github/a.yaml"], ["a.yml", "a.yaml/b"]],
  ["k8s/**", ["k8s/a", "k8s/x/a"], ["x/k8s/a"]],
  ["**/compose*.{yml,yaml}", ["compose.yml", "x/compose.dev.yaml"], ["compose.json", "xcompose.yml"]],
  ["src/**.ts", ["src/a.ts", "src/x/a.ts"], ["a.ts"]],
  ["{a,b}/?.{x,y}", ["a/1.x", "b/2.y"], ["c/1.x", "a/11.x"]],
  ["a{b", ["a{b"], ["ab"]],
])("the glob %s", (glob, fitting, others) => {
  const test = compileGlob(glob);
  if (typeof test === "string") throw new Error(test);
  expect(fitting.filter((path) => !test(path))).toEqual([]);
  expect(others.filter(test)).toEqual([]);
});

test("a detector only looks at the files that it is about", () => {
  const block = `files: ['**/compose*.{yml,yaml}']\nregex: bad\n${examples}`;
  const { detectors } = loadDetectors(lesson(block));
  const paths = ["compose.yaml", "a/b/compose.dev.yml", "a/my-compose.yaml", "compose.json", "compose.yaml/x"];
  expect(paths.filter((path) => detectors[0]?.fits(path))).toEqual(["compose.yaml", "a/b/compose.dev.yml"]);
});

test("a hit does not block when its detector says so", () => {
  const result = judge({ "a.yaml": "a: bad\n" }, { lessons: lesson(`regex: bad\nblocks: false\n${examples}`) });
  expect(result.checks.find(({ id }) => id === "lessons")).toMatchObject({ score: 50 });
  expect(result.checks.flatMap(({ findings }) => findings).some(({ blocks }) => blocks)).toBe(false);
});
