import { existsSync } from "node:fs";
import { cp, rename } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { MeshError } from "@memomesh/core";
import { extendIgnore } from "./init.ts";
import { shippedTemplates } from "./templates.ts";

/** What belongs to the example mesh, relative to its root. */
const parts = ["mesh.yml", "memos", "projects", join("docs", "ai-lessons.md")];

/**
 * The example mesh: at the root of the repository, beside the templates of the published package.
 *
 * In the package `.gitignore` is called `gitignore`, because npm would obey it and leave it out.
 */
function shippedExample(): string {
  const beside = dirname(shippedTemplates());
  const packaged = join(beside, "example");
  const root = existsSync(join(packaged, "mesh.yml")) ? packaged : beside;
  if (existsSync(join(root, "mesh.yml"))) return root;
  throw new MeshError("example.missing", `the example mesh is not in ${root}; Memomesh is not installed completely`);
}

/**
 * Copies the example mesh as it was shipped: without memos, runbooks and builds that it has got since.
 *
 * @param destination a folder that is empty or does not exist
 */
export async function copyExample(destination: string): Promise<void> {
  const source = shippedExample();
  for (const part of parts) {
    await cp(join(source, part), join(destination, part), {
      recursive: true,
      filter: (path) => isShipped(relative(source, path)),
    });
  }
  const packaged = join(destination, "projects", "developer", "site", "gitignore");
  if (existsSync(packaged)) await rename(packaged, join(dirname(packaged), ".gitignore"));
  await extendIgnore(destination);
}

/** @param path relative to the example's root */
export function isShipped(path: string): boolean {
  const folders = path.split(sep);
  if (folders.some((name) => ["node_modules", "dist", ".dist-next", ".memomesh", ".git"].includes(name))) return false;
  const box = folders.findIndex((name) => name === "memos" || name === "runbooks");
  const depth = folders[box] === "memos" ? 2 : 1;
  return box < 0 || folders.length <= box + depth || basename(path) === ".gitkeep";
}
