import { isStale, platformPath, readFacts } from "@memomesh/core";
import type { KnownPlatform } from "@memomesh/quality";
import { textOf } from "../create.ts";
import type { Mesh } from "../load.ts";

/**
 * What the gate may compute with: the figures of facts whose collectors mesh.yml declares, for as long as it says they hold.
 * They stand in docs/platform-reference.md of the mesh, which no changeset of a node reaches.
 */
export async function knownPlatform({ root, config }: Mesh, now = new Date()): Promise<KnownPlatform> {
  const facts = readFacts((await textOf(platformPath(root))) ?? "").flatMap(({ name, from, at, figures }) => {
    const collector = Object.hasOwn(config.facts, name) ? config.facts[name] : undefined;
    if (figures === undefined || collector === undefined || from !== (collector.target ?? "here")) return [];
    const { maxAge } = collector;
    return [{ name, from, at, stale: isStale({ at, maxAge }, now), figures }];
  });
  const here = Object.entries(config.targets).flatMap(([name, { kind }]) => (kind === "local" ? [name] : []));
  const groups = Object.entries(config.targets).flatMap(([name, target]) =>
    target.kind === "group" ? [[name, target.members] as const] : [],
  );
  return { facts, here, groups: Object.fromEntries(groups) };
}
