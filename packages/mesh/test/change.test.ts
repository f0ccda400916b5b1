import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, sha256 } from "@memomesh/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyChange, BaseChanged, type Change, type FileEdit, recoverChanges, settleChange } from "../src/change.ts";

let folder: string;
let journal: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "memomesh-change-"));
  journal = join(folder, ".memomesh", "journal");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function change(...edits: FileEdit[]): Change {
  return {
    id: newId(1),
    within: folder,
    edits: edits.map((edit) => ({ ...edit, path: join(folder, edit.path) })),
    commit: { subject: "test", trailers: [] },
  };
}

/** Puts the journal back to where it stood before the last edit was made. */
async function asIfKilled(made: Change): Promise<void> {
  await rename(join(journal, `${made.id}.made.json`), join(journal, `${made.id}.json`));
}

async function files(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== ".memomesh").sort();
}

describe("a change is made whole", () => {
  test("files are written, replaced and removed, and nothing hidden is left", async () => {
    await writeFile(join(folder, "old.md"), "old");
    await writeFile(join(folder, "gone.md"), "gone");
    await chmod(join(folder, "old.md"), 0o600);
    const made = change(
      { path: "new.md", before: null, after: "new" },
      { path: "old.md", before: sha256("old"), after: "newer" },
      { path: "gone.md", before: sha256("gone"), after: null },
    );
    await applyChange(made, journal);
    expect(await files()).toEqual(["new.md", "old.md"]);
    expect(await readFile(join(folder, "old.md"), "utf8")).toBe("newer");
    expect((await stat(join(folder, "old.md"))).mode & 0o777).toBe(0o600);
    await settleChange(made.id, journal);
    expect(await readdir(journal)).toEqual([]);
  });

  test("a file that a person has changed meanwhile stops all of it", async () => {
    await writeFile(join(folder, "shared.md"), "a person's");
    const attempt = applyChange(
      change(
        { path: "first.md", before: null, after: "x" },
        { path: "shared.md", before: sha256("what was read"), after: "an agent's" },
      ),
      journal,
    );
    await expect(attempt).rejects.toBeInstanceOf(BaseChanged);
    expect(await files()).toEqual(["shared.md"]);
    expect(await readFile(join(folder, "shared.md"), "utf8")).toBe("a person's");
  });

  test("a file that appeared meanwhile is not overwritten", async () => {
    await writeFile(join(folder, "new.md"), "a person's");
    await expect(
      applyChange(change({ path: "new.md", before: null, after: "an agent's" }), journal),
    ).rejects.toBeInstanceOf(BaseChanged);
    expect(await readFile(join(folder, "new.md"), "utf8")).toBe("a person's");
  });

  test("a symbolic link in the way is not followed", async () => {
    await mkdir(join(folder, "elsewhere"));
    await symlink(join(folder, "elsewhere"), join(folder, "link"));
    await expect(applyChange(change({ path: "link/x.md", before: null, after: "x" }), journal)).rejects.toThrow(
      /symbolic link/,
    );
    expect(await readdir(join(folder, "elsewhere"))).toEqual([]);
  });
});

describe("a killed process is finished", () => {
  test("a change that was only journaled is made", async () => {
    const made = change({ path: "new.md", before: null, after: "new" });
    await applyChange(made, journal);
    await asIfKilled(made);
    await rm(join(folder, "new.md"));
    const { finished } = await recoverChanges(journal);
    expect(finished.map(({ id }) => id)).toEqual([made.id]);
    expect(await readFile(join(folder, "new.md"), "utf8")).toBe("new");
  });

  test("a change that stands and was edited by a person since is only handed out for its commit", async () => {
    const made = change({ path: "new.md", before: null, after: "new" });
    await applyChange(made, journal);
    await writeFile(join(folder, "new.md"), "edited");
    expect((await recoverChanges(journal)).finished.map(({ id }) => id)).toEqual([made.id]);
    expect(await readFile(join(folder, "new.md"), "utf8")).toBe("edited");
  });

  test("a change that stands already is left as it is", async () => {
    await writeFile(join(folder, "old.md"), "old");
    const made = change({ path: "old.md", before: sha256("old"), after: "new" });
    await applyChange(made, journal);
    await asIfKilled(made);
    expect((await recoverChanges(journal)).finished).toHaveLength(1);
    expect(await readFile(join(folder, "old.md"), "utf8")).toBe("new");
  });

  test("a change over which a person has written since is taken back, and the person's text stays", async () => {
    await writeFile(join(folder, "b.md"), "base");
    const made = change(
      { path: "a.md", before: null, after: "agent" },
      { path: "b.md", before: sha256("base"), after: "agent" },
    );
    await applyChange(made, journal);
    await asIfKilled(made);
    await rm(join(folder, "a.md"));
    await writeFile(join(folder, "b.md"), "person");
    const { undone } = await recoverChanges(journal);
    expect(undone.map(({ id }) => id)).toEqual([made.id]);
    expect(await files()).toEqual(["b.md"]);
    expect(await readFile(join(folder, "b.md"), "utf8")).toBe("person");
    expect(await readdir(journal)).toEqual([]);
  });
});
