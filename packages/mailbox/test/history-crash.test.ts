import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepository } from "../src/repository.ts";
import { about, impatient, Workplace } from "./history-fixture.ts";

const child = fileURLToPath(new URL("history-child.ts", import.meta.url));

let place: Workplace;
let memo: string;
beforeEach(() => {
  place = Workplace.withRepository();
  place.write("staged.md", "mine");
  place.git("add", "staged.md");
  place.write(".git/info/exclude", "started\nfinished\nfifo\n");
  memo = place.write("memo.md", "m");
});
afterEach(() => place.remove());

/** Begins a commit in a process group of its own and waits until its hook has said that it runs. */
async function begin(): Promise<ChildProcess> {
  const started = spawn(process.execPath, [child, place.folder, memo], { detached: true, stdio: "ignore" });
  await place.appears("started");
  return started;
}

async function kill(started: ChildProcess, who: "process" | "group"): Promise<void> {
  const gone = once(started, "exit");
  process.kill(who === "group" ? -started.pid! : started.pid!, "SIGKILL");
  await gone;
}

async function repeat() {
  const repository = await openRepository(place.folder, impatient);
  const [result] = await repository!.commit([about("Repeated", [memo])]);
  return result;
}

const desks = () => readdirSync(place.path(".git/memomesh"));

describe("a commit that is killed", () => {
  it("before HEAD moves, with git and all, is made by repeating it", async () => {
    place.hook("pre-commit", "touch started; exec tail -f /dev/null");
    await kill(await begin(), "group");
    place.hook("pre-commit", "");
    expect(place.exists(".git/index.lock")).toBe(false);
    expect(place.status()).toBe("A  staged.md\n?? memo.md\n");
    expect(await repeat()).toMatchObject({ state: "committed" });
    expect(place.subjects()).toEqual(["Repeated", "Begin"]);
    expect(place.status()).toBe("A  staged.md\n");
  });

  it("after HEAD has moved is finished by repeating it", async () => {
    place.hook("post-commit", "touch started; exec tail -f /dev/null");
    await kill(await begin(), "group");
    place.hook("post-commit", "");
    expect(place.status()).toContain("D  memo.md\n");
    expect(await repeat()).toEqual({ state: "unchanged", notes: [] });
    expect(place.subjects()).toEqual(["From a process that dies", "Begin"]);
    expect(place.status()).toBe("A  staged.md\n");
    expect(desks()).toEqual([]);
  });

  it("while git lives on is finished by repeating it, whichever of the two comes first", async () => {
    execFileSync("mkfifo", [place.path("fifo")]);
    place.hook("pre-commit", "test -e started || { touch started; read line < fifo; }");
    place.hook("post-commit", "touch finished");
    await kill(await begin(), "process");
    // Somebody looks while the commit is still being made: its journal must outlast that.
    await (await openRepository(place.folder, impatient))!.commit([about("Kept", [place.path("kept.md")])]);
    expect(desks()).toHaveLength(1);
    writeFileSync(place.path("fifo"), "go on\n");
    await place.appears("finished");
    expect(place.status()).toContain("D  memo.md\n");
    expect(await repeat()).toEqual({ state: "unchanged", notes: [] });
    expect(place.subjects()).toEqual(["From a process that dies", "Begin"]);
    expect(place.status()).toBe("A  staged.md\n");
  });
});
