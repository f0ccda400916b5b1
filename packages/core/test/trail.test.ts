import { describe, expect, it } from "vitest";
import { readTrail, trailAddition } from "../src/index.ts";

const at = "2026-11-21T10:00:00.000Z";

function add(text: string, ...types: string[]): string {
  const facts = types.map((type) => ({ type }));
  return text + trailAddition(readTrail(text, "ops"), at, facts);
}

const five = add(add("", "approved"), "started", "finished", "denied", "skipped");
const lines = five.trimEnd().split("\n");
const joined = (...some: readonly (string | undefined)[]) => some.map((line) => `${line}\n`).join("");
const problemsOf = (text: string, node = "ops") => readTrail(text, node).problems;

describe("an audit trail", () => {
  it("is a chain of entries without a gap", () => {
    const { head, lines: read, problems, torn } = readTrail(five, "ops");
    expect(read.map(({ entry }) => [entry.n, entry.type])).toEqual([
      [1, "approved"],
      [2, "started"],
      [3, "finished"],
      [4, "denied"],
      [5, "skipped"],
    ]);
    expect({ n: head.n, problems, torn }).toEqual({ n: 5, problems: [], torn: [] });
  });

  it.each([
    ["a changed entry", five.replace("finished", "Finished"), 4],
    ["an entry taken out", joined(...lines.toSpliced(2, 1)), 3],
    ["the first entry taken out", joined(...lines.slice(1)), 1],
    ["two entries that changed places", joined(lines[0], lines[2], lines[1], lines[3], lines[4]), 2],
    ["an entry put in", joined(...lines.toSpliced(1, 0, lines[0] ?? "")), 2],
    ["a line that is no entry", joined(...lines.toSpliced(3, 1, "garbage")), 4],
  ])("shows %s", (_, text, line) => {
    expect(problemsOf(text)[0]).toMatchObject({ line });
  });

  it("cannot be that of another node", () => {
    expect(problemsOf(five, "web")[0]).toMatchObject({ line: 1 });
  });

  it("that was cut has another head", () => {
    const cut = readTrail(joined(...lines.slice(0, 3)), "ops");
    expect(cut).toMatchObject({ problems: [], head: { n: 3, hash: readTrail(five, "ops").lines[2]?.hash } });
  });
});

describe("half a line that a dying writer has left", () => {
  const torn = five.slice(0, -20);

  it("is told from tampering, and the next writer notes it", () => {
    expect(readTrail(torn, "ops")).toMatchObject({
      problems: [],
      open: true,
      head: { n: 4 },
      torn: [expect.any(String)],
    });
    const mended = add(torn, "stopped");
    expect(mended.startsWith(torn)).toBe(true);
    const { problems, lines: read } = readTrail(mended, "ops");
    expect(problems).toEqual([]);
    expect(read.map(({ entry }) => entry.type).slice(-2)).toEqual(["mended", "stopped"]);
  });

  it("is noted also when the writer that notes it dies as well", () => {
    const twice = add(torn, "stopped").slice(0, torn.length + 30);
    expect(problemsOf(add(twice, "stopped"))).toEqual([]);
  });

  it("cannot be put in place of an entry", () => {
    const mended = add(torn, "stopped");
    const changed = mended.replace(torn.split("\n").at(-1) ?? "", "another half of a line");
    expect(problemsOf(changed)[0]).toMatchObject({ line: 5 });
  });

  it("that lacks only its line break is an entry", () => {
    const whole = add(five.slice(0, -1), "stopped");
    expect(whole.startsWith(five)).toBe(true);
    expect(readTrail(whole, "ops")).toMatchObject({ problems: [], head: { n: 6 } });
  });
});
