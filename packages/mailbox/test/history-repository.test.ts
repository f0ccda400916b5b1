import { mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { initRepository, openRepository } from "../src/repository.ts";
import { about, impatient, Workplace } from "./history-fixture.ts";

let place: Workplace;
beforeEach(() => {
  place = Workplace.withRepository();
  mkdirSync(place.path("projects/dev"), { recursive: true });
});
afterEach(() => place.remove());

const node = () => place.path("projects/dev");

async function commitFrom(folder: string) {
  const repository = await openRepository(folder, impatient);
  const [result] = await repository!.commit([about("Deliver", [place.write("projects/dev/memo.md", "m")])]);
  return { repository: repository!, result };
}

/** A repository that tells when git reads its settings or runs its hooks. */
function trap(name: string): string {
  mkdirSync(place.path(name), { recursive: true });
  place.git("init", "--quiet", "--bare", name);
  const alarm = `touch ${place.path("alarm")}`;
  for (const [key, value] of [
    ["core.bare", "false"],
    ["core.fsmonitor", alarm],
    ["core.hooksPath", place.path("trap-hooks")],
  ] as const) {
    place.git("config", "--file", `${name}/config`, key, value);
  }
  place.write("trap-hooks/pre-commit", `#!/bin/sh\n${alarm}\n`);
  return place.path(name);
}

describe("openRepository", () => {
  it("finds the work tree that holds a folder, and nothing where there is no git", async () => {
    expect((await openRepository(node()))?.workTree).toBe(place.folder);
    const bare = new Workplace();
    expect(await openRepository(bare.folder)).toBeUndefined();
    bare.remove();
  });

  it("finds the node's own repository before that of the mesh", async () => {
    place.git("init", "--quiet", "projects/dev");
    expect((await openRepository(node()))?.workTree).toBe(node());
  });

  it("follows a link to the folder itself, since that is where the files are", async () => {
    const mesh = new Workplace();
    symlinkSync(node(), mesh.path("dev"));
    expect((await openRepository(mesh.path("dev")))?.workTree).toBe(place.folder);
    mesh.remove();
  });

  it("works with a linked work tree, whose .git file leads there and back", async () => {
    place.git("worktree", "add", "--quiet", "-b", "other", "linked");
    const linked = await openRepository(place.path("linked"), impatient);
    expect(linked?.workTree).toBe(place.path("linked"));
    const [result] = await linked!.commit([about("In the linked tree", [place.write("linked/a.md", "a")])]);
    expect(result).toMatchObject({ state: "committed", hash: place.git("rev-parse", "other").trim() });
    expect(place.git("-C", "linked", "status", "--porcelain")).toBe("");
    expect(place.subjects()).toEqual(["Begin"]);
  });

  it("works with a submodule", async () => {
    const source = Workplace.withRepository();
    place.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source.folder, "projects/sub");
    place.git("-C", "projects/sub", "config", "user.name", "P");
    place.git("-C", "projects/sub", "config", "user.email", "p@example.com");
    const sub = await openRepository(place.path("projects/sub"), impatient);
    expect(sub?.workTree).toBe(place.path("projects/sub"));
    const [result] = await sub!.commit([about("In it", [place.write("projects/sub/a.md", "a")])]);
    expect(result).toMatchObject({ state: "committed" });
    source.remove();
  });

  it("never follows a .git file that an agent has planted", async () => {
    trap("projects/dev/evil");
    place.write("projects/dev/.git", "gitdir: evil\n");
    const { repository, result } = await commitFrom(node());
    expect(repository.workTree).toBe(place.folder);
    expect(repository.notes).toEqual([expect.stringContaining("projects/dev/.git: a file that leads to evil")]);
    expect(result).toMatchObject({ state: "committed" });
    expect(place.git("show", "--name-only", "--format=")).toBe("projects/dev/memo.md\n");
    expect(place.exists("alarm")).toBe(false);
  });

  it("never follows one planted after it was opened", async () => {
    const repository = await openRepository(node(), impatient);
    trap("projects/dev/evil");
    place.write("projects/dev/.git", "gitdir: evil\n");
    const [result] = await repository!.commit([about("Deliver", [place.write("projects/dev/memo.md", "m")])]);
    expect(result).toMatchObject({ state: "committed" });
    expect(place.subjects()).toEqual(["Deliver", "Begin"]);
    expect(await repository!.log({})).toEqual([]);
    expect(place.exists("alarm")).toBe(false);
  });

  it("never follows the .git file of a linked work tree that was changed after it was opened", async () => {
    place.git("worktree", "add", "--quiet", "-b", "other", "linked");
    const linked = await openRepository(place.path("linked"), impatient);
    place.write("linked/.git", `gitdir: ${trap("evil")}\n`);
    const [result] = await linked!.commit([about("Deliver", [place.write("linked/a.md", "a")])]);
    expect(result).toMatchObject({ state: "committed", hash: place.git("rev-parse", "other").trim() });
    expect(place.exists("alarm")).toBe(false);
  });

  it.each([
    ["leads into a repository of somebody else", "gitdir: ../../.git\n"],
    ["leads nowhere", "gitdir: /no/such/place\n"],
    ["is none", "hello\n"],
  ])("passes over a .git file that %s", async (_, content) => {
    place.write("projects/dev/.git", content);
    const { repository, result } = await commitFrom(node());
    expect(repository.workTree).toBe(place.folder);
    expect(repository.notes).toHaveLength(1);
    expect(result).toMatchObject({ state: "committed" });
  });

  it("passes over a .git link and an empty .git folder", async () => {
    symlinkSync(trap("evil"), place.path("projects/dev/.git"));
    mkdirSync(place.path("projects/dev/site/.git"), { recursive: true });
    const repository = await openRepository(place.path("projects/dev/site"));
    expect(repository?.workTree).toBe(place.folder);
    expect(repository?.notes).toHaveLength(2);
    expect(place.exists("alarm")).toBe(false);
  });

  it("says so when there is only a .git that must not be followed", async () => {
    const mesh = new Workplace();
    renameSync(trap("evil"), mesh.path("evil"));
    mesh.write(".git", "gitdir: evil\n");
    await expect(openRepository(mesh.folder)).rejects.toMatchObject({ code: "history.git.not-followed", exit: 77 });
    mesh.remove();
  });

  it("says so when there is a repository and no git program", async () => {
    const path = process.env.PATH;
    process.env.PATH = node();
    try {
      await expect(openRepository(node())).rejects.toMatchObject({ code: "history.git.missing" });
    } finally {
      process.env.PATH = path;
    }
  });
});

describe("the key with which the person signs", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1dA== ada";
  it.each<[string, string, string, string | undefined]>([
    ["a file", "ssh", "/home/ada/.ssh/id_ed25519", "/home/ada/.ssh/id_ed25519"],
    ["one that an agent holds", "ssh", `key::${key}`, `key::${key}`],
    ["one that an agent holds, without the mark", "ssh", key, `key::${key}`],
    ["none, when its path depends on the folder", "ssh", "id_ed25519", undefined],
    ["none, when commits are signed otherwise", "openpgp", "0A46826A", undefined],
  ])("is %s", async (_, format, said, expected) => {
    place.git("config", "gpg.format", format);
    place.git("config", "user.signingKey", said);
    expect(await (await openRepository(node()))?.signingKey()).toBe(expected);
  });
});

describe("initRepository", () => {
  it("makes a repository that commits, and opens one that exists", async () => {
    const mesh = new Workplace();
    const repository = await initRepository(mesh.folder);
    expect(repository.workTree).toBe(mesh.folder);
    const [result] = await repository.commit([about("Begin", [mesh.write("mesh.yml", "name: m\n")])]);
    expect(result).toMatchObject({ state: "committed" });
    const config = readFileSync(mesh.path(".git/config"), "utf8");
    await initRepository(mesh.folder);
    expect(readFileSync(mesh.path(".git/config"), "utf8")).toBe(config);
    mesh.remove();
  });

  it("makes one of its own inside another's work tree, and does not follow a planted file", async () => {
    expect((await initRepository(node())).workTree).toBe(node());
    mkdirSync(place.path("projects/b"));
    place.write("projects/b/.git", `gitdir: ${trap("evil")}\n`);
    await expect(initRepository(place.path("projects/b"))).rejects.toMatchObject({ code: "history.git.not-followed" });
  });
});
