import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { diagnose } from "../src/doctor/doctor.ts";
import { copyExample, isShipped } from "../src/example.ts";
import { loadMesh } from "../src/load.ts";
import { temporaryFolder } from "./folder.ts";

describe("the example mesh", () => {
  test("is copied whole, and nothing is wrong with it but that it has no git yet", async () => {
    const root = await temporaryFolder();
    await copyExample(root);
    const mesh = await loadMesh(root);
    expect([...mesh.nodes.keys()]).toEqual(["operator", "developer", "sysadmin", "writer", "project-manager"]);
    expect((await diagnose(root, { fix: false })).map(({ code }) => code)).toEqual(["doctor.git.no-repository"]);
    expect(await readFile(join(root, ".gitignore"), "utf8")).toContain("/targets/");
  });

  test("holds a website whose build gives the same bytes each time, the style named after its content", async () => {
    const root = await temporaryFolder();
    await copyExample(root);
    const site = join(root, "projects", "developer", "site");
    const build = async () => {
      execFileSync(process.execPath, ["build.mjs"], { cwd: site });
      const names = (await readdir(join(site, "dist"))).sort();
      return Promise.all(names.map(async (name) => [name, await readFile(join(site, "dist", name), "utf8")] as const));
    };
    const first = await build();
    expect(first.map(([name]) => name)).toEqual([
      "index.html",
      expect.stringMatching(/^style\.[0-9a-f]{10}\.css$/),
      "version.txt",
    ]);
    expect(first[0]?.[1]).toContain(first[1]?.[0]);
    expect(first[2]?.[1]).toBe(`${JSON.parse(await readFile(join(site, "package.json"), "utf8")).version}\n`);
    expect(await build()).toEqual(first);
  });

  test("ships what people start from, not what they and agents have made since", () => {
    const shipped = (path: string) => isShipped(path.replaceAll("/", sep));
    const kept = [
      "memos/incoming/.gitkeep",
      "projects/sysadmin/runbooks/.gitkeep",
      "projects/developer/site/src/index.html",
    ];
    const left = [
      "memos/archived/2026/11/a.md",
      "projects/sysadmin/runbooks/a.md",
      "projects/developer/site/dist/index.html",
    ];
    expect(kept.filter(shipped)).toEqual(kept);
    expect(left.filter(shipped)).toEqual([]);
  });
});
