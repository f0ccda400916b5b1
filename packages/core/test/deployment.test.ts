import { describe, expect, it } from "vitest";
import { parseMemo } from "../src/index.ts";
import { readBody, readDeployment } from "../src/markdown.ts";
import { refusal } from "./refusal.ts";

/** The text begins on line 5. */
const deployment = (text: string) => {
  const memo = parseMemo(`---\nto: sysadmin\n---\n# Deploy\n${text}`, "deploy.md");
  return readDeployment(memo, readBody(memo));
};
const block = (yaml: string) => `\`\`\`yaml deploy\n${yaml}\n\`\`\`\n`;

const all = {
  app: "shop",
  version: "1.4.2",
  target: "staging",
  artifacts: [{ kind: "static", path: "dist" }],
  port: 8080,
  domain: "shop.example.com",
  env: ["DATABASE_URL", "SESSION_SECRET"],
  needs: ["postgres"],
  resources: { memory: "256M", cpus: 0.5 },
  verify: [{ http: "http://127.0.0.1:8080/healthz", expect: 200 }, { command: "test -f index.html" }],
};

describe("readDeployment", () => {
  it("reads the block of the formats document", () => {
    const text = block(`app: shop
version: 1.4.2
target: staging                     # a target of mesh.yml
artifact: { kind: static, path: dist }        # static | image | compose | migration (a list is fine)
port: 8080
domain: shop.example.com
env: [DATABASE_URL, SESSION_SECRET]           # names only
needs: [postgres]
resources: { memory: 256M, cpus: 0.5 }
verify: [{ http: "http://127.0.0.1:8080/healthz", expect: 200 }, { command: "test -f index.html" }]`);
    expect(deployment(text)).toEqual(all);
  });

  it("reads the same facts from prose", () => {
    const text = `
## Context
- App: shop
- **Version:** 1.4.2 (the second try)
- Target: \`staging\`.
- Artifact: static files in \`dist/\`
- Port: 8080
- Domain: shop.example.com
- Memory: 256M
- CPUs: 0.5

## Environment variables
- \`DATABASE_URL\`: where the orders are
- SESSION_SECRET

## Needs
- Postgres

## Verification
- http://127.0.0.1:8080/healthz answers 200
- \`test -f index.html\`
- Have a look at it.

## Action items
- [ ] Target: nowhere
`;
    expect(deployment(text)).toEqual(all);
  });

  it("believes the block more than the prose, which fills in what the block leaves out", () => {
    const text = `${block("version: 1.10\nport:")}\nVersion: 1.4.2\n\nEnvironment variables: A, B and C.\n`;
    expect(deployment(text)).toEqual({ version: "1.10", artifacts: [], env: ["A", "B", "C"], needs: [], verify: [] });
  });

  it("finds no facts where there are none", () => {
    expect(
      deployment(
        "Hello.\n\n- Target: the new customers\n- Version: to be decided\n- Port: none\n\n## Environment\nSunny.\n",
      ),
    ).toBeUndefined();
    expect(deployment("```yaml\napp: shop\n```\n")).toBeUndefined();
  });

  it.each([
    ["env: [DATABASE_URL=postgres://u:hunter2@h/db]", 6],
    ["app: shop\nenv: { DATABASE_URL: hunter2 }", 7],
    ["env:\n  - DATABASE_URL: hunter2", 6],
    ["env: [sk-hunter2]", 6],
    ["env: DATABASE_URL=hunter2", 6],
  ])("refuses a value of a variable in %j without repeating it", (yaml, line) => {
    const error = refusal(() => deployment(block(yaml)));
    expect(error).toMatchObject({ code: "deployment.env", place: { file: "deploy.md", line } });
    expect(error.message).not.toContain("hunter2");
  });

  it.each(["## Environment variables\n- DATABASE_URL=hunter2\n", "## Context\n- Env: A, DATABASE_URL=hunter2\n"])(
    "refuses a value in prose: %j",
    (text) => {
      const error = refusal(() => deployment(text));
      expect(error).toMatchObject({ code: "deployment.env", place: { line: 6 } });
      expect(error.message).toContain("DATABASE_URL");
      expect(error.message).not.toContain("hunter2");
    },
  );

  it.each([
    ["prot: 80", 'prot is not known; did you mean "port"?'],
    ["port: 99999", 'port "99999" cannot be used; expected a number from 1 to 65535.'],
    ["artifact: { kind: zip }", 'artifact.kind "zip" is not known; expected static, image, compose or migration.'],
    [
      "artifact: { kind: static, path: ../../etc }",
      'artifact.path "../../etc" cannot be used; expected a path below the node\'s folder, such as dist.',
    ],
    ["version: 1.4;reboot", 'version "1.4;reboot" cannot be used; expected one word such as 1.4.2.'],
    ['verify: [{ http: "http://x/$(id)" }]', "expected an address such as http://127.0.0.1:8080/healthz."],
    ["domain: 'a b'", "expected a domain such as shop.example.com."],
  ])("says what is wrong with %j", (yaml, sentence) => {
    const error = refusal(() => deployment(block(yaml)));
    expect(error).toMatchObject({ code: "deployment.block", place: { file: "deploy.md", line: 6 } });
    expect(error.sentence).toContain(sentence);
  });

  it("takes only one block in a memo", () => {
    expect(refusal(() => deployment(block("app: a") + block("app: b")))).toMatchObject({
      code: "deployment.twice",
      place: { line: 8 },
    });
  });
});
