import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./program.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..", "..");
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

let folder: string;

/** Installs the packed package in an empty folder, as a user does. It has no dependencies, so nothing is fetched. */
beforeAll(async () => {
  const temporary = await temporaryFolder();
  folder = temporary.path;
  await run(process.execPath, [join(root, "scripts", "build.ts"), join(folder, "package")], { env });
  const { stdout } = await run("npm", ["pack", "--silent", join(folder, "package")], { cwd: folder, env });
  await run("npm", ["install", "--silent", "--offline", "--no-fund", "--no-audit", join(folder, stdout.trim())], {
    cwd: folder,
    env,
  });
  return () => temporary[Symbol.asyncDispose]();
});

function installed(...args: string[]) {
  return run(join(folder, "node_modules", ".bin", "memomesh"), args, { cwd: folder, env });
}

describe("the published package", () => {
  test("runs from an empty folder into which only it was installed", async () => {
    const { version } = JSON.parse(await readFile(join(root, "packages", "cli", "package.json"), "utf8"));
    expect((await installed("--version")).stdout).toBe(`${version}\n`);
    expect(await readdir(join(folder, "node_modules"))).toEqual([".bin", ".package-lock.json", "memomesh"]);
  });

  test("brings its templates: makes a mesh with a node and shows it", async () => {
    await installed("init", "studio", "--no-git");
    const cwd = join(folder, "studio");
    const program = join(folder, "node_modules", ".bin", "memomesh");
    await run(program, ["node", "add", "ops", "--role", "sysadmin"], { cwd, env });
    expect((await run(program, ["status"], { cwd, env })).stdout).toMatch(/ops +offline +nothing waits/);
    await stat(join(cwd, "projects/ops/memos/outgoing/.gitkeep"));
  });

  test("brings the example mesh whole, and nothing that was made in it", async () => {
    const example = join(folder, "node_modules", "memomesh", "example");
    await stat(join(example, "projects/developer/site/gitignore"));
    const files = (await readdir(example, { recursive: true })).filter((name) =>
      /dist|\.memomesh|node_modules/.test(name),
    );
    expect(files).toEqual([]);
  });
});
