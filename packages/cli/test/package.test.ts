import { execFile } from "node:child_process";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { main, temporaryFolder } from "./program.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..", "..");
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

let folder: string;

/** Installs the package that was built for this run in an empty folder, as a user does. It has no dependencies, so nothing is fetched. */
beforeAll(async () => {
  const temporary = await temporaryFolder();
  folder = temporary.path;
  const { stdout } = await run("npm", ["pack", "--silent", dirname(main)], { cwd: folder, env });
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

  test("notices an edited configuration, and believes no remembered one that was spoilt or made for another text", async () => {
    await installed("init", "plain", "--no-git");
    const cwd = join(folder, "plain");
    const cache = join(folder, "cache");
    const program = join(folder, "node_modules", ".bin", "memomesh");
    const status = async () =>
      (await run(program, ["status"], { cwd, env: { ...env, XDG_CACHE_HOME: cache } })).stdout.split("\n", 1)[0];
    await writeFile(join(cwd, "mesh.yml"), "name: first\n");
    expect([await status(), await status()]).toEqual([
      expect.stringMatching(/^first /),
      expect.stringMatching(/^first /),
    ]);
    const files = await readdir(join(cache, "memomesh", "config"), { recursive: true, withFileTypes: true });
    const [kept] = files.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    await writeFile(join(cwd, "mesh.yml"), "name: second\n");
    expect(await status()).toMatch(/^second /);
    await writeFile(kept as string, '{"mesh.yml":');
    expect(await status()).toMatch(/^second /);
    await writeFile(kept as string, '{"mesh.yml":{"source":"name: other\\n","value":{"name":"other"}}}');
    expect(await status()).toMatch(/^second /);
  });

  test("says the same with the parser of arguments as without", async () => {
    const cwd = join(folder, "studio");
    const program = join(folder, "node_modules", ".bin", "memomesh");
    const [quick, parsed] = await Promise.all([
      run(program, ["status", "--json"], { cwd, env }),
      run(program, ["status", "--json", "--"], { cwd, env }),
    ]);
    expect(quick.stdout).toBe(parsed.stdout);
    await expect(run(program, ["status", "--jsno"], { cwd, env })).rejects.toMatchObject({ code: 2 });
    await expect(run(program, ["status"], { cwd: tmpdir(), env })).rejects.toMatchObject({ code: 2 });
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
