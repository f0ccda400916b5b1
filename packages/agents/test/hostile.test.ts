import { spawnSync } from "node:child_process";
import type { Changeset, Deployment } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { checkChangePath, unsafeCharacters } from "@memomesh/guard";
import { describe, expect, test } from "vitest";
import { fits } from "../src/offline/fitness.ts";
import { lacksOf } from "../src/offline/release.ts";
import { quoted } from "../src/quote.ts";
import { deployment, memo, TestMesh } from "./session.ts";

const attacks = [
  "x; rm -rf /",
  "../../etc",
  "$(reboot)",
  "`reboot`",
  "a\nb",
  "a\n## Step 9: Take over\n```sh run\nreboot\n```",
  "a' ; reboot ; '",
  'a" ; reboot ; "',
  "a\u202eb",
  "-rf",
  "a b",
  "a\\",
  "a}\nb {",
  "*/a",
  "~",
  "",
];

function built(): TestMesh {
  const mesh = new TestMesh();
  mesh.write("projects/developer/dist/index.html", "<p>hello</p>\n");
  return mesh;
}

function textOf({ files, outcome }: Changeset): string {
  const runbook = outcome.kind === "prepared" ? outcome.runbook.source : "";
  return [...files.map(({ content }) => content ?? ""), runbook].join("\n");
}

describe.each(["app", "version", "target", "domain", "image", "path", "env"])("a hostile %s", (field) => {
  test.each(attacks)("%j reaches no file and no command", async (attack) => {
    const told: Record<string, unknown> = {
      app: "shop",
      version: "1.4.2",
      target: "staging",
      domain: "shop.example.com",
      env: ["DATABASE_URL"],
      artifact:
        field === "image"
          ? [{ kind: "image", image: attack }]
          : [{ kind: "static", path: field === "path" ? attack : "dist" }],
      ...(["app", "version", "target", "domain"].includes(field) ? { [field]: attack } : {}),
      ...(field === "env" ? { env: [attack] } : {}),
    };
    const changeset = await built().work(deployment(JSON.stringify(told)));
    if (attack === "" && (field === "domain" || field === "env")) return;
    expect(changeset.outcome.kind).toBe("asked");
    expect(textOf(changeset)).toBe("\n".repeat(changeset.files.length));
  });
});

test("a hostile fact is refused even when it comes past the reading of the memo", () => {
  const facts: Deployment = {
    app: "shop",
    version: "1",
    target: "staging",
    artifacts: [{ kind: "static", path: "dist" }],
    env: [],
    needs: [],
    verify: [],
  };
  const targets = { staging: { kind: "local", production: false, path: "/srv", env: [] } };
  expect(lacksOf(facts, targets, false)).toEqual([]);
  for (const attack of attacks) {
    for (const changed of [
      { app: attack },
      { version: attack },
      { domain: attack },
      { env: [attack] },
      { needs: [attack] },
      { target: attack },
      { resources: { memory: attack } },
    ]) {
      expect(lacksOf({ ...facts, ...changed }, targets, false).length, JSON.stringify(changed)).toBeGreaterThan(0);
    }
    for (const rule of ["image", "path", "address"] as const)
      if (attack !== "a b" || rule !== "path") expect(fits(rule, attack), `${rule} ${attack}`).toBe(false);
  }
  expect(lacksOf({ ...facts, target: "constructor" }, targets, false)).toHaveLength(1);
});

test("somebody's words stay words, whatever they hold", () => {
  for (const attack of attacks) {
    const text = quoted(`${attack} \`\`\`sh run`);
    expect(text).toMatch(/^`[^`\n]+`$/);
    expect(unsafeCharacters(text)).toEqual([]);
  }
});

test.each([
  ["rm -rf /", /does more than look/],
  ["test -f index.html ) ; reboot ; ( true", /cannot be read as one command/],
  ["cat <<EOF", /cannot be read as one command/],
  ["test -f x \\", /cannot be read as one command/],
  ["test -f \u202ex", /cannot be read as one command/],
])("the check %j of a memo does not get into the runbook, and the runbook says so", async (command, reason) => {
  const facts = JSON.stringify({
    app: "shop",
    version: "1.4.2",
    target: "staging",
    artifact: [{ kind: "static", path: "dist" }],
    verify: [{ command }],
  });
  const { outcome } = await built().work(deployment(facts));
  if (outcome.kind !== "prepared") throw new Error(outcome.notes);
  expect(outcome.unknown.join("\n")).toMatch(reason);
  const { steps } = parseRunbook(outcome.runbook.source, "r.md");
  for (const { run, check, undo } of steps)
    for (const fence of [run, check, undo]) expect(fence?.text ?? "").not.toContain(command);
});

test("a subject that looks like a step makes no step", async () => {
  const facts = "app: shop\nversion: 1.4.2\ntarget: staging\nartifact: { kind: static, path: dist }";
  const plain = await built().work(deployment(facts));
  const hostile = await built().work(deployment(facts, { subject: "## Step 1: `reboot` ```sh run" }));
  if (plain.outcome.kind !== "prepared" || hostile.outcome.kind !== "prepared") throw new Error("not prepared");
  const steps = [plain, hostile].map(
    ({ outcome }) =>
      outcome.kind === "prepared" && parseRunbook(outcome.runbook.source, "r.md").steps.map(({ run }) => run?.text),
  );
  expect(steps[1]).toEqual(steps[0]);
});

test("names of migrations stay names", async () => {
  const mesh = new TestMesh();
  mesh.write("projects/developer/db/1_`reboot`.sql", "select 1;\n");
  mesh.write("projects/developer/db/2_\n## Step 9: x\n.sql", "select 1;\n");
  const { outcome } = await mesh.work(
    deployment("app: shop\nversion: 1.4.2\ntarget: staging\nartifact: { kind: migration, path: db }"),
  );
  if (outcome.kind !== "prepared") throw new Error(outcome.notes);
  expect(parseRunbook(outcome.runbook.source, "r.md").steps.every(({ run }) => run === undefined)).toBe(true);
});

test("a path with a space works and is quoted", async () => {
  const mesh = new TestMesh();
  mesh.write("projects/developer/my site/index.html", "<p>hello</p>\n");
  const { outcome } = await mesh.work(
    deployment("app: shop\nversion: 1.4.2\ntarget: staging\nartifact: { kind: static, path: my site }"),
  );
  if (outcome.kind !== "prepared") throw new Error(outcome.notes);
  const place = parseRunbook(outcome.runbook.source, "r.md").steps.find(({ title }) => title.startsWith("Put"));
  const { status } = spawnSync("bash", ["-e", "-c", `cd "$MESH"; ${place?.run?.text}\n${place?.check?.text}`], {
    env: { PATH: "/usr/bin:/bin", MESH: mesh.root },
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect([place?.needs.files, status]).toEqual([["projects/developer/my site"], 0]);
});

test("writes only what a session may write", async () => {
  const facts =
    "app: shop\nversion: 1.4.2\ntarget: staging\ndomain: shop.example.com\nport: 8080\nenv: [A]\nartifact: { kind: image, image: shop:1.4.2 }";
  const { files } = await new TestMesh().work(deployment(facts));
  expect(files.map(({ path }) => [path, checkChangePath(path).allowed])).toEqual(
    ["compose.yaml", "shop.env.example", ".gitignore", "Caddyfile"].map((name) => [`services/shop/${name}`, true]),
  );
});

test("a question echoes a hostile fact as words only", async () => {
  const { outcome } = await built().work(
    memo("Deploy", "```yaml deploy\napp: SHOP\nversion: 1.4.2\ntarget: staging\n```"),
  );
  expect(outcome.kind === "asked" && outcome.question.body).toContain("The app `SHOP` cannot be used");
});
