/** What a program in a sandbox finds. What is not named does not exist for it. Paths are absolute. */
export interface Confinement {
  /** Files and folders that it may read. One that is not there is passed over. */
  readonly read: readonly string[];
  /** Folders that it may also write; they exist. */
  readonly write: readonly string[];
  /** What stays as it is although it lies in a folder of `write`; it exists. */
  readonly fixed: readonly string[];
  /** Folders that are empty for it although they lie in one that it may read. */
  readonly hidden: readonly string[];
  /** The folder in which it starts. */
  readonly cwd: string;
  readonly network: Network;
}

/** `open`: that of the machine. `hosts`: none, but for what a proxy of ours lets through. */
export type Network = { readonly kind: "open" } | Bridge;

/** The way to the proxy. */
export interface Bridge {
  readonly kind: "hosts";
  /** The folder with its socket, where a sandbox has a network of its own. */
  readonly folder: string;
  /** The port of this machine on which it listens, where a sandbox has none; 0: it listens on the socket. */
  readonly port: number;
}

/** A place in a sandbox. */
export interface Mount {
  readonly path: string;
  readonly kind: "hidden" | "read" | "write" | "fixed";
}

const rank: Readonly<Record<Mount["kind"], number>> = { read: 0, hidden: 1, write: 2, fixed: 3 };

/** The places in the order in which they are made: a folder before what lies in it, and of two for one path the stricter last. */
export function mountsOf({ read, write, fixed, hidden }: Confinement): readonly Mount[] {
  const shown = [...read, ...write];
  const covered = hidden.filter((path) => shown.some((each) => isBelow(each, path)));
  const mounts = [
    ...read.map((path): Mount => ({ path, kind: "read" })),
    ...covered.map((path): Mount => ({ path, kind: "hidden" })),
    ...write.map((path): Mount => ({ path, kind: "write" })),
    ...fixed.map((path): Mount => ({ path, kind: "fixed" })),
  ];
  const unique = new Map(mounts.map((mount) => [`${mount.kind} ${mount.path}`, mount]));
  return [...unique.values()].sort((a, b) => depth(a) - depth(b) || rank[a.kind] - rank[b.kind]);
}

/** Whether a path is a folder or lies in it. */
export function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function depth({ path }: Mount): number {
  return path.split("/").filter((name) => name !== "").length;
}
