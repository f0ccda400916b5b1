import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Binary } from "./binary.ts";
import { written } from "./memo-text.ts";
import { closeFolder, mayMount, mountSmallDisk } from "./small-disk.ts";
import { ofKind, Workspace } from "./workspace.ts";

const two = { nodes: { alpha: {}, beta: {} } };

describe.skipIf(!mayMount)("on a full disk", () => {
  test("says so, keeps the memo, and delivers it with the next run when there is room", async () => {
    const mesh = Workspace.open(two);
    const disk = mountSmallDisk(mesh.folder("beta"));
    mesh.restore("beta");
    disk.fill();
    mesh.drop("alpha", "memo.md", written("beta", "For a full disk"));
    const said = ofKind(await mesh.run(), "warning").filter(({ code }) => code === "mailbox.disk-full");
    expect(said).toHaveLength(1);
    expect(mesh.files("alpha", "outgoing", true)).toHaveLength(1);
    disk.free();
    await mesh.run();
    expect(mesh.inbox("beta")).toHaveLength(1);
    expect(mesh.files("alpha", "outgoing", true)).toEqual([]);
  });

  test("goes on for the others, and tries again by itself while it watches", async () => {
    const mesh = Workspace.open({ nodes: { alpha: {}, beta: {}, gamma: {} } });
    const disk = mountSmallDisk(mesh.folder("beta"));
    mesh.restore("beta");
    disk.fill();
    const watched = await mesh.watch();
    mesh.drop("alpha", "full.md", written("[beta, gamma]", "For a full disk"));
    await watched.told("warning", ({ code }) => code === "mailbox.disk-full");
    mesh.drop("alpha", "other.md", written("gamma", "Other"));
    await watched.told("delivered", ({ subject }) => subject === "Other");
    disk.free();
    await watched.told("delivered", ({ subject }) => subject === "For a full disk");
    expect(mesh.inbox("beta")).toHaveLength(1);
    expect(mesh.inbox("gamma")).toHaveLength(2);
    expect(watched.all("warning").filter(({ code }) => code === "mailbox.disk-full")).toHaveLength(1);
  });

  test("keeps a memo that would have to be rejected where it was dropped, until that can be written down", async () => {
    const mesh = Workspace.open(two);
    const disk = mountSmallDisk(mesh.folder("alpha"));
    mesh.restore("alpha");
    mesh.drop("alpha", "memo.md", written("delta", "Lost"));
    disk.fill();
    expect(ofKind(await mesh.run(), "warning").map(({ code }) => code)).toContain("mailbox.disk-full");
    expect(mesh.files("alpha", "outgoing")).toHaveLength(1);
    expect(mesh.notices("operator")).toEqual([]);
    disk.free();
    await mesh.run();
    expect(mesh.rejected("alpha")).toHaveLength(1);
    expect(mesh.notices("operator")).toHaveLength(1);
  });

  test("does not begin when not even the lock can be written, and says why", async () => {
    const disk = mountSmallDisk(join(Workspace.open(two).root, "disk"));
    const mesh = Workspace.open({ ...two, root: disk.folder, git: false });
    mesh.drop("alpha", "memo.md", written("beta", "Waits"));
    disk.fill();
    await expect(mesh.run()).rejects.toMatchObject({ code: "mailbox.disk-full", exit: 75 });
    disk.free();
    await mesh.run();
    expect(mesh.inbox("beta")).toHaveLength(1);
  });
});

test("says that a limit on file sizes is in the way, and loses nothing", async () => {
  const mesh = Workspace.open({ ...two, git: true });
  mesh.drop("alpha", "memo.md", `${written("beta", "Long")}${"x".repeat(40_000)}\n`);
  const limited = Binary.start(mesh.root, ["run"], { limits: "trap '' XFSZ && ulimit -f 16" });
  await limited.told("warning", ({ code }) => code === "mailbox.disk-full");
  await limited.end;
  expect(mesh.inbox("beta")).toEqual([]);
  await mesh.run();
  expect(mesh.inbox("beta")).toHaveLength(1);
  expect(mesh.uncommitted()).toEqual([]);
});

const closed = /^mailbox\.(read-only|not-permitted)$/;

describe.skipIf(process.getuid?.() === 0 && !mayMount)("a read-only folder", () => {
  test("of the recipient: says so, keeps the memo, delivers it when the folder is open again", async () => {
    const mesh = Workspace.open(two);
    const folder = closeFolder(mesh.box("beta", "incoming"));
    mesh.drop("alpha", "memo.md", written("beta", "Waits"));
    const said = ofKind(await mesh.run(), "warning").filter(({ code }) => closed.test(code));
    expect(said).toHaveLength(1);
    expect(said[0]?.text).toContain("beta");
    folder.open();
    await mesh.run();
    expect(mesh.inbox("beta")).toHaveLength(1);
  });

  test("of the sender: says so, and delivers when the folder is open again", async () => {
    const mesh = Workspace.open(two);
    mesh.drop("alpha", "memo.md", written("beta", "Waits"));
    const folder = closeFolder(mesh.box("alpha", "outgoing"));
    const said = ofKind(await mesh.run(), "warning").filter(({ code }) => closed.test(code));
    expect(said).toHaveLength(1);
    folder.open();
    await mesh.run();
    expect(mesh.inbox("beta")).toHaveLength(1);
  });

  test("for what is rejected: says so, leaves the memo where it was dropped, rejects it later, with one notice", async () => {
    const mesh = Workspace.open(two);
    mkdirSync(mesh.box("alpha", "rejected"));
    const path = mesh.drop("alpha", "memo.md", written("delta", "Lost"));
    const folder = closeFolder(mesh.box("alpha", "rejected"));
    const said = ofKind(await mesh.run(), "warning").filter(({ code }) => closed.test(code));
    expect(said).toHaveLength(1);
    expect(existsSync(path)).toBe(true);
    folder.open();
    await mesh.run();
    expect(mesh.rejected("alpha")).toHaveLength(1);
    expect(mesh.notices("operator")).toHaveLength(1);
  });
});
