import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFiles } from "../src/index.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "memomesh-read-"));
  await mkdir(join(root, "node_modules/x"), { recursive: true });
  await mkdir(join(root, "a/b"), { recursive: true });
  await writeFile(join(root, "node_modules/x/index.js"), "x");
  await writeFile(join(root, "a/b/compose.yaml"), "services: {}\n");
  await writeFile(join(root, "a/picture.png"), Buffer.from([137, 80, 78, 71, 0, 1]));
  await writeFile(join(root, "large.md"), "x".repeat(2_000_000));
  await symlink("/etc", join(root, "a/etc"));
  await symlink("/etc/passwd", join(root, "a/passwd"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("reads the texts of a folder: no links, nothing binary, nothing that others have made, and no file without end", async () => {
  const files = await readFiles([root], (path) => relative(root, path));
  expect(files.map(({ path, text }) => [path, text.length])).toEqual([
    ["a/b/compose.yaml", 13],
    ["large.md", 512 * 1024 + 1],
  ]);
});

test("reads single files, each once", async () => {
  const path = join(root, "a/b/compose.yaml");
  expect(await readFiles([path, join(root, "a"), path], (each) => relative(root, each))).toHaveLength(1);
});
