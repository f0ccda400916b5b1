import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { incomingFolder, outgoingFolder } from "@memomesh/core";
import type { Mesh } from "./load.ts";

/** Where something may happen that a coordinator has to know of, and whom it concerns. */
export class WatchedPlaces {
  /** Absolute. Of each, only itself and what lies right in it is watched. */
  readonly paths: readonly string[];
  readonly #mesh: Mesh;
  /** The node that a mailbox folder belongs to. */
  readonly #boxes = new Map<string, string>();
  /** What concerns every node: mesh.yml, and the nodes' own folders, which can disappear and come back. */
  readonly #general: ReadonlySet<string>;

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
    for (const { id, folder } of mesh.nodes.values())
      for (const box of [outgoingFolder, incomingFolder]) this.#boxes.set(box(folder), id);
    const config = join(mesh.root, "mesh.yml");
    const folders = mesh.config.nodes.map(({ path }) => resolve(mesh.root, path));
    this.#general = new Set([config, ...folders]);
    this.paths = [config, ...new Set(folders.map((folder) => dirname(folder))), ...this.#boxes.keys()];
  }

  /** Whom an event at this path concerns: a node, all, or nobody. */
  concerned(path: string): string | "all" | undefined {
    if (this.#general.has(path)) return "all";
    return this.#boxes.get(path) ?? this.#boxes.get(dirname(path));
  }

  /**
   * Makes the mailbox folders that are missing, since only what is there can be watched: git does not keep empty folders.
   *
   * @param among absolute paths; all mailboxes when left out
   * @returns those that were made; one that cannot be made is for the router to tell about
   */
  async makeMissing(among: Iterable<string> = this.#boxes.keys()): Promise<string[]> {
    const made: string[] = [];
    for (const box of among) {
      const node = this.#mesh.nodes.get(this.#boxes.get(box) ?? "");
      if (node === undefined || existsSync(box) || !existsSync(node.folder)) continue;
      const first = await mkdir(box, { recursive: true }).catch(() => undefined);
      if (first !== undefined) made.push(box);
    }
    return made;
  }
}
