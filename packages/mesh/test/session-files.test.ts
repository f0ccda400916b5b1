import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@memomesh/core";
import { beforeEach, expect, test } from "vitest";
import type { Mesh } from "../src/load.ts";
import { sessionFiles } from "../src/session-files.ts";
import { put, temporaryFolder } from "./folder.ts";
import { plainMesh, plainNode } from "./plain-mesh.ts";

let root: string;
let mesh: Mesh;
beforeEach(async () => {
  root = await temporaryFolder();
  const nodes = ["ops", "shop"].map((id) =>
    plainNode(id, [], id === "ops" ? ["shop/dist/**", "shop/README.md", "*/secret"] : [], join(root, id)),
  );
  mesh = { ...plainMesh(nodes), root };
  for (const path of ["ops/own.txt", "shop/dist/a/b.html", "shop/README.md", "shop/src/x.ts", "shop/.git/config"])
    await put(root, path, path);
});

function files(id: string) {
  const node = mesh.nodes.get(id);
  if (node === undefined) throw new Error(id);
  return sessionFiles(mesh, node);
}

test("lists what was granted of other nodes, and nothing else", async () => {
  expect(await files("ops").granted()).toEqual(["shop:README.md", "shop:dist/a/b.html"]);
  expect(await files("shop").granted()).toEqual([]);
});

test("lists no granted file behind a link", async () => {
  await symlink(join(root, "shop/src"), join(root, "shop/dist/src"));
  expect(await files("ops").granted()).toEqual(["shop:README.md", "shop:dist/a/b.html"]);
});

test("records what was read, and of what was copied only what the changeset relies on", async () => {
  await put(root, "ops/other.txt", "other");
  const session = files("ops");
  await session.read("absent.txt");
  await session.readBytes("own.txt");
  await session.readBytes("other.txt");
  session.relyOn("own.txt");
  session.relyOn("never-copied.txt");
  expect(session.base()).toEqual({ "absent.txt": null, "own.txt": sha256("ops/own.txt") });
});

test("refuses to copy what was not granted", async () => {
  await expect(files("ops").readBytes("shop:src/x.ts")).rejects.toThrow(/ops may not read shop\/src\/x\.ts/);
  await expect(files("ops").readBytes("../shop/src/x.ts")).rejects.toThrow(/leads out/);
});
