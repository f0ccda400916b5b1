import {
  Exit,
  type FactCollector,
  isStale,
  MeshError,
  type PlatformFact,
  platformPath,
  readFacts,
  type StepTarget,
  sha256,
} from "@memomesh/core";
import { type Acceptance, acceptanceOf, recordAcceptance } from "../acceptance.ts";
import { textOf } from "../create.ts";
import type { Mesh } from "../load.ts";
import { stepTarget } from "../runbook-files.ts";
import { notReadOnly } from "./read-only.ts";

/** A collector of mesh.yml and how it stands. */
export interface StandingCollector extends FactCollector {
  readonly name: string;
  readonly digest: string;
  /** Where it runs; `here` when it names no target. */
  readonly place: StepTarget;
  /** Why it is never run, in a sentence without a full stop; undefined: it may be accepted. */
  readonly refused: string | undefined;
  readonly acceptance: Acceptance | undefined;
  /** What it has told last. */
  readonly fact: PlatformFact | undefined;
  readonly stale: boolean;
}

/** All collectors of a mesh, as they stand now. Nothing runs. */
export async function readCollectors(mesh: Mesh, now: Date): Promise<readonly StandingCollector[]> {
  const facts = new Map(readFacts((await textOf(platformPath(mesh.root))) ?? "").map((fact) => [fact.name, fact]));
  return Promise.all(
    Object.entries(mesh.config.facts).map(async ([name, collector]) => {
      const known = targetOf(mesh, collector);
      const digest = collectorDigest(name, collector, known);
      const fact = facts.get(name);
      const held = fact && { ...fact, maxAge: collector.maxAge };
      return {
        ...collector,
        name,
        digest,
        place: known ?? here(mesh),
        refused:
          collector.target !== undefined && known === undefined
            ? `its target "${collector.target}" is not in mesh.yml`
            : notReadOnly(collector.command, mesh.guard.programs),
        acceptance: await acceptanceOf(mesh.root, "facts", name, digest),
        fact,
        stale: held !== undefined && isStale(held, now),
      };
    }),
  );
}

/**
 * A person accepts a collector as it is.
 *
 * @throws MeshError `facts.unknown` (exit 2), `facts.refused` (exit 77) when it does more than look, `facts.digest` (exit 77)
 * when it is not what the person has seen
 */
export async function acceptCollector(
  mesh: Mesh,
  name: string,
  { by, at, digest }: { readonly by: Acceptance["by"]; readonly at: Date; readonly digest?: string | undefined },
): Promise<StandingCollector> {
  const collector = findCollector(await readCollectors(mesh, at), name);
  if (collector.refused !== undefined) {
    throw new MeshError("facts.refused", `the collector ${name} is not accepted: ${collector.refused}.`, {
      place: { file: "mesh.yml" },
      exit: Exit.notPermitted,
    });
  }
  if (digest !== undefined && digest !== collector.digest) {
    const sentence = `the collector ${name} is not what was shown: given ${digest}, expected ${collector.digest}. Look at it again.`;
    throw new MeshError("facts.digest", sentence, { exit: Exit.notPermitted });
  }
  const acceptance = { name, digest: collector.digest, by, at: at.toISOString() };
  await recordAcceptance(mesh.root, "facts", acceptance);
  return { ...collector, acceptance };
}

/** @throws MeshError `facts.unknown` (exit 2) */
export function findCollector(collectors: readonly StandingCollector[], name: string): StandingCollector {
  const found = collectors.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = collectors.map((each) => each.name).join(", ") || "none yet";
  throw new MeshError("facts.unknown", `mesh.yml has no collector "${name}" under \`facts:\`; it has ${known}.`, {
    exit: Exit.usage,
  });
}

/** What an acceptance is bound to: all that decides what runs, and where. */
function collectorDigest(name: string, collector: FactCollector, target: StepTarget | undefined): string {
  const { command, format, maxAge, timeout } = collector;
  return `sha256:${sha256(JSON.stringify([name, command, format, maxAge, timeout, target ?? null]))}`;
}

function targetOf(mesh: Mesh, { target }: FactCollector): StepTarget | undefined {
  if (target === undefined || !Object.hasOwn(mesh.config.targets, target)) return undefined;
  const config = mesh.config.targets[target];
  return config && stepTarget(mesh, target, config);
}

function here({ root }: Mesh): StepTarget {
  return { kind: "local", name: "here", path: root, production: false, env: {} };
}
