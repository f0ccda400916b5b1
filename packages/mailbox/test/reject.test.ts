import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MeshError, outgoingFolder, rejectedFolder } from "@memomesh/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rejectClaim } from "../src/index.ts";
import { startChild } from "./process.ts";
import { claimAll, drop, names, openWorkshop, plainMemo, type Workshop } from "./workshop.ts";

let shop: Workshop;
let outgoing: string;
let rejected: string;
beforeEach(() => {
  shop = openWorkshop("a");
  outgoing = outgoingFolder(shop.node("a").folder);
  rejected = rejectedFolder(shop.node("a").folder);
});
afterEach(() => shop.remove());

const reason = new MeshError("memo.to.unknown", 'to "nobody" is no node of this mesh; expected b.', {
  place: { file: "a/memos/outgoing/x.md", line: 2 },
});

async function rejectAll(): Promise<void> {
  for (const claim of await claimAll(shop.node("a"))) {
    await rejectClaim(claim, shop.node("a"), claim.bytes instanceof MeshError ? claim.bytes : reason);
  }
}

test("moves a memo to rejected/ unchanged, with a reason that a person can read", async () => {
  drop(shop.node("a"), "x.md", plainMemo("nobody", "Hello"));
  await rejectAll();
  expect([names(outgoing), names(rejected)]).toEqual([[], ["x.md", "x.md.reason.md"]]);
  expect(readFileSync(join(rejected, "x.md"), "utf8")).toBe(plainMemo("nobody", "Hello"));
  const text = readFileSync(join(rejected, "x.md.reason.md"), "utf8");
  expect(text).toContain(`    ${reason.message}\n`);
  expect(text).toContain("dropped into `memos/outgoing/` of a");
  expect(text).toContain("- Reason: `memo.to.unknown`");
});

test("keeps every one of several bad memos with the same name", async () => {
  for (const subject of ["One", "Two", "Three"]) {
    drop(shop.node("a"), "x.md", plainMemo("nobody", subject));
    await rejectAll();
  }
  expect(names(rejected)).toEqual([
    "x-2.md",
    "x-2.md.reason.md",
    "x-3.md",
    "x-3.md.reason.md",
    "x.md",
    "x.md.reason.md",
  ]);
  expect(readFileSync(join(rejected, "x-3.md"), "utf8")).toContain("# Three");
});

test("moves a folder with all it holds, a pipe, and a link itself instead of what it points to", async () => {
  mkdirSync(join(outgoing, "folder.md"));
  writeFileSync(join(outgoing, "folder.md", "inside.md"), "inside");
  writeFileSync(join(shop.root, "secret"), "secret");
  symlinkSync("../../../secret", join(outgoing, "link.md"));
  execFileSync("mkfifo", [join(outgoing, "pipe.md")]);
  await rejectAll();
  expect(names(rejected)).toEqual([
    "folder.md",
    "folder.md.reason.md",
    "link.md",
    "link.md.reason.md",
    "pipe.md",
    "pipe.md.reason.md",
  ]);
  expect(readFileSync(join(rejected, "folder.md", "inside.md"), "utf8")).toBe("inside");
  expect(readlinkSync(join(rejected, "link.md"))).toBe("../../../secret");
  expect(lstatSync(join(rejected, "pipe.md")).isFIFO()).toBe(true);
  expect(readFileSync(join(shop.root, "secret"), "utf8")).toBe("secret");
});

test("writes nothing into the reason that a reader or a Markdown program takes for something else", async () => {
  const name = "`x`\u202e.md";
  drop(shop.node("a"), name, plainMemo("nobody", "Hello"));
  const [claim] = await claimAll(shop.node("a"));
  await rejectClaim(claim!, shop.node("a"), new MeshError("memo.test", "found\n# Approved\n[x](http://x)\u202e."));
  const text = readFileSync(join(rejected, `${name}.reason.md`), "utf8");
  expect(text).not.toMatch(/^# Approved|\u202e/m);
  expect(text).toContain("    found # Approved [x](http://x) .\n");
});

test("puts the memo back and says so when rejected/ cannot be written", async () => {
  writeFileSync(rejected, "a file where the folder should be");
  drop(shop.node("a"), "x.md", plainMemo("nobody", "Hello"));
  await expect(rejectAll()).rejects.toMatchObject({ code: "mailbox.folder.not-a-folder", exit: 77 });
  expect(names(outgoing)).toEqual(["x.md"]);
  rmSync(rejected);
  await rejectAll();
  expect(names(rejected)).toEqual(["x.md", "x.md.reason.md"]);
});

test("continues a rejection in which a process died, under the same name", async () => {
  drop(shop.node("a"), "x.md", plainMemo("nobody", "Hello"));
  const child = startChild("claim-and-die", shop.root, "a");
  const [dead] = JSON.parse((await child.line()) ?? "") as { id: string }[];
  await child.end;
  mkdirSync(rejected);
  writeFileSync(join(rejected, "x.md.reason.md"), `# Not delivered\n\n- Claim: ${dead?.id}\n`);
  await rejectAll();
  expect([names(outgoing), names(rejected)]).toEqual([[], ["x.md", "x.md.reason.md"]]);
});

test("rejects a file with the longest name that a file can have", async () => {
  const name = `${"x".repeat(252)}.md`;
  drop(shop.node("a"), name, plainMemo("nobody", "Hello"));
  await rejectAll();
  const [memo = "", text = ""] = names(rejected);
  expect(text).toBe(`${memo}.reason.md`);
  expect(names(outgoing)).toEqual([]);
});
