import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileError, moveToFreeName, writeDurably, writeNew } from "../src/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "memomesh-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

test("replaces a file in one piece and keeps its permissions", async () => {
  writeFileSync(at("x"), "old");
  chmodSync(at("x"), 0o600);
  await writeDurably(at("x"), "new");
  expect([readFileSync(at("x"), "utf8"), statSync(at("x")).mode & 0o777]).toEqual(["new", 0o600]);
  await writeDurably(at("y"), "new", 0o755);
  expect(statSync(at("y")).mode & 0o777).toBe(0o755);
  expect(readdirSync(folder).sort()).toEqual(["x", "y"]);
});

test("leaves neither the old file harmed nor a temporary one behind when it cannot write", async () => {
  await expect(writeDurably(at("missing/x"), "new")).rejects.toMatchObject({ code: "ENOENT" });
  writeFileSync(at("file"), "");
  await expect(writeDurably(at("file/x"), "new")).rejects.toMatchObject({ code: "ENOTDIR" });
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("writes a new file only where none is", async () => {
  expect(await writeNew(at("x"), "one")).toBe(true);
  expect(await writeNew(at("x"), "two")).toBe(false);
  expect([readFileSync(at("x"), "utf8"), readdirSync(folder)]).toEqual(["one", ["x"]]);
});

test("moves files and links, and never onto something that is there", async () => {
  writeFileSync(at("file"), "file");
  symlinkSync("nowhere", at("link"));
  writeFileSync(at("taken"), "taken");
  symlinkSync("nowhere", at("taken-link"));
  for (const name of ["file", "link"]) {
    expect(await moveToFreeName(at(name), at("taken"))).toBe(false);
    expect(await moveToFreeName(at(name), at("taken-link"))).toBe(false);
    expect(await moveToFreeName(at(name), at(`moved-${name}`))).toBe(true);
  }
  expect(readdirSync(folder).sort()).toEqual(["moved-file", "moved-link", "taken", "taken-link"]);
  expect(readFileSync(at("taken"), "utf8")).toBe("taken");
});

test("explains what the system refused with an exit code that says whether to try again", () => {
  const fault = (code: string) => fileError(Object.assign(new Error(code), { code, syscall: "open" }), "delivering");
  expect(["ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES"].map((code) => fault(code).exit)).toEqual([75, 75, 75, 77, 77]);
  expect(fault("ENOSPC").message).toBe(
    "delivering failed: the disk is full, or a limit on its use is reached (ENOSPC). Nothing is lost; it is tried again.",
  );
  expect(() => fileError(new TypeError("a bug"), "delivering")).toThrow(TypeError);
});
