import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checkAgent } from "@memomesh/agents";
import { MeshError, rejectedFolder } from "@memomesh/core";
import { acquireLock, type CoordinatorLock, removeLeftTemporaries } from "@memomesh/mailbox";
import { withAgentPlace } from "./agent-place.ts";
import { recoverChanges, settleChange } from "./change.ts";
import type { MeshEvent, Tell } from "./events.ts";
import { History } from "./history.ts";
import { loadMesh, type Mesh, type MeshNode } from "./load.ts";
import { journalFolder } from "./make-change.ts";
import { Router } from "./router.ts";
import { Sessions } from "./sessions.ts";

export interface CoordinatorOptions {
  /** Any folder of the mesh. */
  readonly start: string;
  /** The command that coordinates, named to whoever finds the mesh locked. */
  readonly command: "run" | "watch" | "demo" | "ask" | "chat" | "stage";
  readonly onEvent: (event: MeshEvent) => void;
}

/**
 * Moves memos and holds sessions, for as long as it is asked to. The only one of its mesh: a lock says who it is.
 *
 * It never runs a step of a runbook. Everything that it does can be interrupted at any point and is finished by the next one.
 */
export class Coordinator {
  #mesh: Mesh;
  /** Stamps of the configuration files as they were before they were read. */
  readonly #configured: Map<string, string>;
  readonly #lock: CoordinatorLock;
  readonly #history: History;
  readonly #tell: Tell;
  readonly #stop = new AbortController();
  readonly #sessions: Sessions;
  #router: Router;

  private constructor(
    mesh: Mesh,
    configured: Map<string, string>,
    lock: CoordinatorLock,
    history: History,
    tell: Tell,
  ) {
    this.#mesh = mesh;
    this.#configured = configured;
    this.#lock = lock;
    this.#history = history;
    this.#tell = tell;
    this.#router = new Router(mesh, history, tell);
    this.#sessions = new Sessions(history, tell, this.#stop.signal);
  }

  /**
   * Takes the mesh's lock and finishes what a killed coordinator has left.
   *
   * @throws MeshError `mesh.locked` (exit 75) when another one is at work, naming it
   */
  static async open({ start, command, onEvent }: CoordinatorOptions): Promise<Coordinator> {
    const tell: Tell = (event) => onEvent({ at: new Date().toISOString(), ...event } as MeshEvent);
    const configured = new Map<string, string>();
    const mesh = await loadMesh(start, async (file) => void configured.set(file, await stampOf(file)));
    const lock = await acquireLock(mesh.root, `memomesh ${command}`, new Date());
    try {
      const history = await History.open(mesh, tell);
      const coordinator = new Coordinator(mesh, configured, lock, history, tell);
      tell({ kind: "started", mesh: mesh.config.name, nodes: mesh.nodes.size, by: `${command} (pid ${process.pid})` });
      await coordinator.#tellProblems();
      await coordinator.#recover();
      return coordinator;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  get mesh(): Mesh {
    return this.#mesh;
  }

  /**
   * Routes and works until nothing is left to do in these nodes and in those that they reach.
   *
   * @param ids nodes in which something may have happened; all when left out
   * @param stuck whether to wait for files that are still empty and for what the disk refused, or leave them for the next time
   * @returns milliseconds until a file that may still be written to can be taken; undefined when there is none
   */
  async settle(ids?: Iterable<string>, stuck: "wait" | "leave" = "leave"): Promise<number | undefined> {
    const some = ids === undefined ? undefined : [...ids];
    await this.#reload(some);
    let toRoute = new Set(some ?? this.#mesh.nodes.keys());
    let toWork = new Set(toRoute);
    let waitMs: number | undefined;
    while ((toRoute.size > 0 || toWork.size > 0) && !this.#stop.signal.aborted) {
      const pass = await this.#router.pass(this.#mesh, this.#nodes(toRoute), stuck);
      if (pass.waitMs !== undefined) waitMs = Math.min(waitMs ?? Number.POSITIVE_INFINITY, pass.waitMs);
      toRoute = new Set(pass.again);
      for (const id of pass.reached) toWork.add(id);
      if (toRoute.size > 0) continue;
      for (const id of await this.#sessions.work(this.#mesh, this.#nodes(toWork))) toRoute.add(id);
      toWork = new Set();
    }
    return waitMs;
  }

  /** Ends sessions under way; what they work on waits. Nothing new is begun. */
  interrupt(): void {
    this.#stop.abort();
  }

  /** Ends sessions under way, commits what happened, and lets the next coordinator in. */
  async close(): Promise<void> {
    this.interrupt();
    await this.#history.close();
    await this.#lock.release();
  }

  #nodes(ids: Iterable<string>): MeshNode[] {
    return [...ids].flatMap((id) => this.#mesh.nodes.get(id) ?? []);
  }

  async #recover(): Promise<void> {
    const own = join(this.#mesh.root, ".memomesh");
    const journal = journalFolder(this.#mesh.root);
    // In mailboxes the scanner sees to it.
    const folders = [...this.#mesh.nodes.values()].map(({ folder }) => rejectedFolder(folder));
    await Promise.all([own, journal, ...folders].map((folder) => removeLeftTemporaries(folder).catch(() => undefined)));
    const { finished, undone } = await recoverChanges(journal);
    for (const change of finished) {
      this.#history.record(
        change.edits.map(({ path }) => path),
        change.commit,
        () => settleChange(change.id, journal),
      );
    }
    for (const change of undone) {
      this.#tell({
        kind: "warning",
        code: "change.undone",
        text: `"${change.commit.subject}" was interrupted and people have edited its files since; it was taken back and the session will be held again`,
      });
    }
    await this.#history.recordLeft(this.#mesh);
  }

  /** Reads the configuration again when a person has changed it. A broken one is said, and the one before stays in force. */
  async #reload(ids: readonly string[] | undefined): Promise<void> {
    if (!(await this.#isChanged(ids))) return;
    try {
      this.#mesh = await loadMesh(
        this.#mesh.root,
        async (file) => void this.#configured.set(file, await stampOf(file)),
      );
      this.#router = new Router(this.#mesh, this.#history, this.#tell);
      await this.#tellProblems();
    } catch (error) {
      this.#tell({
        kind: "warning",
        code: "mesh.config",
        text: `${(error as Error).message} The configuration from before stays in force.`,
      });
    }
  }

  /** Whether mesh.yml, or the node.yml of one of these nodes, was saved, came or went since it was read. */
  async #isChanged(ids: readonly string[] | undefined): Promise<boolean> {
    const { root, config } = this.#mesh;
    const wanted = ids === undefined ? undefined : new Set(ids);
    const nodes = config.nodes.filter(({ id }) => wanted?.has(id) ?? true);
    const files = [join(root, "mesh.yml"), ...nodes.map(({ path }) => resolve(root, path, "node.yml"))];
    const stamps = await Promise.all(files.map(async (file) => [file, await stampOf(file)] as const));
    const changed = stamps.filter(([file, stamp]) => this.#configured.get(file) !== stamp);
    for (const [file, stamp] of changed) this.#configured.set(file, stamp);
    return changed.length > 0;
  }

  /** What is wrong with nodes and agents, before a memo comes that needs them. */
  async #tellProblems(): Promise<void> {
    for (const { id, error } of this.#mesh.problems) {
      this.#tell({ kind: "warning", code: error.code, text: `node ${id} is left out: ${error.message}` });
    }
    for (const [name, config] of Object.entries(this.#mesh.config.agents)) {
      await checkAgent(name, config).catch(async (found: unknown) => {
        const error = await withAgentPlace(this.#mesh.root, name, found);
        if (!(error instanceof MeshError)) throw error;
        this.#tell({ kind: "warning", code: error.code, text: error.message });
      });
    }
  }
}

async function stampOf(file: string): Promise<string> {
  return stat(file).then(
    ({ mtimeMs, size, ino }) => `${ino} ${mtimeMs} ${size}`,
    () => "absent",
  );
}
