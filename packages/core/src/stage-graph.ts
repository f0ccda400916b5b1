import type { Problem } from "./problem.ts";
import { nearest } from "./wording.ts";

interface Node {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly line: number;
}

/**
 * What is wrong with how stages depend on each other: two with one id, a dependency that does not exist, and stages that
 * wait for each other. Every cycle is told once, from its first stage in the file.
 *
 * @param lineOf the line of a dependency, by the places of the stage in the file and of the dependency in its list
 */
export function graphProblems(
  stages: readonly Node[],
  lineOf: (stage: number, dependency: number) => number,
): readonly Problem[] {
  const ids = stages.map(({ id }) => id);
  const twice = stages
    .filter(({ id }, index) => ids.indexOf(id) !== index)
    .map(({ id, line }) => ({ code: "stage.twice", line, sentence: `there are two stages ${id}; expected one.` }));
  const unknown = stages.flatMap(({ id, dependsOn }, index) =>
    dependsOn.flatMap((wanted, position) => {
      if (ids.includes(wanted)) return [];
      const near = nearest(wanted, ids);
      const hint = near === undefined ? "expected a stage of this file." : `did you mean ${near}?`;
      const sentence = `${id} depends on ${wanted}, which does not exist; ${hint}`;
      return [{ code: "stage.unknown", line: lineOf(index, position), sentence }];
    }),
  );
  const cycles = cyclesOf(stages).map((cycle): Problem => {
    const index = ids.indexOf(cycle[0] ?? "");
    const next = stages[index]?.dependsOn.indexOf(cycle[1] ?? cycle[0] ?? "") ?? 0;
    const way = [...cycle, cycle[0]].join(" → ");
    const sentence = `these stages wait for each other, so none can begin: ${way} (each depends on the next); take one of these dependencies away.`;
    return { code: "stage.cycle", line: lineOf(index, next), sentence };
  });
  return [...twice, ...unknown, ...cycles];
}

/** Each cycle as the ids on its way, the one that stands first in the file first. Two that share a stage may be told as one. */
function cyclesOf(stages: readonly Node[]): string[][] {
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  const order = new Map(stages.map(({ id }, index) => [id, index]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const { id: start } of stages) {
    // By hand and not by recursion: a file may have more stages in a row than the stack holds.
    const way: { readonly id: string; next: number }[] = [];
    const onWay = new Map<string, number>();
    const enter = (id: string) => {
      if (done.has(id)) return;
      onWay.set(id, way.length);
      way.push({ id, next: 0 });
    };
    enter(start);
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const wanted = byId.get(top.id)?.dependsOn[top.next];
      top.next += 1;
      if (wanted === undefined) {
        done.add(top.id);
        onWay.delete(top.id);
        way.pop();
      } else if (onWay.has(wanted)) {
        cycles.push(
          fromFirst(
            way.slice(onWay.get(wanted)).map(({ id }) => id),
            order,
          ),
        );
      } else if (byId.has(wanted)) {
        enter(wanted);
      }
    }
  }
  return cycles;
}

function fromFirst(cycle: readonly string[], order: ReadonlyMap<string, number>): string[] {
  const places = cycle.map((id) => order.get(id) ?? 0);
  const first = places.indexOf(Math.min(...places));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
