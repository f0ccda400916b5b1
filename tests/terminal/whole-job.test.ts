import { execFileSync } from "node:child_process";
import { readdir, readlink } from "node:fs/promises";
import { addNode, loadMesh } from "@memomesh/mesh";
import { expect, test } from "vitest";
import { hasTmux, surroundings, Terminal } from "./terminal.ts";
import { Workspace } from "./workspace.ts";

const memo = `---
to: sysadmin
type: deployment
---
# Deploy shop 1.0.0 to staging

\`\`\`yaml deploy
app: shop
version: 1.0.0
target: staging
artifact: { kind: static, path: dist }
verify: [{ command: "test -f index.html" }]
\`\`\`

## Action items
- [ ] Keep the previous release
- [ ] Put 1.0.0 in place
- [ ] Tell the newspaper
`;

test.skipIf(!hasTmux)("a memo is dropped, prepared, decided with typed keys, and read in git", async () => {
  await using workspace = await Workspace.empty();
  await workspace.call(["init", ".", "--name", "studio"]);
  await addNode(await loadMesh(workspace.root), "developer", { role: "developer", send: ["sysadmin"] });
  await workspace.call(["node", "add", "sysadmin", "--role", "sysadmin", "--read", "developer/dist/**"]);
  await workspace.write("projects/developer/dist/index.html", "<h1>Shop</h1>\n");
  await workspace.write("projects/developer/memos/outgoing/deploy.md", memo);
  const { out } = await workspace.call(["run"]);
  expect(out).toMatch(/prepared +sysadmin +Deploy shop 1\.0\.0 to staging: memomesh review [0-9a-z]{5}\n/);

  await using terminal = await Terminal.run(["review"], { cwd: workspace.root, columns: 80 });
  expect(await terminal.until("Step 1?")).toContain("Deploy shop 1.0.0 to staging");
  await terminal.type("r");
  await terminal.until("Step 2?");
  await terminal.type("h");
  await terminal.until("What did you do?");
  await terminal.type("Nothing to keep yet.");
  await terminal.until("Step 3?");
  await terminal.type("all");
  await terminal.until("(yes, no)?");
  await terminal.type("yes");
  expect(await terminal.until("Which are done?")).toContain("3  Tell the newspaper");
  await terminal.type("7");
  await terminal.until("Type all, none, or numbers from 1 to 3");
  await terminal.type("1 2");
  expect(await terminal.until("[exit 0]")).toMatch(/done[\s\S]*memo +projects\/sysadmin\/memos\/archived\//);

  expect(await readlink(workspace.site("shop", "current"))).toMatch(/^releases\//);
  expect(await workspace.read("targets/staging/shop/current/index.html")).toBe("<h1>Shop</h1>\n");
  const folder = "projects/sysadmin/memos/archived";
  const archived = (await readdir(workspace.path(folder), { recursive: true })).find((name) => name.endsWith(".md"));
  const text = await workspace.read(folder, archived ?? "");
  expect(text).toContain("- [x] Keep the previous release\n- [x] Put 1.0.0 in place\n- [ ] Tell the newspaper\n");
  const log = execFileSync("git", ["log", "--format=%s"], { cwd: workspace.root, env: surroundings, encoding: "utf8" });
  expect(log).toContain('Complete "Deploy shop 1.0.0 to staging"');
  expect(log).toContain('Do by hand step 2 of "Deploy shop 1.0.0 to staging"');
  expect(log).toContain('Run step 3 of "Deploy shop 1.0.0 to staging"');
});
