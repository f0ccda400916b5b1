import type { Grants } from "@memomesh/core";
import { allowed, type Decision, denied } from "./decision.ts";
import { matchesGlob } from "./glob.ts";
import { secretRisk } from "./rules/secret-file.ts";
import { foldName } from "./steering.ts";

/** Who wants something: a node, or the person who runs the mesh, whose id is `operator`. */
export interface Party {
  readonly id: string;
  readonly grants: Grants;
}

/**
 * Whether a node may write to another one. Whatever is not granted in its `node.yml` is refused; to the operator
 * everybody may write.
 *
 * @param recipient id of a node
 */
export function maySend(sender: Party, recipient: string): Decision {
  const { id, grants } = sender;
  if (id === "operator" || id === "mesh") return allowed(`${id} may write to everyone`);
  if (recipient === "operator") return allowed("everyone may write to the operator");
  if (grants.send.includes("*")) return allowed(`${id} may write to everyone (grants.send)`);
  if (grants.send.includes(recipient)) return allowed(`${id} may write to ${recipient} (grants.send)`);
  const granted = ["operator", ...grants.send].join(", ");
  return denied(
    `${id} may not write to ${recipient}; its node.yml grants ${granted}. A person can add ${recipient} to grants.send there.`,
  );
}

/**
 * Whether a node may read a file or folder of another one. A file that holds secrets by its name is only read when the
 * grant names it without a pattern.
 *
 * @param path relative to the owner's folder, with "/" between its names
 */
export function mayRead(reader: Party, owner: string, path: string): Decision {
  const { id, grants } = reader;
  if (path.startsWith("/") || path.includes("\\") || path.includes("\0") || path.split("/").includes("..")) {
    return denied(`"${path}" is no path inside of ${owner}'s folder`);
  }
  const names = namesOf(path);
  if (isOfGit(names)) {
    return denied(`${path} belongs to git or to the mesh, and no node reads that`);
  }
  if (id === "operator" || id === "mesh") return allowed(`${id} may read everything`);
  if (id === owner) return allowed(`${path} is ${id}'s own`);
  const grant = grants.read.find((each) => {
    const cut = each.indexOf("/");
    const node = each.slice(0, cut);
    const pattern = each.slice(cut + 1);
    const named = pattern === names.join("/") || secretRisk(names) === undefined;
    return cut > 0 && (node === "*" || node === owner) && named && matchesGlob(names, pattern);
  });
  if (grant !== undefined) return allowed(`${id} may read ${grant} (grants.read)`);
  const wanted = [owner, ...names].join("/");
  return denied(
    `${id} may not read ${wanted}; nothing in grants.read of its node.yml covers it. A person can add it there.`,
  );
}

/**
 * Whether no pattern opens a path to anybody: it belongs to git or to the mesh, holds secrets by its name, or is no path
 * with "/" between its names. What is withheld from other nodes is not sent to a vendor either.
 *
 * @param path relative to a node's folder
 */
export function isWithheld(path: string): boolean {
  const names = namesOf(path);
  return /[\\\0]/.test(path) || isOfGit(names) || secretRisk(names) !== undefined;
}

function namesOf(path: string): readonly string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function isOfGit(names: readonly string[]): boolean {
  return names.some((name) => [".git", ".memomesh"].includes(foldName(name)));
}
