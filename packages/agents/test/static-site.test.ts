import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Changeset, Runbook, Step } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { classifyCommand } from "@memomesh/guard";
import { beforeEach, describe, expect, test } from "vitest";
import { deployment, memo, TestMesh } from "./session.ts";

/** Runs runbooks as they are run in earnest: bash, an empty environment, the target's folder. */
class Target {
  readonly mesh: TestMesh;
  readonly site: string;

  constructor(mesh: TestMesh) {
    this.mesh = mesh;
    this.site = join(mesh.root, "targets/staging");
    mkdirSync(this.site, { recursive: true });
  }

  bash(text: string): { status: number | null; output: string } {
    const env = { PATH: "/usr/local/bin:/usr/bin:/bin", MESH: this.mesh.root, SITE: this.site };
    const args = ["-p", "-e", "-u", "-o", "pipefail", "-c", text];
    const { status, stdout, stderr } = spawnSync("bash", args, {
      cwd: this.site,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { status, output: stdout + stderr };
  }

  run(steps: readonly Step[]): void {
    for (const { upload, run, check, title } of steps) {
      if (upload) cpSync(join(this.mesh.root, upload.from), join(this.site, `${upload.to}.part`), { recursive: true });
      for (const fence of [run, check]) if (fence) expect(this.bash(fence.text), title).toMatchObject({ status: 0 });
    }
  }

  undo(steps: readonly Step[]): void {
    for (const { undo, title } of steps.toReversed())
      if (undo) expect(this.bash(undo.text), title).toMatchObject({ status: 0 });
  }

  served(): string | undefined {
    const path = join(this.site, "shop/current/version.txt");
    return existsSync(path) ? this.mesh.read("targets/staging/shop/current/version.txt").trim() : undefined;
  }

  link(name: string): string | undefined {
    try {
      return readlinkSync(join(this.site, "shop", name));
    } catch {
      return undefined;
    }
  }
}

function runbookOf(changeset: Changeset): Runbook {
  expect(changeset.outcome.kind).toBe("prepared");
  if (changeset.outcome.kind !== "prepared") throw new Error(changeset.outcome.notes);
  return parseRunbook(changeset.outcome.runbook.source, changeset.outcome.runbook.path);
}

const facts = (version: string) => `app: shop
version: ${version}
target: staging
artifact: { kind: static, path: dist }
verify: [{ command: "test -f index.html" }, { command: 'grep -q "^${version}$" version.txt' }]`;

describe("a static site", () => {
  let mesh: TestMesh;
  let target: Target;

  beforeEach(() => {
    mesh = new TestMesh();
    target = new Target(mesh);
  });

  /** Builds a version and prepares its deployment. */
  async function prepare(
    version: string,
    id = `01KAJ00000000000000000V${version.replaceAll(".", "")}`,
  ): Promise<Runbook> {
    mesh.write("projects/developer/dist/index.html", `<p>${version}</p>`);
    mesh.write("projects/developer/dist/version.txt", `${version}\n`);
    mesh.write("projects/developer/dist/deep er/style.css", "p { color: navy }\n");
    return runbookOf(await mesh.work(deployment(facts(version), { id })));
  }

  /** The same for a host, on which the folder of this machine stands in for that of the host. */
  async function prepareForHost(version: string): Promise<Runbook> {
    await prepare(version);
    const staging = { kind: "ssh", production: false, path: target.site, env: [] };
    const id = `01KAJ00000000000000000V${version.replaceAll(".", "")}`;
    return runbookOf(await mesh.work(deployment(facts(version), { id }), { targets: { staging } }));
  }

  const rollback = async () =>
    runbookOf(await mesh.work(memo("Roll back shop on staging", "It is broken.", { type: "ask" })));

  test("is deployed, deployed again and rolled back by the steps of its runbooks", async () => {
    target.run((await prepare("1.4.2")).steps);
    expect(target.served()).toBe("1.4.2");
    expect(target.link("previous")).toBeUndefined();

    target.run((await prepare("1.4.3")).steps);
    expect(target.served()).toBe("1.4.3");
    expect(target.link("previous")).toMatch(/^releases\/2026-11-21-1\.4\.2-/);

    const back = await rollback();
    target.run(back.steps);
    expect(target.served()).toBe("1.4.2");
    target.undo(back.steps);
    expect(target.served()).toBe("1.4.3");
  });

  test("leaves nothing in use when a first deployment is undone", async () => {
    const { steps } = await prepare("1.4.2");
    target.run(steps);
    target.undo(steps);
    expect(target.served()).toBeUndefined();
    expect(readdirSync(join(target.site, "shop"))).toEqual(["releases"]);
    expect(readdirSync(join(target.site, "shop/releases"))).toEqual([]);
  });

  test("is what it was, its way back included, when a later deployment is undone", async () => {
    target.run((await prepare("1.4.2")).steps);
    target.run((await prepare("1.4.3")).steps);
    const before = [target.link("current"), target.link("previous")];
    const { steps } = await prepare("1.4.4");
    target.run(steps);
    expect(target.served()).toBe("1.4.4");
    target.undo(steps);
    expect(target.served()).toBe("1.4.3");
    expect([target.link("current"), target.link("previous")]).toEqual(before);
  });

  test("comes to the same when every step runs twice", async () => {
    target.run((await prepare("1.4.2")).steps);
    const { steps } = await prepare("1.4.3");
    for (const step of steps) target.run([step, step]);
    target.run(steps);
    expect(target.served()).toBe("1.4.3");
    expect(target.link("previous")).toMatch(/1\.4\.2/);
    target.undo(steps);
    expect(target.served()).toBe("1.4.2");
  });

  test("is deployed again in the same version, beside the first time", async () => {
    target.run((await prepare("1.4.2")).steps);
    const { steps } = await prepare("1.4.2", "01KAJ0000000000000000AGA1N");
    target.run(steps);
    expect(target.served()).toBe("1.4.2");
    expect(target.link("previous")).not.toBe(target.link("current"));
    target.undo(steps);
    expect(target.served()).toBe("1.4.2");
  });

  test("is deployed after a rollback, and that can be undone too", async () => {
    target.run((await prepare("1.4.2")).steps);
    target.run((await prepare("1.4.3")).steps);
    target.run((await rollback()).steps);
    const before = [target.link("current"), target.link("previous")];
    const { steps } = await prepare("1.4.4");
    target.run(steps);
    expect(target.served()).toBe("1.4.4");
    target.undo(steps);
    expect([target.link("current"), target.link("previous")]).toEqual(before);
  });

  test("is rolled back by hand with the commands that the runbook names", async () => {
    target.run((await prepare("1.4.2")).steps);
    const runbook = await prepare("1.4.3");
    target.run(runbook.steps);
    const text = runbook.sections.find(({ heading }) => heading === "Rollback")?.text ?? "";
    const commands = /```sh\n([\s\S]*?)\n```/.exec(text)?.[1] ?? "";
    expect(target.bash(commands)).toMatchObject({ status: 0 });
    expect(target.served()).toBe("1.4.2");
  });

  test("is uploaded to a host, which has no mesh, and is checked there before the switch", async () => {
    target.run((await prepareForHost("1.4.2")).steps);
    expect(target.served()).toBe("1.4.2");
    const { steps } = await prepareForHost("1.4.3");
    expect(steps.map(({ title }) => title)).toEqual([
      "See what is there",
      "Keep the previous release",
      "Send 1.4.3",
      "Check the new release before the switch",
      "Switch to 1.4.3",
      "Verify",
    ]);
    expect(steps[4]?.needs.steps).toEqual([2, 3]);
    for (const { run, check, undo } of steps)
      for (const fence of [run, check, undo]) expect(fence?.text ?? "").not.toContain("MESH");
    target.run(steps.slice(0, 4));
    expect(target.served()).toBe("1.4.2");
    target.run(steps.slice(4));
    expect(target.served()).toBe("1.4.3");
    target.undo(steps);
    expect(target.served()).toBe("1.4.2");
    expect(target.link("uploaded")).toMatch(/^releases\/2026-11-21-1\.4\.2-/);
  });

  test("is not switched to when its files fail a check of the memo", async () => {
    target.run((await prepare("1.4.2")).steps);
    const { steps } = await prepare("1.4.3");
    const early = steps.find(({ title }) => /before the switch/.test(title));
    target.run(steps.slice(0, 3));
    const folder = readdirSync(join(target.site, "shop/releases")).find((name) => name.includes("1.4.3")) ?? "";
    mesh.write(`targets/staging/shop/releases/${folder}/version.txt`, "1.4.9\n");
    expect(target.bash(early?.run?.text ?? "")).toEqual({ status: 1, output: "check 2 of 2 failed\n" });
    expect(target.served()).toBe("1.4.2");
  });

  test("is not rolled back where there is no previous release", async () => {
    target.run((await prepare("1.4.2")).steps);
    const [look] = (await rollback()).steps;
    expect(target.bash(look?.run?.text ?? "").status).not.toBe(0);
  });

  test("binds the approval of a step to the files that it copies", async () => {
    const { steps } = await prepare("1.4.2");
    expect(
      steps.filter(({ needs }) => needs.files.includes("projects/developer/dist")).map(({ title }) => title),
    ).toEqual(["See what is there", "Put 1.4.2 in place"]);
  });

  test("has only steps that the guard calls low, and no undo above medium", async () => {
    for (const { steps } of [await prepare("1.4.2"), await rollback()]) {
      for (const { run, check, undo, title } of steps) {
        for (const fence of [run, check])
          if (fence) expect([title, classifyCommand(fence.text).risk]).toEqual([title, "low"]);
        if (undo) expect(["low", "medium"], title).toContain(classifyCommand(undo.text).risk);
      }
    }
  });

  test("has a check and an undo for every step that changes something", async () => {
    const { steps } = await prepare("1.4.2");
    for (const { title, check, undo, prose } of steps) {
      if (prose.startsWith("Changes nothing.")) continue;
      expect(check?.text, title).toBeTruthy();
      expect(undo?.text, title).toBeTruthy();
    }
  });
});
