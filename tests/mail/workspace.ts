import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type MeshEvent, runMesh, type Watching, watchMesh } from "@memomesh/mesh";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.ts";

/** What a node's node.yml says. */
export interface NodeWish {
  /** Default "none": a person works there, so that memos stay where they were delivered. */
  readonly agent?: string;
  /** Default "*". */
  readonly send?: readonly string[];
  /** Where it lies, relative to the root; default projects/<id>. */
  readonly path?: string;
}

export interface WorkspaceWish {
  readonly nodes: Readonly<Record<string, NodeWish>>;
  readonly policy?: Readonly<Record<string, string | number>>;
  /** Names of targets, each a folder targets/<name>. */
  readonly targets?: readonly string[];
  /** Further lines of mesh.yml. */
  readonly more?: string;
  /** Whether it is a repository with a first commit; default false, since a commit costs a dozen processes. */
  readonly git?: boolean;
  /** An existing empty folder, such as one on a disk of its own. */
  readonly root?: string;
}

/** A file of a mailbox. */
export interface Letter {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

export type Box = "outgoing" | "incoming" | "rejected" | "archived";

/** A mesh in a temporary folder, removed when the test is finished. */
export class Workspace {
  readonly root: string;
  readonly #nodes: Map<string, NodeWish>;
  readonly #policy: Readonly<Record<string, string | number>>;
  readonly #targets: readonly string[];
  readonly #more: string;

  private constructor(root: string, { nodes, policy = {}, targets = [], more = "" }: WorkspaceWish) {
    this.root = root;
    this.#nodes = new Map(Object.entries(nodes));
    this.#policy = { settleMs: 30, ...policy };
    this.#targets = targets;
    this.#more = more;
  }

  static open(wish: WorkspaceWish): Workspace {
    const root = wish.root ?? temporaryRoot();
    const workspace = new Workspace(root, wish);
    for (const [id, node] of workspace.#nodes) workspace.#makeNode(id, node);
    for (const box of ["outgoing", "incoming"]) mkdirSync(join(root, "memos", box), { recursive: true });
    workspace.#writeConfig();
    workspace.write(".gitignore", ".memomesh/\n");
    if (wish.git === true) workspace.#makeRepository();
    return workspace;
  }

  /** Adds a node as `memomesh node add` does: its folder first, then its name in mesh.yml. */
  addNode(id: string, node: NodeWish = {}): void {
    this.#makeNode(id, node);
    this.#nodes.set(id, node);
    this.#writeConfig();
  }

  /** Makes a node's files again, on an empty disk that was mounted at its folder. */
  restore(id: string): void {
    this.#makeNode(id, this.#nodes.get(id) ?? {});
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  folder(id: string): string {
    return id === "operator" ? this.root : this.path(this.#nodes.get(id)?.path ?? `projects/${id}`);
  }

  box(id: string, box: Box): string {
    return join(this.folder(id), "memos", box);
  }

  exists(path: string): boolean {
    return existsSync(this.path(path));
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  write(path: string, content: string | Uint8Array): string {
    const file = this.path(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Puts a file into a mailbox, in one piece. */
  drop(id: string, name: string, content: string | Uint8Array, box: "outgoing" | "incoming" = "outgoing"): string {
    const path = join(this.box(id, box), name);
    writeFileSync(path, content);
    return path;
  }

  /** The files that lie in a box, those of subfolders included; hidden ones only when `hidden`. */
  files(id: string, box: Box, hidden = false): Letter[] {
    const folder = this.box(id, box);
    if (!existsSync(folder)) return [];
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && (hidden || !entry.name.startsWith(".")))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => ({ path, name: relative(folder, path), text: readFileSync(path, "utf8") }));
  }

  inbox(id: string): Letter[] {
    return this.files(id, "incoming");
  }

  /** What was rejected, each with the text that says why. */
  rejected(id: string): { name: string; reason: string }[] {
    const files = this.files(id, "rejected");
    return files
      .filter(({ name }) => name.endsWith(".reason.md"))
      .map(({ name, text }) => ({ name: name.slice(0, -".reason.md".length), reason: text }));
  }

  /** The notices of the mesh that lie in an inbox. */
  notices(id: string): Letter[] {
    return this.inbox(id).filter(({ text }) => text.includes("from: mesh\n"));
  }

  /** `memomesh run`: all that there is to do, once. */
  async run(): Promise<MeshEvent[]> {
    const events: MeshEvent[] = [];
    const onEvent = (event: MeshEvent) => void events.push(event);
    await runMesh({ start: this.root, onEvent }, new AbortController().signal);
    return events;
  }

  /** `memomesh watch`, stopped when the test is finished. */
  async watch(): Promise<Watched> {
    const events: MeshEvent[] = [];
    const watching = await watchMesh({ start: this.root, onEvent: (event) => void events.push(event) });
    watching.ended.catch(() => undefined);
    onTestFinished(() => watching.stop());
    return new Watched(watching, events);
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Subjects of the commits, newest first. */
  subjects(): string[] {
    return this.git("log", "--format=%s").trimEnd().split("\n");
  }

  /** What git says is not committed, one line a file. */
  uncommitted(): string[] {
    return this.git("status", "--porcelain", "--untracked-files=all")
      .split("\n")
      .filter((line) => line !== "");
  }

  hook(name: string, script: string): void {
    writeFileSync(this.path(".git", "hooks", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  #makeNode(id: string, { agent = "none", send = ["*"] }: NodeWish): void {
    const folder = this.folder(id);
    for (const box of ["outgoing", "incoming"]) mkdirSync(join(folder, "memos", box), { recursive: true });
    const grants = `grants:\n  send: ${JSON.stringify(send)}\n  read: []\n`;
    writeFileSync(join(folder, "node.yml"), `role: ${id}\nagent: ${agent}\n${grants}`);
  }

  #writeConfig(): void {
    const nodes = [...this.#nodes].map(([id, { path = `projects/${id}` }]) => `  - { id: ${id}, path: ${path} }\n`);
    const policy = Object.entries(this.#policy).map(([name, value]) => `  ${name}: ${value}\n`);
    const targets = this.#targets.map((name) => `  ${name}: { kind: local, path: ./targets/${name} }\n`);
    const parts = { nodes, policy, targets };
    const texts = Object.entries(parts).flatMap(([name, lines]) =>
      lines.length === 0 ? [] : [`${name}:\n`, ...lines],
    );
    this.write("mesh.yml", `name: test\n${texts.join("")}${this.#more}`);
  }

  #makeRepository(): void {
    mkdirSync(this.path(".git", "hooks"), { recursive: true });
    this.git("init", "--quiet", "--initial-branch=main", "--template=");
    const settings = "[user]\n\tname = Pat Person\n\temail = pat@example.com\n[gc]\n\tauto = 0\n";
    appendFileSync(this.path(".git", "config"), settings);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "Begin");
  }
}

function temporaryRoot(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "memomesh-mail-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** A mesh that is watched in this process. */
export class Watched {
  readonly events: readonly MeshEvent[];
  readonly #watching: Watching;

  constructor(watching: Watching, events: readonly MeshEvent[]) {
    this.#watching = watching;
    this.events = events;
  }

  stop(): Promise<void> {
    return this.#watching.stop();
  }

  /** Waits for an event of a kind, also one that was told already. */
  told<K extends MeshEvent["kind"]>(kind: K, fits: (event: Told<K>) => boolean = () => true): Promise<Told<K>> {
    return eventually(`an event ${kind}`, () => this.all(kind).find(fits));
  }

  all<K extends MeshEvent["kind"]>(kind: K): Told<K>[] {
    return this.events.filter((event): event is Told<K> => event.kind === kind);
  }
}

export type Told<K extends MeshEvent["kind"]> = Extract<MeshEvent, { kind: K }>;

/** The events of one kind. */
export function ofKind<K extends MeshEvent["kind"]>(events: readonly MeshEvent[], kind: K): Told<K>[] {
  return events.filter((event): event is Told<K> => event.kind === kind);
}
