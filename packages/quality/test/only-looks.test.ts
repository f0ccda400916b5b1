// What the guard does not know for certain counts as a change, and a step that changes something says how to go back.
import { createHash } from "node:crypto";
import type { OwnPrograms } from "@memomesh/guard";
import { describe, expect, test } from "vitest";
import { gate, readSettings, score } from "../src/index.ts";
import { changesAnything } from "../src/shell/only-looks.ts";
import { runbook, said, subjectOf } from "./judged.ts";

const live = ["live-infrastructure"] as const;

describe("shell text", () => {
  test.each([
    "test -f index.html",
    "curl -fsS http://127.0.0.1:8080/healthz",
    "curl -X GET http://127.0.0.1/",
    "curl -G -d q=shop http://127.0.0.1/search",
    "docker compose ps && docker compose logs web",
    "kubectl get pods -n shop | grep web",
    "terraform plan",
    "psql -c 'select 1'",
    "openssl s_client -connect shop.example.com:443",
  ])("only looks: %s", (text) => {
    expect(changesAnything(text)).toBe(false);
  });

  test.each([
    "curl -X POST http://127.0.0.1/reload",
    "curl -XDELETE http://127.0.0.1/index",
    'curl -X "$METHOD" http://127.0.0.1/',
    "curl --json '{}' http://127.0.0.1/api",
    "curl -fsSd on http://127.0.0.1/flag",
    "wget -q -O - --post-data=x http://127.0.0.1/",
    "echo hello | mail -s shop ops@example.com",
    "certbot renew",
    "openssl x509 -in a.pem -out b.pem",
    "shopctl status",
    "./look.sh",
    'docker ps "$(shopctl release)"',
    "docker ps; shopctl release",
    'docker ps && eval "$NEXT"',
    "if true; then",
  ])("counts as a change: %s", (text) => {
    expect(changesAnything(text)).toBe(true);
  });

  test.each<[string, OwnPrograms, boolean]>([
    ["shopctl status", { shopctl: { risk: "medium", effects: [], lower: { reason: "we know it" } } }, true],
    ["shopctl status", { shopctl: { risk: "medium", effects: live, lower: { reason: "we know it" } } }, true],
    [
      "shopctl status",
      { shopctl: { risk: "medium", effects: ["read", ...live], lower: { reason: "it asks" } } },
      false,
    ],
    ["docker ps", { docker: { risk: "high", effects: live, does: "is an alias of ours" } }, true],
    ["curl -d x http://a/", { curl: { risk: "low", effects: ["read"], lower: { reason: "a stub of ours" } } }, false],
    ["cat notes.txt", { cat: { risk: "medium", effects: [] } }, false],
    ["shop-look", { "shop-look": { risk: "medium", effects: ["write"], lower: { reason: "we know it" } } }, true],
  ])("mesh.yml has a say: %s %j", (text, own, changes) => {
    expect(changesAnything(text, own)).toBe(changes);
  });
});

describe("a runbook", () => {
  const step = (run: string, more = "", prose = "") =>
    runbook(`## Step 1: Do it\nRisk: high. Timeout: 60s.\n\n${prose}\n\n\`\`\`sh run\n${run}\n\`\`\`\n${more}`);
  const judged = (text: string, programs: OwnPrograms = {}) =>
    said(score({ ...subjectOf({ "runbooks/a.md": text }), guard: { programs, allowedSecrets: [] } }), "runbook");
  const missing = [
    expect.stringContaining("changes something and has no check"),
    expect.stringContaining("has no undo"),
  ];
  const check = "```sh check\ntest -f a\n```\n";

  test("has check and undo for what may change something, or says why not", () => {
    expect(judged(step("shopctl status"))).toEqual(missing);
    expect(judged(step("curl -X POST http://127.0.0.1/reload"))).toEqual(missing);
    expect(judged(step("shopctl status", check, "No undo: it only asks."))).toEqual([]);
    expect(judged(step("docker compose ps"))).toEqual([]);
  });

  test("is held to what mesh.yml says about programs", () => {
    const asks = { risk: "medium", effects: ["read", "network"], lower: { reason: "it only asks" } } as const;
    expect(judged(step("shopctl status"), { shopctl: asks })).toEqual([]);
    const claimed = step("cat vault.txt", check, "No undo: it only shows.").replace("Risk: high", "Risk: low");
    expect(judged(claimed)).toEqual([]);
    expect(judged(claimed, { cat: { risk: "high", effects: ["secret"], does: "shows what is in the vault" } })).toEqual(
      [expect.stringContaining("claims low risk; it is high: cat shows what is in the vault")],
    );
  });
});

test("a secret that the operator allows is none for the gate, and no other is let through with it", async () => {
  const value = "Tr0ub4dor-and-3-horses";
  const allowedSecrets = [`sha256:${createHash("sha256").update(value).digest("hex").slice(0, 32)}`];
  const settings = readSettings({ tools: false });
  const compose = (password: string) => ({
    "a/compose.yaml": `services:\n  db:\n    image: postgres:16.4\n    environment:\n      POSTGRES_PASSWORD: "${password}"\n`,
  });
  const found = async (password: string, allowed: readonly string[]) =>
    said(
      await gate({ ...subjectOf(compose(password)), guard: { programs: {}, allowedSecrets: allowed } }, settings),
      "secrets",
    );
  const hit = ["a/compose.yaml:5 POSTGRES_PASSWORD has its value written here"];
  expect(await found(value, [])).toEqual(hit);
  expect(await found(value, allowedSecrets)).toEqual([]);
  expect(await found("An0ther-and-4-horses", allowedSecrets)).toEqual(hit);
});
