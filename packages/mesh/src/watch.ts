import { sep } from "node:path";
import { watch as watchFiles } from "chokidar";
import { Coordinator, type CoordinatorOptions } from "./coordinator.ts";
import { WatchedPlaces } from "./watched-places.ts";

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
  let { mesh } = coordinator;
  let places = new WatchedPlaces(mesh);
  await places.makeMissing();
  const watcher = watchFiles([...places.paths], { depth: 0, ignoreInitial: true, ignored: isHidden });
  await new Promise<void>((ready) => watcher.once("ready", () => ready()));
  const loop = new WakeLoop(coordinator, async () => {
    if (coordinator.mesh === mesh) return;
    ({ mesh } = coordinator);
    places = new WatchedPlaces(mesh);
    await places.makeMissing();
    // Nodes have come, or were away and are back. What is watched already is not watched twice.
    watcher.add([...places.paths]);
  });
  watcher.on("all", (_, path) => {
    const concerned = places.concerned(path);
    if (concerned !== undefined) loop.wake(concerned);
  });
  watcher.on("unlinkDir", async (path) => watcher.add(await places.makeMissing([path])));
  watcher.on("error", (error) => loop.fail(error));
  loop.wake("all");
  return {
    coordinator,
    ended: loop.ended,
    stop: async () => {
      coordinator.interrupt();
      await watcher.close();
      await loop.stop();
      await coordinator.close();
    },
  };
}

function isHidden(path: string): boolean {
  return path.slice(path.lastIndexOf(sep) + 1).startsWith(".");
}

/** How soon a node that cannot be used is looked at again, in milliseconds: nothing can be watched in a folder that is not there. */
const absentMs = 2000;

/** Runs `settle` for whatever woke it, one at a time; what wakes it meanwhile is gathered for the next turn. */
class WakeLoop {
  readonly ended: Promise<void>;
  readonly #coordinator: Coordinator;
  readonly #afterTurn: () => Promise<void>;
  #woken: Set<string> | "all" = new Set();
  #turn: Promise<void> | undefined;
  /** By node, or for "all": when one is looked at again for a file that may have become quiet. */
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;
  #end!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(coordinator: Coordinator, afterTurn: () => Promise<void>) {
    this.#coordinator = coordinator;
    this.#afterTurn = afterTurn;
    this.ended = new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
  }

  wake(node: string | "all"): void {
    if (node === "all") this.#woken = "all";
    else if (this.#woken !== "all") this.#woken.add(node);
    if (!this.#stopped) this.#turn ??= this.#run().catch((error) => this.fail(error));
  }

  fail(error: unknown): void {
    this.#stopped = true;
    this.#end.reject(error);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#turn;
    this.#end.resolve();
  }

  async #run(): Promise<void> {
    while (!this.#stopped && (this.#woken === "all" || this.#woken.size > 0)) {
      const ids = this.#woken;
      this.#woken = new Set();
      const waitMs = await this.#coordinator.settle(ids === "all" ? undefined : ids, "wait");
      await this.#afterTurn();
      for (const id of ids === "all" ? ["all"] : ids) this.#again(id, waitMs);
      for (const { id } of this.#coordinator.mesh.problems) this.#again(id, absentMs);
    }
    this.#turn = undefined;
  }

  /** Others that are woken meanwhile must not make this one forgotten: every node has a timer of its own. */
  #again(id: string | "all", waitMs: number | undefined): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    if (waitMs === undefined || this.#stopped) return;
    this.#timers.set(
      id,
      setTimeout(() => this.wake(id), waitMs + 1),
    );
  }
}
