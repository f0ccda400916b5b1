import { posix } from "node:path";
import { sha256 } from "@memomesh/core";
import type { SessionFiles, SessionKnowledge } from "../agent.ts";
import { readPath } from "../session/paths.ts";
import type { Checkout } from "./checkout.ts";
import { ownPath } from "./collect.ts";
import { nodePlaces } from "./places.ts";
import { readUntrusted } from "./walk.ts";

/**
 * The files of a session as they were when its checkout was laid, for somebody who has only the checkout. What exists is
 * what was shown then, or left out by name; what the program did since is no part of it: see `collect`. What was not
 * granted does not exist.
 */
export function checkoutFiles(checkout: Checkout, who: Pick<SessionKnowledge, "node" | "nodes">): SessionFiles {
  const { root, laid, left, granted } = checkout;
  const places = nodePlaces(who);
  const own = new Set(left.keys());
  for (const [path, { added }] of laid) {
    const inside = added ? undefined : ownPath(checkout, path);
    if (inside !== undefined) own.add(inside);
  }
  const base: Record<string, string | null> = {};
  const copied: Record<string, string | null> = {};
  const locate = (path: string) => readPath(path, who.node.id);

  function bytesOf(path: string): { bytes: Uint8Array | undefined; ours: string | undefined } {
    const { node = who.node.id, inside, full } = locate(path);
    const ours = node === who.node.id ? inside : undefined;
    const place = posix.join(places.get(node) ?? "", inside);
    const shown = laid.has(place) && (ours === undefined ? granted.has(full) : own.has(ours));
    return { bytes: shown ? readUntrusted(root, place) : undefined, ours };
  }

  function read(path: string, digests: Record<string, string | null>): Uint8Array | undefined {
    const { bytes, ours } = bytesOf(path);
    if (ours !== undefined) digests[ours] = bytes === undefined ? null : sha256(bytes);
    return bytes;
  }

  function below(path: string): readonly string[] {
    const { node, inside, full } = locate(path);
    const start = node !== undefined && inside === "" ? full : inside === "" ? "" : `${full}/`;
    const all = node === undefined ? [...own] : [...granted].filter((each) => !each.endsWith("/"));
    return all.flatMap((each) => (each.startsWith(start) ? [each.slice(start.length)] : [])).sort();
  }

  return {
    read: async (path) => {
      const bytes = read(path, base);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
    },
    readBytes: async (path) => read(path, copied),
    relyOn: (path) => {
      const { inside } = locate(path);
      const digest = copied[inside];
      if (digest !== undefined) base[inside] ??= digest;
    },
    list: async (path) => below(path),
    exists: async (path) => {
      const { node, inside, full } = locate(path);
      if (node !== undefined) return granted.has(full) || granted.has(`${full}/`);
      return inside === "" || own.has(inside) || below(inside).length > 0;
    },
    granted: async () => [...granted].filter((path) => !path.endsWith("/")).sort(),
    meshPath: (path) => {
      const { node, inside } = locate(path);
      const owner = who.nodes.find(({ id }) => id === node) ?? who.node;
      return posix.join(owner.path, inside);
    },
    base: () => ({ ...base }),
  };
}
