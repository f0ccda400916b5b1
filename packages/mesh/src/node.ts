import { readFile, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import {
  Exit,
  addNode as enterNode,
  hasSection,
  instructionsPath,
  MeshError,
  nodeConfigPath,
  parseMeshConfig,
  parseNodeConfig,
  putSection,
} from "@memomesh/core";
import { writeDurably } from "@memomesh/mailbox";
import { createFile, type Made, textOf } from "./create.ts";
import { syncInstructions } from "./instructions.ts";
import type { Mesh } from "./load.ts";
import { fillTemplate, nodeTemplates, readTemplate, templateNames, yamlText } from "./templates.ts";

export interface NodeOptions {
  /** A role that has templates: `generic` or a folder of `templates/nodes/`. Default: generic. */
  readonly role?: string;
  /** An agent of mesh.yml, `auto` for one that the task decides, or `none` for a person. Default: offline. */
  readonly agent?: string;
  /** The project's folder, absolute or relative to the mesh's root. Default: `projects/<id>`. */
  readonly path?: string;
  /** Whom the node may write to, and what it may read of others. Default: nobody and nothing. */
  readonly send?: readonly string[];
  readonly read?: readonly string[];
}

const section = "node";

/**
 * Makes a node, or makes a node of an existing project in its place. No file is overwritten: an AGENTS.md that is there
 * gets one marked section. The node enters mesh.yml last, so that nobody meets a half-made one.
 *
 * @returns every file concerned and what became of it
 * @throws MeshError `node.*` when the name, role, agent or folder cannot be used; then nothing was made
 */
export async function addNode(mesh: Mesh, id: string, options: NodeOptions = {}): Promise<Made[]> {
  const { role = "generic", agent = "offline", send = [], read = [] } = options;
  const folder = resolve(mesh.root, options.path ?? join("projects", id));
  const meshFile = join(mesh.root, "mesh.yml");
  const source = await readFile(meshFile, "utf8");
  const entered = enter(source, mesh, id, folder);
  await checkFolder(mesh, folder);
  await checkRole(mesh, role);
  checkAgent(mesh, agent);

  const values = {
    id,
    role,
    agent,
    mesh: mesh.config.name,
    date: new Date().toISOString(),
    send: send.map(yamlText).join(", "),
    read: read.map(yamlText).join(", "),
    rules: (await readTemplate(mesh.root, "rules.md")).trimEnd(),
  };
  const files: { path: string; content: string }[] = [];
  for (const [path, template] of await nodeTemplates(mesh.root, role)) {
    files.push({ path, content: fillTemplate(await readFile(template, "utf8"), values, template) });
  }
  const config = files.find(({ path }) => path === "node.yml")?.content;
  if (config !== undefined) parseNodeConfig(config, join(folder, "node.yml"));

  // A folder that is a node already has been told how to work here, perhaps in other words by now.
  const isNode = (await textOf(nodeConfigPath(folder))) !== undefined;
  const made: Made[] = [];
  for (const { path, content } of files) {
    const file = await createFile(join(folder, path), content);
    const adopted = path === "AGENTS.md" && file.state === "kept" && !isNode;
    made.push(adopted ? await extendInstructions(folder, content) : file);
  }
  for (const { file, state, difference } of await syncInstructions(folder)) {
    made.push({
      path: join(folder, file),
      state: state !== "written" ? "kept" : difference === "is missing" ? "created" : "extended",
    });
  }
  if (entered === source) return [...made, { path: meshFile, state: "kept" }];
  await writeDurably(meshFile, entered);
  return [...made, { path: meshFile, state: "extended" }];
}

/** mesh.yml with this node in it; the same text when the very same node stands there. */
function enter(source: string, mesh: Mesh, id: string, folder: string): string {
  const existing = mesh.config.nodes.find((node) => node.id === id);
  if (existing !== undefined) {
    if (resolve(mesh.root, existing.path) === folder) return source;
    throw usage("node.exists", `there is a node "${id}" already, in ${existing.path}; choose another name`);
  }
  const other = mesh.config.nodes.find((node) => resolve(mesh.root, node.path) === folder);
  if (other !== undefined) throw usage("node.folder-taken", `${other.path} is the node "${other.id}" already`);
  const path = relative(mesh.root, folder).split(sep).join("/");
  const entered = enterNode(source, path === `projects/${id}` ? { id } : { id, path });
  parseMeshConfig(entered, "mesh.yml");
  return entered;
}

async function checkFolder(mesh: Mesh, folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found !== undefined && !found.isDirectory())
    throw usage("node.no-folder", `${folder} is a file; a node is a folder`);
  if (`${mesh.root}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)) {
    throw usage(
      "node.holds-mesh",
      `${folder} holds the mesh itself; a node is a folder beside or below ${basename(mesh.root)}/mesh.yml`,
    );
  }
}

async function checkRole(mesh: Mesh, role: string): Promise<void> {
  const roles = ["generic", ...(await templateNames(mesh.root, "nodes"))];
  if (roles.includes(role)) return;
  throw usage(
    "node.role-unknown",
    `role "${role}" has no templates; expected ${roles.join(", ")}, or a folder templates/nodes/${role} of your own`,
  );
}

function checkAgent(mesh: Mesh, agent: string): void {
  const agents = [...Object.keys(mesh.config.agents), "auto", "none"];
  if (agents.includes(agent)) return;
  throw usage("node.agent-unknown", `agent "${agent}" is not in mesh.yml; expected ${agents.join(", ")}`);
}

async function extendInstructions(folder: string, content: string): Promise<Made> {
  const path = instructionsPath(folder);
  const existing = (await textOf(path)) ?? "";
  if (hasSection(existing, section) || existing === content) return { path, state: "kept" };
  await writeDurably(path, putSection(existing, section, lowerHeadings(content).trimEnd()));
  return { path, state: "extended" };
}

/** The same Markdown one heading level deeper, so that it can stand inside another document. Fences are left alone. */
function lowerHeadings(markdown: string): string {
  let fence: string | undefined;
  return markdown
    .split("\n")
    .map((line) => {
      const [mark] = /^(?:`{3,}|~{3,})/.exec(line) ?? [];
      if (mark !== undefined && fence === undefined) fence = mark;
      else if (mark !== undefined && fence !== undefined && mark.startsWith(fence) && line.trim() === mark)
        fence = undefined;
      return fence === undefined && /^#{1,5} /.test(line) ? `#${line}` : line;
    })
    .join("\n");
}

function usage(code: string, sentence: string): MeshError {
  return new MeshError(code, sentence, { exit: Exit.usage });
}
