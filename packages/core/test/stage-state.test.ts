import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  parseStageState,
  plannedStage,
  printStageState,
  type StageEvent,
  type StageRecord,
  stageAfter,
} from "../src/stages.ts";
import { refusal } from "./refusal.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const threshold = 85;
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const plain = (kind: "improving" | "approved" | "executed" | "failed"): fc.Arbitrary<StageEvent> =>
  fc.constant({ kind });
// What leads on is more frequent than what leads back, so that some ways come to their end.
const event: fc.Arbitrary<StageEvent> = fc.oneof(
  often(1, fc.record({ kind: fc.constant("designed" as const), plan: word, memo: word })),
  often(2, fc.record({ kind: fc.constant("implemented" as const), runbook: word, memo: word })),
  often(1, fc.constant({ kind: "implemented" as const })),
  often(
    6,
    fc
      .oneof(fc.constantFrom(84, 85, 100), fc.nat(100))
      .map((score) => ({ kind: "scored" as const, score, passes: score >= threshold })),
  ),
  often(1, plain("improving")),
  often(1, plain("failed")),
  often(4, plain("approved")),
  often(6, plain("executed")),
  often(4, fc.record({ kind: fc.constant("completed" as const), documentation: word })),
  often(
    1,
    fc.record({
      kind: fc.constant("completed" as const),
      documentation: word,
      waiver: fc.record({ by: word, why: word }),
    }),
  ),
);

/** The records on the way; what cannot happen does not. */
function way(events: readonly StageEvent[]): StageRecord[] {
  const records = [plannedStage("1-1-a")];
  for (const each of events) {
    const after = stageAfter(records.at(-1) as StageRecord, each);
    if (typeof after !== "string") records.push(after);
  }
  return records;
}

const events = fc.array(event, { minLength: 40, maxLength: 80, size: "max" });
const property = (holds: (records: readonly StageRecord[]) => boolean, numRuns = 150) =>
  fc.assert(
    fc.property(events, (given) => holds(way(given))),
    { numRuns },
  );

describe("whatever happens to a stage", () => {
  test("it is complete only behind the gate", () => {
    property((records) => records.every(({ state, gate = 0 }) => state !== "complete" || gate >= threshold));
  });

  test("it is complete without an executed runbook only in somebody's name", () => {
    property((records) =>
      records.every(
        ({ state, waiver }, index) =>
          state !== "complete" || records[index - 1]?.state === "executed" || waiver?.by !== undefined,
      ),
    );
  });

  test("nothing is approved or executed that has not passed the gate", () => {
    property((records) =>
      records.every(({ state, gate = 0 }) => !["gated", "approved", "executed"].includes(state) || gate >= threshold),
    );
  });

  test("what was built anew has to pass the gate anew", () => {
    property((records) => records.every(({ state, gate }) => state !== "implemented" || gate === undefined));
  });

  test("it is not built without a plan", () => {
    property((records) => records.every(({ state, plan }) => state === "planned" || plan !== undefined));
  });

  test("its file says the same as its record", () => {
    const note = { at: "2026-11-21T10:00:00Z", before: "planned", by: "Ada", text: "It happened." };
    property((records) => {
      let source: string | undefined;
      return records.every((record) => {
        source = printStageState(source, record, "A stage", note);
        expect(parseStageState(source, "1-1-a.md")).toEqual(record);
        return true;
      });
    }, 100);
  });

  test("some of these ways lead to the end, with and without a waiver", () => {
    const ends = fc.sample(events, 500).flatMap((given) => way(given).filter(({ state }) => state === "complete"));
    expect(ends.filter(({ waiver }) => waiver === undefined).length).toBeGreaterThan(20);
    expect(ends.filter(({ waiver }) => waiver !== undefined).length).toBeGreaterThan(20);
  });
});

test("a transition that comes too early says what has to come first", () => {
  const planned = plannedStage("1-1-a");
  expect(stageAfter(planned, { kind: "implemented" })).toMatch(
    /1-1-a is planned: it has no plan yet; `memomesh stage plan`/,
  );
  expect(stageAfter(planned, { kind: "completed", documentation: "x" })).toMatch(/has not been executed/);
});

test("what people write into the state file stays, and each transition is one more line", () => {
  const note = { at: "2026-11-21T10:00:00Z", before: "planned", by: "Ada", text: "Planned\nby hand." };
  const first = printStageState(undefined, { ...plannedStage("1-1-a"), state: "designed", plan: "p.json" }, "A", note);
  expect(first.trimEnd().split("\n").at(-1)).toBe("- 2026-11-21T10:00:00Z: planned → designed, Ada. Planned by hand.");
  const edited = first
    .replace("---\n# ", "owner: Ada  # a person\n---\n# ")
    .replace("# 1-1-a: A\n", "# 1-1-a: A\n\nMind the cable.\n");
  const second = printStageState(edited, { ...plannedStage("1-1-a"), state: "implemented", plan: "p.json" }, "A", note);
  expect(second).toContain("owner: Ada  # a person\n");
  expect(second).toContain("Mind the cable.");
  expect(second.match(/^- 2026/gm)).toHaveLength(2);
});

test("a state file that was edited to something unknown is refused with its line", () => {
  const error = refusal(() => parseStageState("---\nstage: 1-1-a\nstate: finished\n---\n", "1-1-a.md"));
  expect(error.message).toMatch(/^1-1-a\.md:3: state "finished" is not known; expected planned, designed/);
});
