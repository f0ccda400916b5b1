import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memomesh, temporaryFolder } from "./program.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder.path, path)), { recursive: true });
  await writeFile(join(folder.path, path), text);
}

const good = `# The site, behind the proxy of the host.
services:
  web:
    image: nginx:1.27.3
    healthcheck: { test: [CMD, nginx, -t] }
    mem_limit: 64m
    cpus: 0.25
    logging: { driver: journald }
`;

interface Result {
  score: number;
  passed: boolean;
  missingTools: { name: string }[];
  checks: { id: string; notApplicable?: true; findings: { file: string; line?: number; text: string }[] }[];
}

async function result(args: readonly string[], cwd = folder.path): Promise<Result> {
  const { out, err } = await memomesh(["gate", "--no-tools", "--json", ...args], { cwd });
  expect(err).toBe("");
  return JSON.parse(out) as Result;
}

function findings({ checks }: Result): string[] {
  return checks.flatMap(({ id, findings: each }) => each.map(({ file, line }) => `${id} ${file}:${line ?? "-"}`));
}

describe("memomesh gate on files that people wrote, outside of a mesh", () => {
  test("passes what is good, and says what was looked at", async () => {
    await write("good/compose.yaml", good);
    const { code, out } = await memomesh(["gate", "--no-tools", "good"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(out).toMatch(/Resource limits +ok\n/);
    expect(out).toMatch(/\npassed {2}100 of 100 points, 85 needed\n$/);
  });

  test("ends with 1 below the threshold and points to file and line", async () => {
    await write("bad/compose.yaml", good.replace("1.27.3", "latest"));
    const { code, out } = await memomesh(["gate", "--no-tools", "bad/compose.yaml"], { cwd: folder.path });
    expect(code).toBe(1);
    expect(out).toMatch(/ {2}bad\/compose\.yaml:4 {2}-\d+(?:\.\d)? points\n {4}the image nginx:latest is latest/);
    expect(out).toMatch(/lesson "latest is not a version"/);
    expect(out).toMatch(/\nfailed {2}/);
  });

  test("moves the threshold, but lets nothing through that blocks", async () => {
    await write("low/compose.yaml", good.replace(/ {4}healthcheck.*\n/, ""));
    const gate = (...args: string[]) => memomesh(["gate", "--no-tools", ...args], { cwd: folder.path });
    expect((await gate("low")).code).toBe(1);
    expect((await gate("low", "--threshold", "50")).code).toBe(0);
    const blocked = await gate("bad", "--threshold", "0");
    expect(blocked.code).toBe(1);
    expect(blocked.out).toContain("but a finding blocks");
    expect((await gate("low", "--threshold", "101")).code).toBe(2);
  });

  test("speaks SARIF, GitHub's annotations, and to an agent", async () => {
    const gate = (...args: string[]) => memomesh(["gate", "--no-tools", "bad", ...args], { cwd: folder.path });
    const sarif = JSON.parse((await gate("--sarif")).out) as { runs: [{ results: { ruleId: string }[] }] };
    expect(sarif.runs[0].results.map(({ ruleId }) => ruleId)).toEqual(["pinned", "lessons"]);
    const { out, code } = await gate("--github");
    expect(code).toBe(1);
    expect(out.trim().split("\n")).toEqual([
      expect.stringMatching(/^::warning file=bad\/compose\.yaml,line=4,title=memomesh gate%3A Pinned versions::/),
      expect.stringMatching(/^::error file=bad\/compose\.yaml,line=4,title=memomesh gate%3A No lesson violated::/),
    ]);
    expect((await gate("--plan")).out).toMatch(/^# Improvement plan\n[\s\S]*\n1\. `bad\/compose\.yaml:4`: lesson/);
    expect((await gate("--plan", "--sarif")).code).toBe(2);
  });

  test("takes the requirements of a memo", async () => {
    await write("memo.md", "---\nfrom: a\nto: b\n---\n# Deploy\n\n- [ ] Rotate the certificates\n");
    expect(findings(await result(["good", "--memo", "memo.md"]))).toEqual(["requirements memo.md:7"]);
  });

  test("explains each check and knows which there are", async () => {
    const { out } = await memomesh(["gate", "--explain"], { cwd: folder.path });
    expect(out).toMatch(/^Runbook completeness {2}runbook, weight 20\n/);
    const one = await memomesh(["gate", "--explain", "limits"], { cwd: folder.path });
    expect(one.out.split("\n")[0]).toBe("Resource limits  limits, weight 12");
    const none = await memomesh(["gate", "--explain", "limit"], { cwd: folder.path });
    expect(none.code).toBe(2);
    expect(none.err).toContain('there is no check "limit"; expected runbook, requirements');
  });

  test("says what it wants when it cannot find it", async () => {
    const missing = await memomesh(["gate", "nowhere"], { cwd: folder.path });
    expect(missing.code).toBe(2);
    expect(missing.err).toContain("there is no nowhere here; expected a runbook, a file or a folder");
    expect((await memomesh(["gate"], { cwd: folder.path })).code).toBe(2);
  });

  test("shows no control characters of a file's name", async () => {
    await write("odd/a\u001b[31m.env", "API_TOKEN=abc\n");
    const { out } = await memomesh(["gate", "--no-tools", "odd"], { cwd: folder.path });
    expect(out).not.toContain("\u001b");
    expect(out).toContain("‹U+001B›");
  });
});

describe("memomesh gate in a mesh", () => {
  const memoId = "01KAJ0000000000000000MEM01";
  let root: string;

  beforeAll(async () => {
    root = join(folder.path, "mesh");
    await mkdir(root);
    await memomesh(["init", "--no-git"], { cwd: root });
    await memomesh(["node", "add", "sysadmin", "--role", "sysadmin"], { cwd: root });
    const inside = (path: string, text: string) => write(join("mesh", path), text);
    await inside("projects/sysadmin/services/compose.yaml", good.replace("1.27.3", "latest"));
    await inside(
      "projects/sysadmin/memos/incoming/2026-11-21-serve-mem01.md",
      `---\nid: ${memoId}\nfrom: developer\nto: sysadmin\ndate: 2026-11-21T10:00:00Z\n---\n# Serve the site\n\n## Action items\n- [ ] Serve the site\n- [ ] Rotate the certificates\n`,
    );
    await inside(
      "projects/sysadmin/runbooks/2026-11-21-serve-ses01.md",
      `---
id: rb-01KAJ0000000000000000SES01
memo: ${memoId}
node: sysadmin
target: staging
created: 2026-11-21T10:14:09Z
---
# Serve the site

## What this does

Serves the site with Compose.

## What is not known

- Nothing that matters here.

## Rollback

Take the file out again.

## Step 1: Put the file in place
Risk: low. Timeout: 60s. Needs: \`projects/sysadmin/services/compose.yaml\`.

Nothing uses it yet.

\`\`\`sh run
cp "$MESH/projects/sysadmin/services/compose.yaml" compose.yaml
\`\`\`
\`\`\`sh check
test -f compose.yaml
\`\`\`
\`\`\`sh undo
rm -f compose.yaml
\`\`\`
`,
    );
  });

  test("finds a runbook by its name, the files that it needs, and the memo that it answers", async () => {
    const found = await result(["serve-ses01"], root);
    const [file, memo] = [
      "projects/sysadmin/services/compose.yaml",
      "projects/sysadmin/memos/incoming/2026-11-21-serve-mem01.md",
    ];
    expect(findings(found)).toEqual([`requirements ${memo}:11`, `pinned ${file}:4`, `lessons ${file}:4`]);
    expect(found.passed).toBe(false);
  });

  test("looks for the lessons of the mesh, which take the place of shipped ones of the same title", async () => {
    const path = join(root, "docs/ai-lessons.md");
    const before = await readFile(path, "utf8");
    const block = (regex: string) => `\`\`\`yaml detect\nregex: ${regex}\nbad: ${regex}\ngood: nothing\n\`\`\`\n`;
    await writeFile(
      path,
      `${before}\n### latest is not a version\n**Fix:** ask Ada. **Applies to:** \`**/*.yaml\`\n\n${block("journald")}\n### Broken\n**Fix:** x. **Applies to:** \`**/*.yaml\`\n\n\`\`\`yaml detect\nregexp: a\n\`\`\`\n`,
    );
    const found = (await result(["projects/sysadmin/services"], root)).checks.find(({ id }) => id === "lessons");
    expect(found?.findings.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([
      expect.stringMatching(/services\/compose\.yaml:8 lesson "latest is not a version" \(docs\/ai-lessons\.md:\d+\)$/),
      expect.stringMatching(/^docs\/ai-lessons\.md:\d+ the detector of "Broken" cannot be read/),
    ]);
  });
});

test("memomesh gate judges by what the mesh tells the guard", async () => {
  const allowed = "sha256:a9c9c2ffa6cfc18b8d4dd5e0aaaaaaaa";
  await write("ruled/mesh.yml", `name: ruled\nguard: { allowedSecrets: ["${allowed}"] }\n`);
  await write(
    "ruled/a/compose.yaml",
    good.replace("mem_limit", "environment: { API_TOKEN: Tr0ub4dor-and-3 }\n    mem_limit"),
  );
  const cwd = join(folder.path, "ruled");
  expect(findings(await result(["a"], cwd))).toEqual(["secrets a/compose.yaml:6"]);
  const digest = createHash("sha256").update("Tr0ub4dor-and-3").digest("hex").slice(0, 32);
  await write("ruled/mesh.yml", `name: ruled\nguard: { allowedSecrets: ["sha256:${digest}"] }\n`);
  expect(findings(await result(["a"], cwd))).toEqual([]);
});
