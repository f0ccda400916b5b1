import { execFileSync } from "node:child_process";
import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { answerHook, type HookOptions } from "../../src/hooks/guard-hook.ts";
import { initMesh } from "../../src/init.ts";
import { loadMesh } from "../../src/load.ts";
import { addNode } from "../../src/node.ts";
import { put, temporaryFolder } from "../folder.ts";

let root: string;
let shop: string;

beforeEach(async () => {
  root = await temporaryFolder();
  await initMesh(root, { name: "studio" });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
  await addNode(await loadMesh(root), "shop", { role: "developer", read: ["ops/out/**"] });
  shop = join(root, "projects/shop");
  await put(root, "projects/ops/out/site.conf", "x");
});

function ask(tool: string, input: object, options: HookOptions = { node: "shop" }, cwd = shop) {
  const call = { session_id: "s-1", cwd, hook_event_name: "PreToolUse", tool_name: tool, tool_input: input };
  return answerHook(JSON.stringify(call), "claude", options);
}

const bash = (command: string, options?: HookOptions, cwd?: string) => ask("Bash", { command }, options, cwd);

async function trail(): Promise<Record<string, unknown>[]> {
  const folder = join(root, ".memomesh/audit/shop");
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
}

describe("a hook decides by the mesh as it is now", () => {
  test("with the grants of node.yml", async () => {
    expect(await bash("cat ../ops/out/site.conf")).toEqual({ allowed: true, says: "" });
    expect(await bash("cat ../ops/STATE.md")).toMatchObject({ allowed: false });
    const config = await readFile(join(shop, "node.yml"), "utf8");
    await writeFile(join(shop, "node.yml"), config.replace("ops/out/**", "ops/STATE.md"));
    expect(await bash("cat ../ops/STATE.md")).toMatchObject({ allowed: true });
  });

  test("and says what to do instead", async () => {
    const { says } = await bash("ls && kubectl apply -f x.yaml");
    expect(says).toBe(
      "kubectl apply acts on live infrastructure. Write it as a step of a runbook in runbooks/: a person reads it, approves it and lets it run.",
    );
  });

  test("with links for what they lead to", async () => {
    await symlink("../ops", join(shop, "link"));
    expect(await ask("Read", { file_path: join(shop, "link/STATE.md") })).toMatchObject({ allowed: false });
    expect(await ask("Write", { file_path: join(shop, "link/new.txt"), content: "" })).toMatchObject({
      allowed: false,
    });
    expect(await bash("cat link/STATE.md")).toMatchObject({ allowed: false });
    expect(await ask("Read", { file_path: join(shop, "link/out/site.conf") })).toMatchObject({ allowed: true });
  });

  test("for the node that it was installed for, wherever the agent has gone", async () => {
    const elsewhere = join(root, "projects/ops");
    expect(await bash("cat STATE.md", { node: "shop" }, elsewhere)).toMatchObject({ allowed: false });
    expect(await bash("cat STATE.md", { node: "ops" }, elsewhere)).toMatchObject({ allowed: true });
    expect(await bash("ls", {}, shop)).toMatchObject({ allowed: true });
  });

  test("by whether the history is shared", async () => {
    expect(await bash("git diff")).toMatchObject({ allowed: true });
    execFileSync("git", ["init", "--quiet", root]);
    expect(await bash("git diff")).toMatchObject({ allowed: false });
    expect(await bash("git diff -- .")).toMatchObject({ allowed: true });
    execFileSync("git", ["init", "--quiet", shop]);
    expect(await bash("git diff")).toMatchObject({ allowed: true });
  });
});

describe("a hook says no", () => {
  test.each([
    ["to what it cannot read", "no json"],
    ["to a call without a tool", JSON.stringify({ cwd: "/" })],
  ])("%s", async (_, text) => {
    expect(await answerHook(text, "claude", { node: "shop" })).toMatchObject({ allowed: false });
  });

  test("where there is no mesh, no such node, or no node at all", async () => {
    expect(await bash("ls", {}, "/")).toMatchObject({
      allowed: false,
      says: expect.stringContaining("lies in no mesh"),
    });
    expect(await bash("ls", { node: "nobody" })).toMatchObject({
      allowed: false,
      says: expect.stringContaining("nobody"),
    });
    expect(await bash("ls", {}, root)).toMatchObject({
      allowed: false,
      says: expect.stringContaining("lies in no node"),
    });
  });

  test("when the configuration cannot be read", async () => {
    await writeFile(join(root, "mesh.yml"), "nods: [\n");
    expect(await bash("ls")).toMatchObject({ allowed: false, says: expect.stringContaining("mesh.yml") });
  });

  test("when its decision cannot be written down", async () => {
    await put(root, ".memomesh/audit", "no folder");
    expect(await bash("ls")).toMatchObject({ allowed: false });
  });
});

describe("the audit trail", () => {
  test("holds every approval and every denial", async () => {
    await bash("ls");
    await bash("ssh web");
    await ask("Write", { file_path: join(shop, "a.txt"), content: "what it holds is nobody's business" });
    const common = { node: "shop", program: "claude", session: "s-1" };
    expect(await trail()).toMatchObject([
      { ...common, tool: "Bash", subject: "ls", allowed: true, changes: false },
      { ...common, tool: "Bash", subject: "ssh web", allowed: false, reason: "ssh works on another machine." },
      { ...common, tool: "Write", subject: join(shop, "a.txt"), allowed: true, changes: true },
    ]);
    expect(JSON.stringify(await trail())).not.toContain("nobody's business");
  });

  test("holds no secret, and no more of a text than tells which one it was", async () => {
    await bash(`curl -H 'Authorization: Bearer sk-ant-${"a1".repeat(20)}' https://x.example # ${"long ".repeat(3000)}`);
    const [entry] = await trail();
    expect(entry?.subject).toMatch(/^curl -H 'Authorization: Bearer ‹secret›/);
    expect(String(entry?.subject).length).toBeLessThan(1100);
  });

  test("keeps lines whole when many hooks decide at once", async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => bash(`echo ${index} ${"x".repeat(900)}`)));
    expect(new Set((await trail()).map(({ subject }) => String(subject).slice(0, 7))).size).toBe(30);
  });
});

describe("in a session's private copy", () => {
  test("nothing of the mesh is needed, and all that was laid there may be read", async () => {
    const copy = await temporaryFolder();
    const folder = join(copy, "projects/shop");
    await put(copy, "projects/shop/a.txt", "x");
    await put(copy, "projects/ops/given.txt", "x");
    const options = { node: "shop", checkout: copy, folder, audit: join(root, "trail") };
    expect(await bash("cat a.txt ../ops/given.txt && echo y > a.txt", options, folder)).toMatchObject({
      allowed: true,
    });
    expect(await bash("echo y > ../ops/given.txt", options, folder)).toMatchObject({ allowed: false });
    expect(await bash(`cat ${shop}/STATE.md`, options, folder)).toMatchObject({ allowed: false });
    expect(await readdir(join(root, "trail"))).toHaveLength(1);
    expect(await bash("ls", { node: "shop", checkout: copy }, folder)).toMatchObject({ allowed: false });
  });
});
