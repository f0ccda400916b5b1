import { mkdir, rename, writeFile } from "node:fs/promises";
import { addNode, loadMesh } from "@memomesh/mesh";
import { expect, test } from "vitest";
import { hasTmux, Terminal } from "./terminal.ts";
import { Workspace } from "./workspace.ts";

const deployment = `---
to: sysadmin
type: deployment
---
# Deploy shop

\`\`\`yaml deploy
app: shop
version: 1.0.0
target: staging
artifact: { kind: static, path: dist }
\`\`\`
`;

async function twoNodes(): Promise<Workspace> {
  const workspace = await Workspace.mesh();
  await addNode(await loadMesh(workspace.root), "developer", { role: "developer", send: ["sysadmin"] });
  await addNode(await loadMesh(workspace.root), "sysadmin", { role: "sysadmin", read: ["developer/dist/**"] });
  await workspace.write("projects/developer/dist/index.html", "<h1>Shop</h1>\n");
  return workspace;
}

async function drop(workspace: Workspace, source: string): Promise<void> {
  await mkdir(workspace.path("projects/developer/memos/outgoing"), { recursive: true });
  await writeFile(workspace.path("projects/developer/.memo"), source);
  await rename(workspace.path("projects/developer/.memo"), workspace.path("projects/developer/memos/outgoing/memo.md"));
}

test
  .skipIf(!hasTmux)
  .concurrent("watch shows what arrives and what waits, at any width, and runs no step", async () => {
    await using workspace = await twoNodes();
    await using terminal = await Terminal.run(["watch"], { cwd: workspace.root });
    await terminal.untilVisible("nothing is under way, nothing waits for you");
    await drop(workspace, deployment);
    const seen = await terminal.untilVisible(/for you +Deploy shop +memomesh review [0-9a-z]{5}/);
    expect(seen).toMatch(/delivered +developer +to sysadmin: Deploy shop/);
    expect(seen).toMatch(/prepared +sysadmin +Deploy shop/);
    await terminal.resize(70, 20);
    await drop(workspace, "# A memo without a recipient\n");
    const narrow = await terminal.untilVisible(/rejected[\s\S]*for you/);
    expect(narrow.match(/for you/g)).toHaveLength(1);
    expect(workspace.has("targets/staging/shop")).toBe(false);
    await terminal.press("C-c");
    expect(await terminal.untilVisible("[exit ")).toContain("Stopped.");
    expect(workspace.has("targets/staging/shop")).toBe(false);
  });

test.skipIf(!hasTmux).concurrent("a second watch says who holds the mesh, and ends", async () => {
  await using workspace = await Workspace.mesh();
  await using first = await Terminal.run(["watch"], { cwd: workspace.root });
  await first.untilVisible("nothing waits for you");
  await using second = await Terminal.run(["watch"], { cwd: workspace.root });
  expect(await second.untilVisible("[exit 75]")).toMatch(/already coordinates this mesh \(process\s+\d+/);
});

test.concurrent("run in a pipe tells each event in one line, without colours", async () => {
  await using workspace = await twoNodes();
  await drop(workspace, deployment);
  const { code, out } = await workspace.call(["run"]);
  expect(code).toBe(0);
  expect(out).not.toContain("\u001b");
  const lines = out.trimEnd().split("\n");
  expect(lines.every((line) => /^\d\d:\d\d:\d\d {2}\w+/.test(line))).toBe(true);
  expect(lines.filter((line) => line.includes("prepared"))).toHaveLength(1);
});
