import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { archivedRoot, incomingFolder, MeshError, outgoingFolder, rejectedFolder } from "@memomesh/core";
import type { CommitText } from "@memomesh/mailbox";
import { type Commit, CommitQueue, type CommitResult, openRepository, type Repository } from "@memomesh/mailbox";
import type { Tell } from "./events.ts";
import { leftCommits } from "./left-commits.ts";
import type { Mesh, MeshNode } from "./load.ts";

interface Place {
  readonly repository: Repository;
  readonly queue: CommitQueue;
}

/**
 * The git histories that a mesh writes to: the one that holds its root, and those of nodes that have their own. Commits
 * are made in the background, so that nothing waits for git; without git everything else works, and that is said.
 */
export class History {
  readonly #tell: Tell;
  /** By node. */
  readonly #places: ReadonlyMap<string, Place>;
  /** By the folder of a node; undefined where there is no git. */
  readonly #byFolder: ReadonlyMap<string, Place | undefined>;
  readonly #settled = new Map<Commit, () => Promise<void>>();
  /** Reasons that were told already; a hook that refuses does so at every attempt. */
  readonly #told = new Set<string>();
  #settling: Promise<unknown> = Promise.resolve();

  private constructor(tell: Tell, nodes: readonly MeshNode[], places: ReadonlyMap<string, Place>) {
    this.#tell = tell;
    this.#places = places;
    this.#byFolder = new Map(nodes.map(({ id, folder }) => [folder, places.get(id)]));
  }

  static async open(mesh: Mesh, tell: Tell): Promise<History> {
    const known = new Map<string, Place>();
    const places = new Map<string, Place>();
    const nodes = [...mesh.nodes.values()];
    let history: History | undefined;
    const report = (commits: readonly Commit[], result: CommitResult) => history?.reportAttempt(commits, result);
    let without = 0;
    const inside = await found(mesh.root, tell);
    for (const node of nodes) {
      const repository = sharesHistory(mesh, node) ? inside : await found(node.folder, tell);
      if (repository === undefined) {
        without += 1;
        continue;
      }
      const place = known.get(repository.workTree) ?? { repository, queue: new CommitQueue(repository, { report }) };
      known.set(repository.workTree, place);
      places.set(node.id, place);
    }
    history = new History(tell, nodes, places);
    if (without > 0) {
      const text = `${without === nodes.length ? "this mesh is" : `${without} of ${nodes.length} nodes are`} in no git repository, so nothing there is committed; \`git init\` in ${mesh.root} gives it a history`;
      tell({ kind: "warning", code: "history.none", text });
    }
    return history;
  }

  /**
   * Puts something that happened into the history.
   *
   * @param paths absolute; they may lie in several repositories, and each gets its commit
   * @param settled called once nothing of it has to be committed any more
   */
  record(paths: readonly string[], text: CommitText, settled?: () => Promise<void>): void {
    const byPlace = new Map<Place, string[]>();
    for (const path of paths) {
      const place = this.#placeOf(path);
      if (place !== undefined) byPlace.set(place, [...(byPlace.get(place) ?? []), path]);
    }
    let open = byPlace.size;
    if (open === 0 && settled !== undefined) this.#settle(settled);
    const [first] = byPlace.keys();
    for (const [place, some] of byPlace) {
      const { queue } = place;
      const commit: Commit = { ...text, paths: some, ...(place !== first && { echo: true }) };
      if (settled !== undefined) {
        this.#settled.set(commit, async () => {
          open -= 1;
          if (open === 0) await settled();
        });
      }
      queue.add(commit);
    }
  }

  /** Puts into the history what an earlier coordinator delivered, archived or rejected and could not commit any more. */
  async recordLeft(mesh: Mesh): Promise<void> {
    const byPlace = Map.groupBy([...mesh.nodes.values()], ({ id }) => this.#places.get(id));
    for (const [place, nodes] of byPlace) {
      if (place === undefined) continue;
      const folders = nodes.flatMap(({ folder }) =>
        [incomingFolder, outgoingFolder, archivedRoot, rejectedFolder].map((box) => box(folder)),
      );
      const files = await place.repository.uncommitted(folders);
      for (const commit of await leftCommits(files, nodes)) place.queue.add(commit);
    }
  }

  /** In whose name the mesh's commits are made. */
  async identity(): Promise<{ name: string; email: string } | undefined> {
    return this.#places.get("operator")?.repository.identity();
  }

  /** The SSH key with which the person signs, as git knows it: an absolute path, or `key::` and a public key; undefined when it knows none. */
  async signingKey(): Promise<string | undefined> {
    return this.#places.get("operator")?.repository.signingKey();
  }

  /** Waits until everything is committed that git lets be committed now. */
  async flush(): Promise<void> {
    for (const { queue } of new Set(this.#places.values())) await queue.flush();
    await this.#settling;
  }

  async close(): Promise<void> {
    for (const { queue } of new Set(this.#places.values())) {
      const left = await queue.close();
      if (left.length === 0) continue;
      const text = `${left.length} things that happened are not committed yet; the files are safe, and the next \`memomesh run\` tries again`;
      this.#tell({ kind: "warning", code: "history.left", text });
    }
    await this.#settling;
  }

  /** Hears of every attempt to commit. */
  private reportAttempt(commits: readonly Commit[], result: CommitResult): void {
    for (const note of result.notes) this.#tellOnce("history.note", note);
    if (result.state === "committed") {
      const [first] = commits;
      const subject = commits.length === 1 ? (first?.subject ?? "") : `${commits.length} things that happened`;
      this.#tell({ kind: "committed", hash: result.hash, subject });
      this.#told.clear();
    } else if (result.state === "failed" || result.state === "busy") {
      this.#tellOnce(
        `history.${result.state}`,
        `git did not commit: ${result.reason}. The files are safe; it is tried again.`,
      );
    }
    if (result.state !== "committed" && result.state !== "unchanged") return;
    for (const commit of commits) {
      const settled = this.#settled.get(commit);
      this.#settled.delete(commit);
      if (settled !== undefined) this.#settle(settled);
    }
  }

  #settle(settled: () => Promise<void>): void {
    this.#settling = Promise.all([this.#settling, settled()]);
  }

  #tellOnce(code: string, text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#tell({ kind: "warning", code, text });
  }

  /** The innermost node's folder decides, so that a path is committed where it belongs. */
  #placeOf(path: string): Place | undefined {
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
      if (this.#byFolder.has(folder)) return this.#byFolder.get(folder);
    return undefined;
  }
}

/** A project inside the mesh's folder may still have a repository of its own, as in a mesh made around existing projects. */
function sharesHistory(mesh: Mesh, { folder, operator }: MeshNode): boolean {
  return operator || (folder.startsWith(`${mesh.root}/`) && !existsSync(join(folder, ".git")));
}

/** The repository that holds a folder. One that cannot be used is said, and counts as none. */
async function found(folder: string, tell: Tell): Promise<Repository | undefined> {
  try {
    const repository = await openRepository(folder);
    for (const note of repository?.notes ?? []) tell({ kind: "warning", code: "history.note", text: note });
    return repository;
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    tell({ kind: "warning", code: error.code, text: error.message });
    return undefined;
  }
}
