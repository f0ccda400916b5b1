import { relative, resolve, sep } from "node:path";
import { incomingFolder, outgoingFolder } from "@memomesh/core";
import { watch as watchFiles } from "chokidar";
import { Coordinator, type CoordinatorOptions } from "./coordinator.ts";
import type { Mesh } from "./load.ts";

/** A coordinator that is woken by the file system. */
export interface Watching {
  readonly coordinator: Coordinator;
  /** Resolves when the watching has ended and everything is committed; rejects when it cannot go on. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Routes memos the moment they are dropped and wakes agents, until it is stopped. It does exactly what `run` does; only
 * the trigger is another one.
 *
 * @throws MeshError `mesh.locked` (exit 75) when another coordinator is at work
 */
export async function watchMesh(options: Omit<CoordinatorOptions, "command">): Promise<Watching> {
  const coordinator = await Coordinator.open({ ...options, command: "watch" });
  const { mesh } = coordinator;
  const watcher = watchFiles(watchedPaths(mesh), { depth: 0, ignoreInitial: true, ignored: isHidden });
  await new Promise<void>((ready) => watcher.once("ready", () => ready()));
  const loop = new WakeLoop(coordinator);
  watcher.on("all", (_, path) => loop.wake(nodeOf(coordinator.mesh, path)));
  watcher.on("error", (error) => loop.fail(error));
  loop.wake(undefined);
  return {
    coordinator,
    ended: loop.ended,
    stop: async () => {
      await watcher.close();
      await loop.stop();
      await coordinator.close();
    },
  };
}

function watchedPaths(mesh: Mesh): string[] {
  const boxes = [...mesh.nodes.values()].flatMap(({ folder }) => [outgoingFolder(folder), incomingFolder(folder)]);
  return [resolve(mesh.root, "mesh.yml"), ...boxes];
}

function isHidden(path: string): boolean {
  return (
    path.slice(path.lastIndexOf(sep) + 1).startsWith(".") && !path.endsWith("outgoing") && !path.endsWith("incoming")
  );
}

/** The node whose mailbox a path lies in; undefined for what concerns all, such as mesh.yml. */
function nodeOf(mesh: Mesh, path: string): string | undefined {
  for (const { id, folder } of mesh.nodes.values()) {
    const [first, second] = relative(folder, path).split(sep);
    if (first === "memos" && (second === "outgoing" || second === "incoming")) return id;
  }
  return undefined;
}

/** Runs `settle` for whatever woke it, one at a time; what wakes it meanwhile is gathered for the next turn. */
class WakeLoop {
  readonly ended: Promise<void>;
  readonly #coordinator: Coordinator;
  #woken: Set<string> | "all" = new Set();
  #turn: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #end!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(coordinator: Coordinator) {
    this.#coordinator = coordinator;
    this.ended = new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
  }

  wake(node: string | undefined): void {
    if (node === undefined) this.#woken = "all";
    else if (this.#woken !== "all") this.#woken.add(node);
    if (!this.#stopped) this.#turn ??= this.#run().catch((error) => this.fail(error));
  }

  fail(error: unknown): void {
    this.#stopped = true;
    this.#end.reject(error);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
    this.#end.resolve();
  }

  async #run(): Promise<void> {
    while (!this.#stopped && (this.#woken === "all" || this.#woken.size > 0)) {
      const ids = this.#woken;
      this.#woken = new Set();
      clearTimeout(this.#timer);
      const waitMs = await this.#coordinator.settle(ids === "all" ? undefined : ids, "wait");
      if (waitMs !== undefined) this.#again(ids, waitMs);
    }
    this.#turn = undefined;
  }

  /** A file that is still being written is looked at again when it may have become quiet. */
  #again(ids: Set<string> | "all", waitMs: number): void {
    this.#timer = setTimeout(() => {
      if (ids === "all") this.wake(undefined);
      else for (const id of ids) this.wake(id);
    }, waitMs + 1);
  }
}
