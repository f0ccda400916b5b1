import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { MeshError, type PlatformFact, platformPath, readFacts, withFacts } from "@memomesh/core";
import { redact, safeText } from "@memomesh/guard";
import { endText, lookText } from "@memomesh/runbooks";
import { textOf } from "../create.ts";
import type { History } from "../history.ts";
import type { Mesh } from "../load.ts";
import { readCollectors, type StandingCollector } from "./collectors.ts";
import { compactFacts } from "./compact.ts";
import { figuresOf } from "./figures.ts";

/** What became of one collector. */
export interface Refreshed {
  readonly name: string;
  readonly fact?: PlatformFact;
  /** Why there is no new fact, in a sentence without a full stop. */
  readonly problem?: string;
}

/**
 * Runs collectors, one after the other, and writes what they tell into docs/platform-reference.md of the mesh. One that is not
 * accepted as it is, or that does more than look, is not run; what it told before stays, with its date.
 *
 * @param names which; undefined: all
 */
export async function refreshFacts(
  mesh: Mesh,
  history: History,
  names: readonly string[] | undefined,
  clock: () => Date = () => new Date(),
): Promise<readonly Refreshed[]> {
  const all = await readCollectors(mesh, clock());
  const results: Refreshed[] = [];
  for (const collector of all.filter(({ name }) => names?.includes(name) ?? true))
    results.push(await collect(mesh, collector, clock));
  const fresh = results.flatMap(({ fact }) => (fact === undefined ? [] : [fact]));
  const told = new Set(all.map(({ name }) => name));
  if (fresh.length > 0) await write(mesh, history, fresh, told);
  return results;
}

async function collect(mesh: Mesh, collector: StandingCollector, clock: () => Date): Promise<Refreshed> {
  const { name, refused, acceptance, command, place, timeout, format, maxAge } = collector;
  if (refused !== undefined) return { name, problem: `it is not run: ${refused}` };
  if (acceptance === undefined)
    return { name, problem: `nobody has accepted it as it is; \`memomesh facts accept ${name}\`` };
  try {
    const look = {
      text: command,
      target: place,
      meshRoot: mesh.root,
      environment: process.env,
      timeoutSeconds: timeout,
    };
    const { execution, printed } = await lookText(look);
    const { end } = execution;
    if (end.kind !== "exited" || end.exit !== 0) {
      const said = execution.output.text.trim().split("\n").at(-1) ?? "";
      return { name, problem: `${endText(end)}${said === "" ? "" : `: ${said}`}` };
    }
    const text = safeText(redact(compactFacts(printed, format)), { newlines: true });
    const figures = figuresOf(printed, collector);
    const fact = { name, at: clock().toISOString(), from: place.name, maxAge, text };
    return { name, fact: figures === undefined ? fact : { ...fact, figures } };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { name, problem: error.sentence };
  }
}

/** Facts of collectors that mesh.yml does not have any more go; what people have written around them stays. */
async function write(
  mesh: Mesh,
  history: History,
  fresh: readonly PlatformFact[],
  declared: ReadonlySet<string>,
): Promise<void> {
  const path = platformPath(mesh.root);
  const source = (await textOf(path)) ?? "";
  const names = new Set(fresh.map(({ name }) => name));
  const kept = readFacts(source).filter(({ name }) => declared.has(name) && !names.has(name));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, withFacts(source, [...kept, ...fresh]));
  if (((await textOf(path)) ?? "") !== source) {
    throw new MeshError(
      "facts.moved",
      "docs/platform-reference.md was changed meanwhile; nothing was written, try again.",
    );
  }
  await rename(`${path}.tmp`, path);
  history.record([path], {
    subject: `Refresh the facts ${[...names].sort().join(", ")}`,
    trailers: [["Node", "operator"]],
  });
}
