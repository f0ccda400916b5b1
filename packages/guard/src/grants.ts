import type { Grants } from "@memomesh/core";

/** What was decided and why, as a sentence for the person who asks. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** A node as far as its rights are concerned. */
export interface GrantHolder {
  readonly id: string;
  readonly grants: Grants;
}

/**
 * Whether a node may write memos to another. The operator may write to everyone and be written to by everyone; every
 * other way has to be granted in the sender's `node.yml`.
 */
export function maySend(sender: GrantHolder, recipient: string): Decision {
  if (sender.id === "operator" || sender.id === "mesh") return { allowed: true, reason: `${sender.id} may write to every node` };
  if (recipient === "operator") return { allowed: true, reason: "every node may write to operator" };
  const { send } = sender.grants;
  if (send.includes("*") || send.includes(recipient)) return { allowed: true, reason: `${sender.id} was granted to write to ${recipient}` };
  const granted = ["operator", ...send].join(", ");
  return {
    allowed: false,
    reason: `${sender.id} may not write to ${recipient}; its node.yml grants ${granted}. A person can add ${recipient} to grants.send.`,
  };
}

/**
 * Whether a node may read a file of another.
 *
 * @param path relative to the owner's folder, "/" between its parts, without ".."
 */
export function mayRead(reader: GrantHolder, owner: string, path: string): Decision {
  if (reader.id === owner || reader.id === "operator") return { allowed: true, reason: "it is its own" };
  const wanted = `${owner}/${path}`;
  const grant = reader.grants.read.find((pattern) => globMatches(pattern, wanted));
  if (grant !== undefined) return { allowed: true, reason: `${reader.id} was granted ${grant}` };
  return {
    allowed: false,
    reason: `${reader.id} was not granted to read ${wanted}. A person can add it to grants.read of its node.yml.`,
  };
}

/**
 * Matches a path against a pattern in which `*` stands for anything but "/", and `**` for any number of folders, the
 * folder itself included.
 */
function globMatches(pattern: string, path: string): boolean {
  return partsMatch(pattern.split("/"), path.split("/").filter((part) => part !== ""));
}

function partsMatch(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === "**") return path.some((_, index) => partsMatch(rest, path.slice(index))) || partsMatch(rest, []);
  const [part, ...others] = path;
  return part !== undefined && partMatches(first, part) && partsMatch(rest, others);
}

function partMatches(pattern: string, part: string): boolean {
  const [head = "", ...pieces] = pattern.split("*");
  const tail = pieces.pop();
  if (tail === undefined) return pattern === part;
  if (!part.startsWith(head) || !part.endsWith(tail) || part.length < head.length + tail.length) return false;
  let from = head.length;
  for (const piece of pieces) {
    const at = part.indexOf(piece, from);
    if (at < 0 || at + piece.length > part.length - tail.length) return false;
    from = at + piece.length;
  }
  return true;
}
