import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { Exit, MeshError, type NodeFolder } from "@memomesh/core";
import { discard, isBroken, openDatabase } from "./database.ts";
import { placesOf } from "./places.ts";
import type { SearchQuery } from "./query.ts";
import { type Found, searchIndex } from "./search.ts";
import { isCurrent, type UpdateProgress, updateIndex } from "./update.ts";

/**
 * The words of a mesh's memos, runbooks, records, lessons, plans and states. The files are the truth: the index in
 * `.memomesh/index.db` is a cache that can be deleted at any time. It is made anew whenever it is missing or broken.
 */
export class SearchIndex {
  readonly #root: string;
  readonly #nodes: readonly NodeFolder[];
  readonly #path: string;
  #database: DatabaseSync;

  /** @param root absolute path of the mesh */
  constructor(root: string, nodes: readonly NodeFolder[]) {
    this.#root = root;
    this.#nodes = nodes;
    this.#path = join(root, ".memomesh", "index.db");
    this.#database = openDatabase(this.#path);
  }

  /**
   * Searches the files as they are now: what has changed since the last search is read first.
   *
   * @param progress hears how far that is; the first search of a large mesh takes a while
   * @throws MeshError `index.busy` (exit 75) when another process has been writing the index for half a minute
   */
  async search(
    query: SearchQuery,
    options: { readonly limit: number; readonly now: number; readonly progress?: (at: UpdateProgress) => void },
  ): Promise<Found> {
    const { progress } = options;
    const told = progress === undefined ? {} : { progress };
    return this.#usable(async () => {
      await this.#update(told);
      const first = searchIndex(this.#database, query, options);
      if (first.files.every((file) => isCurrent(this.#root, file))) return withoutFiles(first);
      // An archived memo was edited where it lies, which its folder does not tell.
      await this.#update({ ...told, thorough: true });
      return withoutFiles(searchIndex(this.#database, query, options));
    });
  }

  close(): void {
    this.#database.close();
  }

  #update(options: { thorough?: boolean; progress?: (at: UpdateProgress) => void }): Promise<void> {
    return updateIndex(this.#database, this.#root, placesOf(this.#root, this.#nodes), options);
  }

  async #usable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isBroken(error)) throw busy(error);
      this.#database.close();
      discard(this.#path);
      this.#database = openDatabase(this.#path);
      return work();
    }
  }
}

function withoutFiles({ hits, total, partial }: Found): Found {
  return { hits, total, partial };
}

/** SQLite's 5 is "busy", 6 is "locked". */
function busy(error: unknown): unknown {
  const { errcode } = error as { errcode?: number };
  if (errcode === undefined || ![5, 6].includes(errcode & 0xff)) return error;
  const sentence = "another process is writing the index .memomesh/index.db; try again in a moment";
  return new MeshError("index.busy", sentence, { exit: Exit.tryAgain, cause: error });
}
