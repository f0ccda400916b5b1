import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { initMesh } from "../src/init.ts";
import { loadMesh, type Mesh } from "../src/load.ts";
import { openWorkshop } from "../src/workshop.ts";
import { temporaryFolder } from "./folder.ts";

let mesh: Mesh;
beforeEach(async () => {
  const root = await temporaryFolder();
  vi.stubEnv("XDG_CACHE_HOME", join(root, "cache"));
  await initMesh(join(root, "studio"), { name: "studio", git: false });
  mesh = await loadMesh(join(root, "studio"));
});
afterEach(() => vi.unstubAllEnvs());

const open = (session: string) => openWorkshop(mesh, { node: "ops", memo: "01KAJ0000000000000000MEM01", session });

describe("the folder of a program's session", () => {
  test("is gone with the session, unless it is kept for the next one on the same memo", async () => {
    const first = open("one");
    const folder = await first.folder();
    writeFileSync(join(folder, "work.txt"), "work");
    await first.keep({ session: "x" });
    await first.close(true);
    const second = open("two");
    expect(await second.kept()).toEqual({ note: { session: "x" }, folder });
    expect(await second.folder(folder)).toBe(folder);
    expect(second.audit).toBe(join(folder, "audit"));
    expect(existsSync(join(folder, "work.txt"))).toBe(true);
    await second.close(true);
    expect(existsSync(folder)).toBe(false);
    expect(await open("three").kept()).toBeUndefined();
  });

  test("waits when the next session fails before it takes it up, and is missed when it fails later", async () => {
    const first = open("one");
    const folder = await first.folder();
    await first.keep({ session: "x" });
    await first.close(true);
    await open("two").close(false);
    const third = open("three");
    expect((await third.kept())?.folder).toBe(folder);
    await third.folder(folder);
    await third.close(false);
    expect(await open("four").kept()).toEqual({ note: { session: "x" }, folder: undefined });
  });

  test("does not outlive a session that did not take it up", async () => {
    const first = open("one");
    const folder = await first.folder();
    await first.keep({});
    await first.close(true);
    await open("two").close(true);
    expect(existsSync(folder)).toBe(false);
  });
});
