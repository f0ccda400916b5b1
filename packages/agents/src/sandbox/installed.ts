import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, relative } from "node:path";
import { isBelow } from "./confinement.ts";

/**
 * The files and folders that a program cannot do without: those of its package, or the folder in which it lies.
 *
 * @param program absolute path; what is not there needs nothing
 */
export function installedFiles(program: string): readonly string[] {
  const real = realOf(program);
  if (real === undefined) return [];
  const modules = real.indexOf("/node_modules/");
  if (modules >= 0) return [program, real.slice(0, modules + "/node_modules".length)];
  const folder = dirname(real);
  const prefix = dirname(folder);
  // `<prefix>/bin/<program>` has what it needs beside `bin`; but ~/.local and its like hold much that is private.
  const whole = folder.endsWith("/bin") && relative(homedir(), prefix).split("/").length > 1;
  return [program, real, ...[whole ? prefix : folder].filter(isModest)];
}

/** The folders of PATH. */
export function pathFolders(path: string): readonly string[] {
  return path.split(delimiter).filter((folder) => isAbsolute(folder) && existsSync(folder) && isModest(folder));
}

/** What this program is made of, for the memo tools and the guard, which start it in the sandbox. */
export function ownFiles([node = "", script = ""]: readonly string[]): readonly string[] {
  const real = realOf(script);
  if (real === undefined) return installedFiles(node);
  const modules = foldersAbove(real)
    .map((folder) => join(folder, "node_modules"))
    .filter((folder) => existsSync(folder));
  return [
    ...installedFiles(node),
    ...installedFiles(script),
    ...packageOf(real),
    ...modules,
    ...modules.flatMap(linked),
  ];
}

/** In a working copy of Memomesh its packages are links out of node_modules. */
function linked(modules: string): readonly string[] {
  const scope = join(modules, "@memomesh");
  return existsSync(scope) ? readdirSync(scope).flatMap((name) => realOf(join(scope, name)) ?? []) : [];
}

function packageOf(file: string): readonly string[] {
  const found = foldersAbove(file).find((folder) => existsSync(join(folder, "package.json")));
  if (found === undefined) return [];
  const { name } = JSON.parse(readFileSync(join(found, "package.json"), "utf8")) as { name?: string };
  // A stray package.json further up stands for somebody's project.
  return name === "memomesh" || name?.startsWith("@memomesh/") === true ? [found] : [];
}

function foldersAbove(file: string): readonly string[] {
  const above = dirname(file);
  return above === file ? [] : [above, ...foldersAbove(above)];
}

/** Whether a folder is not so wide that a home would be shown with it. */
function isModest(folder: string): boolean {
  return !isBelow(folder, homedir());
}

function realOf(path: string): string | undefined {
  try {
    return isAbsolute(path) && statSync(path) ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}
