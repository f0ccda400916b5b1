import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepository, type Repository } from "../src/repository.ts";
import { about, impatient, Workplace } from "./history-fixture.ts";

let place: Workplace;
let repository: Repository;

beforeEach(async () => {
  place = Workplace.withRepository();
  repository = (await openRepository(place.folder, impatient))!;
});
afterEach(() => place.remove());

async function commitOne(subject: string, ...names: string[]) {
  const [result] = await repository.commit([
    about(
      subject,
      names.map((name) => place.path(name)),
    ),
  ]);
  return result!;
}

describe("a commit", () => {
  it("holds the named files as they lie in the work tree, and nothing else", async () => {
    place.write("memos/a.md", "one\n");
    place.write("memos/b.md", "not named\n");
    const result = await commitOne("Deliver a memo", "memos/a.md");
    expect(result).toEqual({ state: "committed", hash: place.git("rev-parse", "HEAD").trim(), notes: [] });
    expect(place.git("show", "--name-only", "--format=")).toBe("memos/a.md\n");
    expect(place.git("log", "-1", "--format=%an <%ae> %cn")).toBe("Pat Person <pat@example.com> Pat Person\n");
    expect(place.status()).toBe("?? memos/b.md\n");
  });

  it("is made one for each thing that happened, in the order given", async () => {
    const commits = ["a", "b", "c"].map((name) => about(`Deliver ${name}`, [place.write(`${name}.md`, name)]));
    const results = await repository.commit(commits);
    expect(results.map(({ state }) => state)).toEqual(["committed", "committed", "committed"]);
    expect(place.subjects()).toEqual(["Deliver c", "Deliver b", "Deliver a", "Begin"]);
  });

  it("removes a tracked file that is missing, with its folder gone too", async () => {
    place.write("old/x.md", "x");
    await commitOne("Add", "old/x.md");
    rmSync(place.path("old"), { recursive: true });
    expect(await commitOne("Remove", "old/x.md")).toMatchObject({ state: "committed" });
    expect(place.git("ls-files")).toBe("kept.md\n");
    expect(place.status()).toBe("");
  });

  it("records a move whose source git never knew", async () => {
    place.write("memos/archived/m.md", "m");
    expect(await commitOne("Archive", "memos/incoming/m.md", "memos/archived/m.md")).toMatchObject({
      state: "committed",
    });
    expect(place.git("ls-files")).toBe("kept.md\nmemos/archived/m.md\n");
  });

  it("is unchanged when HEAD holds the files already, and does not trouble the hooks", async () => {
    place.hook("pre-commit", "exit 1");
    expect(await commitOne("Again", "kept.md", "never-there.md")).toEqual({ state: "unchanged", notes: [] });
    expect(await commitOne("Nothing")).toEqual({ state: "unchanged", notes: [] });
  });

  it("is empty when somebody has committed its files with other words, so that what happened is told once", async () => {
    const paths = [place.write("memos/a.md", "a"), place.path("memos/gone.md")];
    place.git("add", "--all");
    place.git("commit", "--quiet", "--message", "Save everything");
    place.write("staged.md", "the person's");
    place.git("add", "staged.md");
    const trailers = [
      ["Memo-Id", "01JD8Q5T3ZK3N6V9Y2M4R7W1XB"],
      ["Approved-By", "Ada <ada@example.com>"],
    ] as const;
    const [told, again] = await repository.commit([
      about("Approve step 1", paths, trailers),
      about("Approve step 1", paths, trailers),
    ]);
    expect(told).toEqual({ state: "committed", hash: place.git("rev-parse", "HEAD").trim(), notes: [] });
    expect(again).toEqual({ state: "unchanged", notes: [] });
    expect(place.subjects().slice(0, 2)).toEqual(["Approve step 1", "Save everything"]);
    expect(place.git("log", "-1", "--format=%(trailers:key=Approved-By,valueonly)").trim()).toBe(
      "Ada <ada@example.com>",
    );
    expect(place.git("show", "--name-only", "--format=")).toBe("");
    expect(place.status()).toBe("A  staged.md\n");
  });

  it("is not made again when its words stand in a commit of several things", async () => {
    const trailers = [["Memo-Id", "01JD8Q5T3ZK3N6V9Y2M4R7W1XB"]] as const;
    const one = about("Deliver", [place.write("a.md", "a")], trailers);
    await repository.commitTogether([one, about("Other", [place.write("b.md", "b")], [["Node", "dev"]])]);
    expect(await repository.commit([one])).toEqual([{ state: "unchanged", notes: [] }]);
    expect(await repository.commit([{ ...one, trailers: [["Memo-Id", "01JD8Q5T3ZK3N6V9Y2M4R7W1XC"]] }])).toMatchObject([
      { state: "committed" },
    ]);
  });

  it("tells those of several things that nothing has told yet, and not what another repository tells", async () => {
    const paths = [place.write("a.md", "a")];
    const thing = (subject: string, more = {}) => ({ ...about(subject, paths, [["Node", "dev"]]), ...more });
    await repository.commit([thing("Told")]);
    const others = [thing("Told"), thing("Told elsewhere", { echo: true }), thing("Untold")];
    expect(await repository.commitTogether(others)).toMatchObject({ state: "committed" });
    expect(place.subjects().slice(0, 2)).toEqual(["Untold", "Told"]);
    expect(await repository.commit([thing("Told elsewhere", { echo: true })])).toMatchObject([{ state: "unchanged" }]);
  });

  it("is not made for files that the person ignores", async () => {
    place.write(".gitignore", "memos/\n");
    const [result] = await repository.commit([about("Deliver", [place.write("memos/a.md", "a")], [["Node", "dev"]])]);
    expect(result).toMatchObject({ state: "unchanged", notes: [expect.stringContaining("is ignored")] });
  });

  it.each([
    "with spaces.md",
    "ünïcödé — 日本.md",
    "-leading-dash.md",
    ":(top)magic.md",
    "*?[a].md",
    'quo"te\\back.md',
    "line\nbreak.md",
  ])("takes a path like %j literally", async (name) => {
    place.write(name, "odd");
    place.write("bait-a.md", "would match a pattern");
    expect(await commitOne("Odd", name)).toMatchObject({ state: "committed" });
    expect(place.git("ls-tree", "--name-only", "-z", "HEAD").split("\0").sort()).toEqual(["", "kept.md", name].sort());
    unlinkSync(place.path(name));
    expect(await commitOne("Odd no more", name)).toMatchObject({ state: "committed" });
  });

  it("leaves out what the person ignores, with a note, and still commits the rest", async () => {
    place.write(".gitignore", "*.log\n!good.log\n");
    for (const name of ["a.log", "good.log", "a.md"]) place.write(name, name);
    const result = await commitOne("Mixed", "a.log", "good.log", "a.md");
    expect(result).toMatchObject({
      state: "committed",
      notes: ["a.log is ignored (.gitignore:1: *.log) and was not committed."],
    });
    expect(place.git("show", "--name-only", "--format=")).toBe("a.md\ngood.log\n");
    expect(await commitOne("Only ignored", "a.log")).toMatchObject({ state: "unchanged" });
  });

  it("refuses for good what lies outside, also behind a link, and what is a folder", async () => {
    const outside = new Workplace();
    symlinkSync(outside.folder, place.path("link"));
    for (const path of [outside.write("x.md", "x"), place.path("link/x.md"), place.path("../up.md"), place.folder]) {
      const [result] = await repository.commit([about("Outside", [path])]);
      expect(result).toMatchObject({ state: "failed", retry: false });
    }
    place.write("folder/x.md", "x");
    expect(await commitOne("Folder", "folder")).toMatchObject({ state: "failed", retry: false });
    outside.remove();
  });

  it("works in a repository without any commit, beside what is staged there", async () => {
    const empty = new Workplace();
    empty.git("init", "--quiet");
    empty.git("config", "user.name", "P");
    empty.git("config", "user.email", "p@example.com");
    empty.write("staged.md", "mine");
    empty.git("add", "staged.md");
    const first = await openRepository(empty.folder, impatient);
    const [result] = await first!.commit([about("First", [empty.write("memo.md", "m")])]);
    expect(result).toMatchObject({ state: "committed", hash: empty.git("rev-parse", "HEAD").trim() });
    expect(empty.git("ls-tree", "--name-only", "HEAD")).toBe("memo.md\n");
    expect(empty.status()).toBe("A  staged.md\n");
    empty.remove();
  });

  it("works on a detached HEAD", async () => {
    place.git("checkout", "--quiet", "--detach");
    place.write("a.md", "a");
    const result = await commitOne("Detached", "a.md");
    expect(result).toMatchObject({ state: "committed", hash: place.git("rev-parse", "HEAD").trim() });
    expect(place.git("rev-parse", "main")).not.toBe(place.git("rev-parse", "HEAD"));
  });

  it("builds on what the person commits in the same moment", async () => {
    // The hook is the person who commits after git has looked at HEAD and before it moves it.
    const inner = "env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE git";
    const once = `test -e person.md || { echo p > person.md; ${inner} add person.md; ${inner} commit --no-verify -qm Person; }`;
    place.hook("pre-commit", once);
    const patient = await openRepository(place.folder, { limit: 1000, wait: () => Promise.resolve() });
    const [result] = await patient!.commit([about("Ours", [place.write("a.md", "a")])]);
    expect(result).toMatchObject({ state: "committed" });
    expect(place.subjects()).toEqual(["Ours", "Person", "Begin"]);
    expect(place.git("ls-tree", "--name-only", "HEAD")).toBe("a.md\nkept.md\nperson.md\n");
    expect(place.status()).toBe("");
  });

  it("leaves nothing of its own in the git folder", async () => {
    place.write("a.md", "a");
    await commitOne("A", "a.md");
    expect(readdirSync(place.path(".git/memomesh"))).toEqual([]);
    expect(readdirSync(place.path(".git")).filter((name) => name.endsWith(".lock"))).toEqual([]);
  });
});

describe("what the person has staged", () => {
  it("survives when it is another file, a removal, or a file that git is only told of", async () => {
    for (const name of ["gone.md", "changed.md"]) place.write(name, "1\n");
    place.git("add", "--all");
    place.git("commit", "--quiet", "--message", "More");
    place.write("changed.md", "2\n");
    place.write("new.md", "n\n");
    place.git("add", "changed.md", "new.md");
    place.git("rm", "--quiet", "--cached", "gone.md");
    place.write("intended.md", "i\n");
    place.git("add", "--intent-to-add", "intended.md");
    const before = place.status();
    place.write("memo.md", "memo\n");
    expect(await commitOne("Memo", "memo.md")).toMatchObject({ state: "committed" });
    expect(place.git("show", "--name-only", "--format=")).toBe("memo.md\n");
    expect(place.status()).toBe(before);
  });

  it("survives when it is another version of the very file that is committed", async () => {
    place.write("kept.md", "staged\n");
    place.git("add", "kept.md");
    place.write("kept.md", "in the work tree\n");
    expect(await commitOne("Same path", "kept.md")).toMatchObject({ state: "committed" });
    expect(place.shown("kept.md")).toBe("in the work tree\n");
    expect(place.shown("kept.md", "")).toBe("staged\n");
  });

  it("survives when it is a part of the changes to the file that is committed", async () => {
    place.write("kept.md", "one\nkept\n");
    place.git("add", "kept.md");
    place.write("kept.md", "one\nkept\ntwo\n");
    await commitOne("Whole file", "kept.md");
    expect(place.git("diff", "--cached", "HEAD", "--numstat")).toBe("0\t1\tkept.md\n");
    place.write("new.md", "staged new\n");
    place.git("add", "new.md");
    place.write("new.md", "later new\n");
    await commitOne("New file", "new.md");
    expect([place.shown("new.md"), place.shown("new.md", "")]).toEqual(["later new\n", "staged new\n"]);
  });

  it("is in step afterwards when it is what was committed", async () => {
    place.write("a.md", "a");
    place.git("add", "a.md");
    await commitOne("A", "a.md");
    expect(place.status()).toBe("");
  });
});

describe("a commit waits", () => {
  it.each(["MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG"])(
    "while the person is in the middle of something (%s)",
    async (name) => {
      const marker = place.write(`.git/${name}`, "");
      place.write("a.md", "a");
      expect(await commitOne("A", "a.md")).toMatchObject({ state: "busy" });
      expect(place.subjects()).toEqual(["Begin"]);
      rmSync(marker);
      expect(await commitOne("A", "a.md")).toMatchObject({ state: "committed" });
    },
  );

  it("while a real merge stands with conflicts, and does not break it", async () => {
    place.git("checkout", "--quiet", "-b", "side");
    place.write("kept.md", "side\n");
    place.git("commit", "--quiet", "--all", "--message", "Side");
    place.git("checkout", "--quiet", "main");
    place.write("kept.md", "main\n");
    place.git("commit", "--quiet", "--all", "--message", "Main");
    expect(() => place.git("merge", "side")).toThrow();
    const before = place.status();
    place.write("a.md", "a");
    expect(await commitOne("A", "a.md")).toMatchObject({ state: "busy", reason: expect.stringContaining("a merge") });
    expect(place.status()).toBe(`${before}?? a.md\n`);
    place.git("merge", "--abort");
    expect(await commitOne("A", "a.md")).toMatchObject({ state: "committed" });
  });

  it("while somebody holds index.lock, and goes on when it is released", async () => {
    const lock = place.write(".git/index.lock", "");
    place.write("a.md", "a");
    const held = await commitOne("A", "a.md");
    expect(held).toMatchObject({ state: "failed", retry: true, reason: expect.stringContaining("index.lock") });
    const patient = await openRepository(place.folder, { limit: 1000, wait: async () => unlinkSync(lock) });
    const [result] = await patient!.commit([about("A", [place.path("a.md")])]);
    expect(result).toMatchObject({ state: "committed" });
    expect(place.status()).toBe("");
  });

  it.each(["HEAD.lock", "refs/heads/main.lock"])("while somebody holds %s", async (name) => {
    const lock = place.write(`.git/${name}`, "");
    place.write("a.md", "a");
    expect(await commitOne("A", "a.md")).toMatchObject({ state: "failed", retry: true });
    const waits: number[] = [];
    const wait = async (milliseconds: number) => {
      if (waits.push(milliseconds) === 3) rmSync(lock);
    };
    const patient = await openRepository(place.folder, { limit: 1000, wait });
    const [result] = await patient!.commit([about("A", [place.path("a.md")])]);
    expect(result).toMatchObject({ state: "committed" });
    expect(waits).toHaveLength(3);
  });

  it("is committed even when the index can follow only later", async () => {
    place.hook("post-commit", "touch .git/index.lock");
    place.write("a.md", "a");
    const result = await commitOne("A", "a.md");
    expect(result).toMatchObject({ state: "committed", notes: [expect.stringContaining("could not follow yet")] });
    place.hook("post-commit", "");
    unlinkSync(place.path(".git/index.lock"));
    expect(place.status()).toBe("D  a.md\n?? a.md\n");
    expect(await commitOne("A", "a.md")).toEqual({ state: "unchanged", notes: [] });
    expect(place.status()).toBe("");
    expect(readdirSync(place.path(".git/memomesh"))).toEqual([]);
  });
});

describe("the person's set-up", () => {
  it("runs its hooks as for any commit, and a refusal is told in the hook's words and tried again", async () => {
    place.hook("pre-commit", "echo 'no tabs please' >&2; exit 1");
    place.write("a.md", "a");
    const refused = await commitOne("A", "a.md");
    expect(refused).toEqual({ state: "failed", reason: "no tabs please", retry: true, notes: [] });
    expect(place.status()).toBe("?? a.md\n");
    place.hook("pre-commit", "git diff --cached --name-only > seen.txt");
    expect(await commitOne("A", "a.md")).toMatchObject({ state: "committed" });
    expect(place.git("hash-object", "seen.txt")).toBe(place.git("hash-object", place.write("want", "a.md\n")));
  });

  it("takes in what a hook adds to the commit", async () => {
    place.hook("pre-commit", "echo formatted > a.md; git add a.md");
    place.write("a.md", "raw\n");
    await commitOne("A", "a.md");
    expect(place.shown("a.md")).toBe("formatted\n");
    expect(place.status()).toBe("");
  });

  it("tells when signing fails, and commits when it works again", async () => {
    place.git("config", "commit.gpgSign", "true");
    place.git("config", "gpg.program", "/no/such/gpg");
    place.write("a.md", "a");
    const refused = await commitOne("A", "a.md");
    expect(refused).toMatchObject({ state: "failed", retry: true, reason: expect.stringContaining("gpg") });
    place.git("config", "commit.gpgSign", "false");
    expect(await commitOne("A", "a.md")).toMatchObject({ state: "committed" });
  });

  it("is heard in the environment for who the person is, and for nothing that leads elsewhere", async () => {
    const elsewhere = Workplace.withRepository();
    process.env.GIT_AUTHOR_NAME = "Ada Author";
    process.env.GIT_DIR = elsewhere.path(".git");
    process.env.GIT_INDEX_FILE = elsewhere.path(".git/index");
    try {
      place.write("a.md", "a");
      const { hash } = (await commitOne("A", "a.md")) as { hash: string };
      expect(await repository.identity()).toEqual({ name: "Ada Author", email: "pat@example.com" });
      expect(readdirSync(place.path(".git/objects"))).toContain(hash.slice(0, 2));
    } finally {
      for (const name of ["GIT_AUTHOR_NAME", "GIT_DIR", "GIT_INDEX_FILE"]) delete process.env[name];
    }
    expect(elsewhere.subjects()).toEqual(["Begin"]);
    elsewhere.remove();
  });

  it("without a name is said once, and nobody's name is made up", async () => {
    place.git("config", "--unset", "user.name");
    place.git("config", "--unset", "user.email");
    expect(await repository.identity()).toBeUndefined();
    const commits = ["a", "b"].map((name) => about(name, [place.write(`${name}.md`, name)]));
    const [first, second] = await repository.commit(commits);
    expect(first).toMatchObject({ state: "committed", notes: [expect.stringContaining("user.name")] });
    expect(second).toMatchObject({ state: "committed", notes: [] });
    expect(place.git("log", "-1", "--format=%an <%ae>")).toBe("memomesh <memomesh@localhost>\n");
    place.git("config", "user.name", "Pat");
    place.git("config", "user.email", "pat@example.com");
    place.write("c.md", "c");
    await commitOne("c", "c.md");
    expect(place.git("log", "-1", "--format=%an")).toBe("Pat\n");
  });
});

describe("a commit that is stopped", () => {
  it("is not begun when the signal came before", async () => {
    const [result] = await repository.commit([about("A", [place.write("a.md", "a")])], AbortSignal.abort());
    expect(result).toMatchObject({ state: "failed", retry: true });
    expect(place.subjects()).toEqual(["Begin"]);
  });

  it("leaves no lock when the signal comes while a hook runs, and succeeds later", async () => {
    const stop = new AbortController();
    execFileSync("mkfifo", [place.path(".git/fifo")]);
    place.hook("pre-commit", "touch started; read line < .git/fifo");
    const running = repository.commit([about("A", [place.write("a.md", "a")])], stop.signal);
    await place.appears("started");
    stop.abort();
    const [result] = await running;
    expect(result).toMatchObject({ state: "failed", retry: true });
    expect(readdirSync(place.path(".git")).filter((name) => name.endsWith(".lock"))).toEqual([]);
    // The hook outlives git when it takes no notice of the signal.
    writeFileSync(place.path(".git/fifo"), "end\n", { flag: "r+" });
    place.hook("pre-commit", "");
    expect(await commitOne("A", "a.md")).toMatchObject({ state: "committed" });
    expect(place.status()).toBe("?? started\n");
    expect(readdirSync(join(place.folder, ".git/memomesh"))).toEqual([]);
  });
});
