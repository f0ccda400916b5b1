import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nextGroup } from "../src/commit-plan.ts";
import { CommitQueue } from "../src/commit-queue.ts";
import { openRepository, type Repository } from "../src/repository.ts";
import { about, impatient, Workplace } from "./history-fixture.ts";

let place: Workplace;
let repository: Repository;
beforeEach(async () => {
  place = Workplace.withRepository();
  repository = (await openRepository(place.folder, impatient))!;
});
afterEach(() => place.remove());

const memo = (number: number) =>
  about(`Deliver memo ${number}`, [place.write(`memos/m${number}.md`, `${number}`)], [["Memo-Id", `01M${number}`]]);
const memos = (count: number) => Array.from({ length: count }, (_, index) => memo(index));

describe("a queue of commits", () => {
  it("writes a few one by one, in order", async () => {
    const queue = new CommitQueue(repository);
    for (const commit of memos(3)) queue.add(commit);
    expect(await queue.flush()).toEqual([]);
    expect(place.subjects()).toEqual(["Deliver memo 2", "Deliver memo 1", "Deliver memo 0", "Begin"]);
  });

  it("writes 200 as one commit that lists them all", async () => {
    const queue = new CommitQueue(repository);
    for (const commit of memos(200)) queue.add(commit);
    expect(await queue.close()).toEqual([]);
    expect(place.subjects()).toEqual(["Record 200 things that happened", "Begin"]);
    expect(place.git("log", "-1", "--format=%b")).toContain("- Deliver memo 0\n- Deliver memo 1\n");
    const [entry] = await repository.log();
    expect(entry?.trailers).toEqual(Array.from({ length: 200 }, (_, index) => ["Memo-Id", `01M${index}`]));
    expect(entry?.paths).toHaveLength(200);
    expect(place.status()).toBe("");
  });

  it("begins by itself, without a flush", async () => {
    const done = new Promise((resolve) => {
      const queue = new CommitQueue(repository, { report: (_, result) => resolve(result) });
      queue.add(memo(1));
    });
    expect(await done).toMatchObject({ state: "committed" });
  });

  it("keeps what a hook refuses, and commits it once the hook is repaired", async () => {
    place.hook("pre-commit", "echo broken >&2; exit 1");
    const reports: string[] = [];
    const queue = new CommitQueue(repository, { report: (_, result) => reports.push(result.state) });
    const commits = memos(2);
    for (const commit of commits) queue.add(commit);
    expect(await queue.flush()).toEqual(commits);
    place.hook("pre-commit", "");
    expect(await queue.flush()).toEqual([]);
    expect(reports.slice(-2)).toEqual(["committed", "committed"]);
    expect(place.subjects().slice(0, 2).sort()).toEqual(["Deliver memo 0", "Deliver memo 1"]);
  });

  it("tries again by itself after a pause", async () => {
    place.hook("pre-commit", "exit 1");
    await new Promise<void>((resolve) => {
      const report = (_: unknown, { state }: { state: string }) => {
        if (state === "committed") resolve();
        else place.hook("pre-commit", "");
      };
      new CommitQueue(repository, { retry: 1, report }).add(memo(1));
    });
    expect(place.subjects()).toEqual(["Deliver memo 1", "Begin"]);
  });

  it("does not let one that is refused hold up the others", async () => {
    place.hook("pre-commit", "! git diff --cached --name-only | grep -q m7");
    const queue = new CommitQueue(repository, { together: 5 });
    const commits = memos(10);
    for (const commit of commits) queue.add(commit);
    expect(await queue.flush()).toEqual([commits[7]]);
    expect(place.subjects()).toHaveLength(10);
  });

  it("drops what can never be committed, and says so", async () => {
    const results: unknown[] = [];
    const queue = new CommitQueue(repository, { together: 1, report: (_, result) => results.push(result) });
    queue.add(about("Outside", ["/elsewhere/x.md"]));
    queue.add(memo(1));
    expect(await queue.flush()).toEqual([]);
    expect(results).toContainEqual(expect.objectContaining({ state: "failed", retry: false }));
    expect(place.subjects()).toEqual(["Deliver memo 1", "Begin"]);
  });

  it("stops at once while a rebase is in progress, and loses nothing", async () => {
    place.write(".git/rebase-merge/head-name", "refs/heads/main");
    const states: string[] = [];
    const queue = new CommitQueue(repository, { report: (_, { state }) => states.push(state) });
    for (const commit of memos(4)) queue.add(commit);
    expect(await queue.close()).toHaveLength(4);
    expect(states).toEqual(["busy"]);
  });
});

describe("what goes into the next commit", () => {
  const commits = [about("a", ["/1"]), about("b", ["/2"]), about("c", ["/3", "/1"])];

  it("is the oldest, with those that touch its files", () => {
    expect(nextGroup(commits, 20, new Set()).map(({ subject }) => subject)).toEqual(["a", "c"]);
    expect(nextGroup(commits.slice(1), 20, new Set()).map(({ subject }) => subject)).toEqual(["b"]);
  });

  it("is all of them when there are many", () => {
    expect(nextGroup(commits, 2, new Set())).toEqual(commits);
  });

  it("is one alone when it was refused in company", () => {
    expect(nextGroup(commits, 2, new Set(commits)).map(({ subject }) => subject)).toEqual(["a"]);
  });
});
