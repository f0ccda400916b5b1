import { posix } from "node:path";
import type { SessionKnowledge } from "../agent.ts";

/**
 * Where each node stands in a checkout, relative to its root: where it stands in the mesh. A node outside of the mesh,
 * such as `../shop`, is put below `outside/`.
 *
 * @returns paths by the node's id; that of the session's own node too
 */
export function nodePlaces({ node, nodes }: Pick<SessionKnowledge, "node" | "nodes">): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const { id, path } of [node, ...nodes]) {
    const inside = posix.normalize(path).replace(/\/$/, "").replace(/^\.$/, "");
    const place = /^(?:\.\.)?\/|^\.\.$/.test(inside)
      ? posix.join("outside", inside.replace(/^(?:\/|\.\.(?:\/|$))+/, ""))
      : inside;
    const taken = [...places.values()].includes(place);
    places.set(id, taken ? posix.join("outside", id) : place);
  }
  return places;
}
