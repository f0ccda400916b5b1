import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MeshError } from "@memomesh/core";

/**
 * The folder of the templates that came with this program. In the repository it stands at the root, in the published
 * package beside the program: the nearest one above this module is meant.
 */
export function shippedTemplates(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, "templates", "mesh.yml"))) return join(folder, "templates");
  }
  throw new MeshError(
    "template.none",
    `no templates folder at or above ${start}; Memomesh is not installed completely`,
  );
}

/** The folders to look for templates in, the mesh's own first. */
function templateFolders(root: string): string[] {
  const own = join(root, "templates");
  return existsSync(own) ? [own, shippedTemplates()] : [shippedTemplates()];
}

/**
 * The text of a template. A file of the same name in the mesh's own `templates/` wins over the shipped one.
 *
 * @param root the mesh's root, or the folder that becomes one
 * @param name relative to `templates/`, with "/" separators
 * @throws MeshError `template.missing`
 */
export async function readTemplate(root: string, name: string): Promise<string> {
  for (const folder of templateFolders(root)) {
    const path = join(folder, name);
    if (existsSync(path)) return readFile(path, "utf8");
  }
  throw new MeshError(
    "template.missing",
    `there is no template ${name}, neither in templates/ of this mesh nor among the shipped ones`,
  );
}

/**
 * The files that a new node starts with: those of `templates/nodes/any`, and over them those of `templates/nodes/<role>`,
 * and over the shipped ones those of the mesh. Whoever wants a role of their own makes a folder for it.
 *
 * @returns path in the node's folder, with "/" separators, to the file to copy; sorted by path
 */
export async function nodeTemplates(root: string, role: string): Promise<ReadonlyMap<string, string>> {
  const layers = ["any", role].flatMap((name) =>
    templateFolders(root)
      .reverse()
      .map((folder) => join(folder, "nodes", name)),
  );
  const files = new Map<string, string>();
  for (const layer of layers) for (const path of await filesBelow(layer)) files.set(path, join(layer, path));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names in one folder of the templates, own and shipped: the roles (`nodes`) or the kinds of memos (`memos`). Sorted. */
export async function templateNames(root: string, folder: "nodes" | "memos"): Promise<string[]> {
  const found = await Promise.all(
    templateFolders(root).map((templates) => readdir(join(templates, folder)).catch(() => [])),
  );
  return [...new Set(found.flat().map((name) => name.replace(/\.md$/, "")))].filter((name) => name !== "any").sort();
}

/**
 * Puts values in the place of `{{name}}`. Values are not looked into again.
 *
 * @param file the template's name, for the message
 * @throws MeshError `template.placeholder` with file and line when a name is not known
 */
export function fillTemplate(source: string, values: Readonly<Record<string, string>>, file: string): string {
  return source.replace(/\{\{([a-z]+)\}\}/g, (_, name: string, offset: number) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    const line = source.slice(0, offset).split("\n").length;
    throw new MeshError(
      "template.placeholder",
      `{{${name}}} is not known here; expected ${Object.keys(values).join(", ")}`,
      { place: { file, line } },
    );
  });
}

/** A text as one YAML value, in quotes where plain text would mean something else. */
export function yamlText(value: string): string {
  const plain = /^[A-Za-z][\w./@-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    );
}
