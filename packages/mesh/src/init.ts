import { existsSync } from "node:fs";
import { cp, mkdir, readdir } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { Exit, MeshError, parseMeshConfig } from "@memomesh/core";
import { initRepository, openRepository, writeDurably } from "@memomesh/mailbox";
import { createFile, type Made, textOf } from "./create.ts";
import { findMeshRoot, loadMesh } from "./load.ts";
import { addNode } from "./node.ts";
import { fillTemplate, readTemplate, shippedTemplates, yamlText } from "./templates.ts";

export interface InitOptions {
  /** Default: the folder's name. */
  readonly name?: string;
  /** Make a git repository unless the folder is in one. */
  readonly git?: boolean;
  /** Existing project folders that become nodes, absolute or relative to the mesh's folder; each node is named after its folder. */
  readonly adopt?: readonly string[];
  /** Copy the shipped templates, to be edited. */
  readonly templates?: boolean;
}

export interface InitResult {
  readonly root: string;
  readonly made: readonly Made[];
  /** `made`: a repository was made. `present`: there was one. `absent`: there is none. */
  readonly git: "made" | "present" | "absent";
  /** Folders that look like projects and are no nodes yet, relative to the root. */
  readonly candidates: readonly string[];
}

/**
 * Makes a mesh in a folder, empty or not. What exists is kept, so that it can be run again.
 *
 * @throws MeshError `init.inside` when the folder lies in another mesh
 */
export async function initMesh(folder: string, options: InitOptions = {}): Promise<InitResult> {
  const root = resolve(folder);
  const outer = findMeshRoot(root);
  if (outer !== undefined && outer !== root) {
    throw new MeshError(
      "init.inside",
      `${root} lies in the mesh ${outer}; run \`memomesh node add\` to make a node of it`,
      { exit: Exit.usage },
    );
  }
  const name = options.name ?? basename(root);
  const config = fillTemplate(await readTemplate(root, "mesh.yml"), { name: yamlText(name) }, "templates/mesh.yml");
  parseMeshConfig(config, "mesh.yml");
  await mkdir(root, { recursive: true });
  const made: Made[] = [];
  for (const box of ["outgoing", "incoming", "archived", "rejected"])
    made.push(await createFile(join(root, "memos", box, ".gitkeep"), ""));
  made.push(
    await createFile(join(root, "docs", "ai-lessons.md"), await readTemplate(root, "nodes/any/docs/ai-lessons.md")),
  );
  made.push(await createFile(join(root, "Makefile"), await readTemplate(root, "Makefile")));
  if (options.templates) made.push(await copyTemplates(root));
  made.push(await extendIgnore(root));
  made.push(await createFile(join(root, "mesh.yml"), config));
  for (const path of options.adopt ?? []) {
    const id = nodeName(basename(resolve(root, path)));
    made.push(...(await addNode(await loadMesh(root), id, { path })));
  }
  const git = await ensureRepository(root, options.git === true);
  return { root, made, git, candidates: await candidates(root) };
}

/** Adds to `.gitignore` the lines of the template that are not in it yet. */
export async function extendIgnore(root: string): Promise<Made> {
  const path = join(root, ".gitignore");
  const existing = await textOf(path);
  const template = await readTemplate(root, "gitignore");
  if (existing === undefined) return createFile(path, template);
  const present = new Set(existing.split(/\r?\n/).map((line) => line.trim()));
  const missing = template.split("\n").filter((line) => line !== "" && !line.startsWith("#") && !present.has(line));
  if (missing.length === 0) return { path, state: "kept" };
  const gap = existing === "" || existing.endsWith("\n") ? "" : "\n";
  await writeDurably(path, `${existing}${gap}${missing.join("\n")}\n`);
  return { path, state: "extended" };
}

async function copyTemplates(root: string): Promise<Made> {
  const path = join(root, "templates");
  const state = existsSync(path) ? "kept" : "created";
  if (resolve(shippedTemplates()) !== path) await cp(shippedTemplates(), path, { recursive: true, force: false });
  return { path, state };
}

async function ensureRepository(root: string, wanted: boolean): Promise<InitResult["git"]> {
  try {
    if ((await openRepository(root)) !== undefined) return "present";
    if (!wanted) return "absent";
    await initRepository(root);
    return "made";
  } catch (error) {
    if (error instanceof MeshError && error.code === "history.git.missing") return "absent";
    throw error;
  }
}

/** A folder's name as the name of a node. */
export function nodeName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
  return name === "" ? "project" : name;
}

const projectMarks = [
  ".git",
  "AGENTS.md",
  "CLAUDE.md",
  "GEMINI.md",
  "package.json",
  "pyproject.toml",
  "go.mod",
  "Cargo.toml",
  "Makefile",
];

/** Folders in the root and in `projects/` that hold something that projects hold, and that are no nodes yet. */
async function candidates(root: string): Promise<string[]> {
  const mesh = await loadMesh(root);
  const taken = new Set(mesh.config.nodes.map((node) => resolve(root, node.path)));
  const found: string[] = [];
  for (const parent of [root, join(root, "projects")]) {
    const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((each) => each.isDirectory() && !each.name.startsWith("."))) {
      const path = join(parent, entry.name);
      if (!taken.has(path) && projectMarks.some((mark) => existsSync(join(path, mark))))
        found.push(relative(root, path));
    }
  }
  return found.sort();
}
