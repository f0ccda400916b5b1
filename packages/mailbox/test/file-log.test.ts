import { describe, expect, test } from "vitest";
import { openRepository } from "../src/index.ts";
import { Workplace } from "./history-fixture.ts";

async function repository(place: Workplace) {
  const opened = await openRepository(place.folder);
  if (opened === undefined) throw new Error("no repository");
  return opened;
}

async function commit(place: Workplace, name: string, content: string, subject: string): Promise<void> {
  place.write(name, content);
  const [result] = await (await repository(place)).commit([
    { subject, trailers: [["Node", "ops"]], paths: [place.path(name)] },
  ]);
  expect(result?.state).toBe("committed");
}

const subjects = async (place: Workplace, path: string, lines?: { from: number; to: number }) => {
  const { commits, uncommitted } = await (await repository(place)).fileLog(path, lines);
  return [commits.map(({ subject }) => subject), uncommitted];
};

describe("the log of a file", () => {
  test("has every commit of it, the newest first, and of a line only those that touched it", async () => {
    const place = Workplace.withRepository();
    await commit(place, "a.txt", "one\ntwo\n", "First");
    await commit(place, "b.txt", "other\n", "Other");
    await commit(place, "a.txt", "zero\none\ntwo!\n", "Second");
    await commit(place, "a.txt", "zero\none\ntwo!!\n", "Third");
    expect(await subjects(place, "a.txt")).toEqual([["Third", "Second", "First"], false]);
    expect(await subjects(place, "a.txt", { from: 2, to: 2 })).toEqual([["First"], false]);
    expect(await subjects(place, "a.txt", { from: 1, to: 1 })).toEqual([["Second"], false]);
    expect((await subjects(place, "a.txt", { from: 3, to: 3 }))[0]).toEqual(["Third", "Second", "First"]);
  });

  test("says what is in no commit, and who wrote the lines around it", async () => {
    const place = Workplace.withRepository();
    await commit(place, "a.txt", "one\ntwo\n", "First");
    place.write("a.txt", "new\none\ntwo\n");
    place.write("never.txt", "x\n");
    expect(await subjects(place, "a.txt")).toEqual([["First"], true]);
    expect(await subjects(place, "a.txt", { from: 1, to: 1 })).toEqual([[], true]);
    expect(await subjects(place, "a.txt", { from: 2, to: 2 })).toEqual([["First"], false]);
    expect(await subjects(place, "never.txt")).toEqual([[], true]);
    expect(await subjects(place, "gone.txt", { from: 9, to: 9 })).toEqual([[], false]);
  });

  test("takes a path for nothing but that path", async () => {
    const place = Workplace.withRepository();
    await commit(place, "a.txt", "one\n", "First");
    for (const path of ["*.txt", ":(glob)*", ":/", "-p"]) expect(await subjects(place, path)).toEqual([[], false]);
    await commit(place, "[a]:b.txt", "one\n", "Odd");
    expect(await subjects(place, "[a]:b.txt", { from: 1, to: 1 })).toEqual([["Odd"], false]);
  });

  test("is empty before the first commit", async () => {
    const place = new Workplace();
    place.git("init", "--quiet");
    place.write("a.txt", "x\n");
    expect(await subjects(place, "a.txt")).toEqual([[], true]);
  });
});
