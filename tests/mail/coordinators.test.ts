import { expect, test } from "vitest";
import { Binary } from "./binary.ts";
import { written } from "./memo-text.ts";
import { Workspace } from "./workspace.ts";

test("lets only one coordinator in: the second says who holds the mesh and exits 75, and a dead one is noticed", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: {} }, git: true });
  const first = Binary.start(mesh.root, ["watch"]);
  await first.told("started");

  const second = Binary.start(mesh.root, ["run"]);
  expect(await second.end).toMatchObject({ code: 75 });
  expect(second.errors).toContain("mesh.locked");
  expect(second.errors).toContain(`process ${first.pid}`);
  expect(second.errors).toContain("memomesh watch");
  await expect(mesh.run()).rejects.toMatchObject({ code: "mesh.locked", exit: 75 });

  await first.kill();
  mesh.drop("alpha", "memo.md", written("beta", "After the death"));
  const third = Binary.start(mesh.root, ["run"]);
  expect(await third.end).toMatchObject({ code: 0 });
  expect(mesh.inbox("beta")).toHaveLength(1);
});

test("ends on a signal with everything committed, and lets the next one in", async () => {
  const mesh = Workspace.open({ nodes: { alpha: {}, beta: {} }, git: true });
  const watch = Binary.start(mesh.root, ["watch"]);
  await watch.told("started");
  for (let memo = 0; memo < 30; memo += 1) mesh.drop("alpha", `${memo}.md`, written("beta", `Memo ${memo}`));
  await watch.told("delivered");
  await watch.stop();
  expect(mesh.uncommitted().filter((line) => !line.includes("outgoing"))).toEqual([]);
  await mesh.run();
  expect(mesh.inbox("beta")).toHaveLength(30);
  expect(mesh.uncommitted()).toEqual([]);
});
