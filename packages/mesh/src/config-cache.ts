import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

/** What one configuration file said, and what that meant. */
interface Meaning {
  readonly source: string;
  readonly value: unknown;
}

/** The longest name of a file on usual file systems. */
const longestName = 255;

/**
 * What the configuration files of a mesh meant when they were last read, so that a command that only wants to know how
 * things stand need not load a YAML parser. A meaning counts only for the very text that it was made from, and only for the
 * very program that made it.
 *
 * It is kept with the person's own cache, not in the mesh, where an agent might leave a meaning of its own.
 */
export class ConfigCache {
  readonly #path: string | undefined;
  readonly #known: ReadonlyMap<string, Meaning>;
  readonly #used = new Map<string, Meaning>();
  #changed = false;

  private constructor(path: string | undefined, known: ReadonlyMap<string, Meaning>) {
    this.#path = path;
    this.#known = known;
  }

  /** @param root absolute path of the mesh */
  static async open(root: string): Promise<ConfigCache> {
    const path = await cacheFile(root);
    if (path === undefined) return new ConfigCache(undefined, new Map());
    try {
      const known = JSON.parse(await readFile(path, "utf8")) as Record<string, Meaning>;
      return new ConfigCache(path, new Map(Object.entries(known)));
    } catch {
      return new ConfigCache(path, new Map());
    }
  }

  /**
   * What a file means.
   *
   * @param parse reads it when its meaning is not known; what it throws is not remembered
   */
  async read<T>(file: string, source: string, parse: () => Promise<T>): Promise<T> {
    const known = this.#known.get(file);
    const same = known?.source === source;
    const meaning = same ? known : { source, value: await parse() };
    this.#changed ||= !same;
    this.#used.set(file, meaning);
    return meaning.value as T;
  }

  /** Keeps what was learned. That it cannot be kept is nobody's concern: the next time takes as long as this one. */
  async keep(): Promise<void> {
    if (this.#path === undefined || !this.#changed) return;
    const draft = `${this.#path}.${process.pid}`;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await writeFile(draft, JSON.stringify(Object.fromEntries(this.#used)), { mode: 0o600 });
      await rename(draft, this.#path);
    } catch {
      return;
    }
  }
}

/** Undefined when nothing is to be kept: a program that is not built does not consist of one file that changes with what it does. */
async function cacheFile(root: string): Promise<string | undefined> {
  const { filename } = import.meta;
  const { size, mtimeMs } = await stat(filename);
  const program = `${basename(filename)}-${size}-${Math.round(mtimeMs)}`;
  const home = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const name = `${encodeURIComponent(root)}.json`;
  const keeps = !filename.endsWith(".ts") && home.startsWith("/") && name.length <= longestName;
  return keeps ? join(home, "memomesh", "config", program, name) : undefined;
}
