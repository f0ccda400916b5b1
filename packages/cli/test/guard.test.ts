// What the guard says to a person: secrets in files, programs of mesh.yml, text that lies.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeStudio, type Studio } from "./program.ts";

const token = `ghp_${"Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lz".repeat(2).slice(0, 36)}`;

let studio: Studio;
let cwd: string;
let call: Studio["call"];
let put: Studio["put"];

beforeAll(async () => {
  studio = await makeStudio();
  ({ cwd, call, put } = studio);
});
afterAll(() => studio.remove());

describe("memomesh guard secrets", () => {
  test("names file, line, kind and fingerprint, and not the secret; an allowed one is none", async () => {
    await put("projects/ops/env.ts", `one\nexport const key = "${token}";\n`);
    const { out, code } = await call("guard", "secrets", "projects");
    expect(code).toBe(1);
    expect(out).toMatch(/^projects\/ops\/env\.ts:2: github-token {2}sha256:[0-9a-f]{32}$/m);
    expect(out).not.toContain(token.slice(6, 20));
    const { findings } = JSON.parse((await call("guard", "secrets", "--json")).out);
    expect(findings).toMatchObject([{ file: "projects/ops/env.ts", line: 2, kind: "github-token" }]);
    const config = await readFile(join(cwd, "mesh.yml"), "utf8");
    await put("mesh.yml", `${config}\nguard:\n  allowedSecrets: ["${findings[0].fingerprint}"]\n`);
    expect(await call("guard", "secrets")).toMatchObject({ code: 0, out: "" });
    await put("mesh.yml", `${config}\nguard:\n  allowedSecrets: [abc]\n`);
    expect(await call("guard", "secrets")).toMatchObject({
      code: 65,
      err: expect.stringMatching(
        /mesh\.yml:\d+: guard\.allowedSecrets\[0\] "abc" cannot be used; expected a fingerprint/,
      ),
    });
    await put("mesh.yml", config);
  });

  test("reads a large file to its end", async () => {
    await put("projects/ops/large.txt", `${"x".repeat(700_000)}\n${token}\n`);
    expect((await call("guard", "secrets", "projects/ops/large.txt")).out).toContain("large.txt:2: github-token");
    await rm(join(cwd, "projects/ops/large.txt"));
  });

  test("says so when a path is not there", async () => {
    expect(await call("guard", "secrets", "nowhere")).toMatchObject({
      code: 2,
      err: expect.stringContaining("nowhere"),
    });
  });
});

test("a command that prints a secret is listed, and accepted by the digest of what was listed", async () => {
  const config = await readFile(join(cwd, "mesh.yml"), "utf8");
  await put("mesh.yml", `${config}\nsecrets: { commands: { SHOP_KEY: "touch ran; echo k" } }\n`);
  expect((await call("secret", "list")).out).toMatch(/^SHOP_KEY {2}not accepted\n {2}touch ran; echo k\n$/);
  const [{ digest }] = JSON.parse((await call("secret", "list", "--json")).out).secrets;
  expect(await call("secret", "accept", "SHOP_KEY")).toMatchObject({
    code: 2,
    err: expect.stringContaining("expected --digest with what `memomesh secret list --json` prints"),
  });
  expect(await call("secret", "accept", "SHOP_KEY", "--digest", "sha256:0")).toMatchObject({ code: 77 });
  expect(await call("secret", "accept", "SHOP", "--digest", digest)).toMatchObject({ code: 2 });
  expect((await call("secret", "accept", "SHOP_KEY", "--digest", digest)).code).toBe(0);
  expect((await call("secret", "list")).out).toMatch(/^SHOP_KEY {2}accepted by Ada at /);
  await expect(readFile(join(cwd, "ran"))).rejects.toMatchObject({ code: "ENOENT" });
  await put("mesh.yml", config);
});

test("guard check, runbook check and runbook show go by what mesh.yml says, and mark what lies", async () => {
  const config = await readFile(join(cwd, "mesh.yml"), "utf8");
  await put(
    "mesh.yml",
    `${config}\nguard: { programs: { cat: { risk: high, effects: [secret], does: opens the vault } } }\n`,
  );
  const checked = await call("guard", "check", "cat x", "--node", "ops");
  expect(checked.out).toContain("As a step of a runbook: high");
  await put(
    "projects/ops/runbooks/try.md",
    "---\nid: rb-01JD8R0000000000000000000A\nnode: ops\ntarget: local\ncreated: 2026-11-21T10:00:00Z\n---\n# Try\n\n" +
      "## Step 1: Try\nRisk: low.\n\nAll fine.<!-- not so -->\n\n```sh run\ncat x\nѕudo true\n```\n",
  );
  const { out } = await call("runbook", "check", "try");
  expect(out).toContain("it claims low risk; it is high: cat opens the vault");
  const shown = await call("runbook", "show", "try");
  expect(shown.out).toMatch(/beware +its text: "<!-- not so -->" is a comment/);
  expect(shown.out).toMatch(/beware +its run commands, line 16 of the file: "ѕudo" looks like "sudo"/);
  const approved = await call("approve", "try", "--step", "1", "--digest", `sha256:${"0".repeat(64)}`);
  expect(approved.code).not.toBe(0);
  expect(approved.err).toMatch(/beware +its run commands, line 16 of the file: "ѕudo" looks like "sudo"/);
  await put("mesh.yml", config);
});
