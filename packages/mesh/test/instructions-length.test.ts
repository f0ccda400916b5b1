import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initMesh } from "../src/init.ts";
import { findTooLong } from "../src/instructions-length.ts";
import { loadMesh } from "../src/load.ts";
import { addNode } from "../src/node.ts";
import { put, temporaryFolder } from "./folder.ts";

test("says what has grown too long to be read, and which part of it", async () => {
  const root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: false });
  await addNode(await loadMesh(root), "shop", { role: "developer" });
  expect(await findTooLong(await loadMesh(root)), "what init and node add write").toEqual([]);
  const long = "Always look at the backups before you do this. ".repeat(500);
  await put(root, "projects/shop/AGENTS.md", `# Shop\n\nShort.\n\n## Backups\n\n${long}\n`);
  await put(root, "docs/ai-lessons.md", `# Lessons\n\n### Backups\n**Symptom:** ${long} **Cause:** c **Fix:** f\n`);
  expect(await findTooLong(await loadMesh(root))).toMatchObject([
    { file: "docs/ai-lessons.md", line: 3, most: 400 },
    { file: "projects/shop/AGENTS.md", line: 5, sentence: expect.stringMatching(/"Backups" alone is \d+ %/) },
  ]);
});

test("a node that looks after a platform is told the sections that proved themselves", async () => {
  const root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: false });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin" });
  expect(await findTooLong(await loadMesh(root))).toEqual([]);
  const told = await readFile(join(root, "projects/ops/AGENTS.md"), "utf8");
  const headings = [...told.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(
    expect.arrayContaining([
      "Platform identity",
      "Engineering principles",
      "Architecture philosophy",
      "High-impact anti-patterns",
      "Reference lookup",
    ]),
  );
  expect(told).toContain("| symptom | cause | fix |");
});
