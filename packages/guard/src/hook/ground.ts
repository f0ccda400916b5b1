import { posix } from "node:path";
import { allowed, type Decision, denied } from "../decision.ts";
import { mayRead, type Party } from "../grants.ts";
import type { OwnPrograms } from "../own-programs.ts";
import { secretRisk } from "../rules/secret-file.ts";
import { checkChangePath, checkProposalPath } from "../scope.ts";
import { foldName } from "../steering.ts";

/** Where an agent stands: its node, and the folders around it. All paths are absolute, with "/" between their names. */
export interface Ground {
  readonly node: Party & { readonly folder: string };
  /** Every other node of the mesh. */
  readonly others: readonly { readonly id: string; readonly folder: string }[];
  /** The folder that holds mesh.yml. */
  readonly root: string;
  readonly home: string;
  /** Folders for what is needed for a moment only. */
  readonly temporary: readonly string[];
  /** Whether the node's files lie in one repository with those of others, so that its history shows theirs. */
  readonly sharedRepository: boolean;
  /**
   * Whether `root` is a session's private copy: all that lies there was laid there to be read, and a memo that is left as
   * a file is not sent.
   */
  readonly checkout: boolean;
  /** What mesh.yml says about programs. */
  readonly programs?: OwnPrograms;
  /** Where a path really leads when links are followed; the same path when nothing is there. */
  realPath(path: string): string;
}

/** A path as the mesh sees it; `names` are those below the folder that is meant. */
export type Place =
  | { readonly kind: "own" | "mesh" | "temporary"; readonly names: readonly string[] }
  | { readonly kind: "node"; readonly id: string; readonly names: readonly string[] }
  | { readonly kind: "programs" | "elsewhere"; readonly names: readonly string[] };

/** Where the machine's programs lie: everybody may read them, and they hold nothing of anybody's. */
const programFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/opt/homebrew", "/System"];
/** Files of the mesh's root that are there for all nodes. */
const forAll = new Set(["docs/ai-lessons.md", "docs/platform-reference.md"]);

/** @param path absolute, in its shortest form */
export function placeOf(ground: Ground, path: string): Place {
  const { node, others, root, temporary } = ground;
  // A node may lie inside of another one's folder; the innermost is meant.
  const owners = [{ ...node, own: true }, ...others.map((other) => ({ ...other, own: false }))]
    .filter(({ folder }) => isWithin(folder, path))
    .sort((a, b) => b.folder.length - a.folder.length);
  const [owner] = owners;
  if (owner !== undefined) {
    const names = namesBelow(owner.folder, path);
    return owner.own ? { kind: "own", names } : { kind: "node", id: owner.id, names };
  }
  if (isWithin(root, path)) return { kind: "mesh", names: namesBelow(root, path) };
  const shared = temporary.find((folder) => isWithin(folder, path));
  if (shared !== undefined) {
    const names = namesBelow(shared, path);
    // Working copies of other sessions.
    return { kind: names[0]?.startsWith("memomesh") ? "elsewhere" : "temporary", names };
  }
  const programs = programFolders.some((folder) => isWithin(folder, path));
  return { kind: programs ? "programs" : "elsewhere", names: namesBelow("/", path) };
}

/** Whether an agent may read what lies there. Links are followed: where a path really leads is what counts. */
export function checkRead(ground: Ground, path: string): Decision {
  const real = ground.realPath(path);
  return readable(ground, placeOf(ground, real), real);
}

/** Whether an agent may make, change or delete what lies there. */
export function checkWrite(ground: Ground, path: string): Decision {
  const real = ground.realPath(path);
  return writable(ground, placeOf(ground, real), real);
}

function readable(ground: Ground, place: Place, path: string): Decision {
  const { node } = ground;
  const { kind, names } = place;
  const inside = names.join("/");
  if (kind === "own" && secretRisk(names) !== undefined) return denied(`${inside} holds secrets by its name`);
  if (kind === "own") return mayRead(node, node.id, inside);
  if (kind === "node") return mayRead(node, place.id, inside);
  if (kind === "mesh" && ground.checkout && secretRisk(names) === undefined)
    return allowed(`${path} was laid there to be read`);
  if (kind === "mesh") {
    return forAll.has(inside)
      ? allowed(`${inside} is there for all nodes`)
      : denied(`${path} belongs to the mesh and not to ${node.id}`);
  }
  if (kind === "elsewhere") return denied(`${path} lies outside of ${node.id}'s folder`);
  return secretRisk(names) === undefined
    ? allowed(`${path} is nobody's project`)
    : denied(`${path} holds secrets by its name`);
}

function writable(ground: Ground, place: Place, path: string): Decision {
  const { node, checkout } = ground;
  const { kind, names } = place;
  const inside = names.join("/");
  if (kind === "temporary" && names.length > 0) return allowed(`${path} is a temporary file`);
  if (kind !== "own") return denied(`${path} lies outside of ${node.id}'s folder`);
  if (names.length === 0) return allowed(`it is ${node.id}'s own folder`);
  const [first = "", box = "", ...rest] = names.map(foldName);
  const isMemo = first === "memos" && box === "outgoing" && rest.length <= 1;
  if (isMemo && !checkout) return allowed("it is a memo to be sent");
  const decision = checkChangePath(inside);
  if (!decision.allowed && checkout && checkProposalPath(inside).allowed) {
    return denied(
      `${inside} steers agents, and a person decides on it: propose the change with the tool propose_change`,
    );
  }
  return decision.allowed ? decision : denied(`${inside} is not ${node.id}'s to change: ${decision.reason}`);
}

/** The names of a path below a folder that holds it. */
function namesBelow(folder: string, path: string): string[] {
  return posix
    .relative(folder, path)
    .split("/")
    .filter((name) => name !== "");
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
