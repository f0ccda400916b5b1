import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildSite, deploymentMemo, dropMemo, makeDemoMesh } from "../packages/cli/src/demo/demo-mesh.ts";
import { memomesh, surroundings, Terminal } from "../tests/terminal/terminal.ts";
import { screenAsSvg } from "./screen-as-svg.ts";

// Draws docs/images/review.svg: a real review of the example mesh in a real terminal, before its third step is decided.

const columns = 98;
const rows = 40;

const demo = await makeDemoMesh();
try {
  await buildSite(demo, "1.4.2");
  await dropMemo(demo, "deploy.md", deploymentMemo("1.4.2", "The opening hours of the winter."));
  const [node, main] = memomesh;
  await promisify(execFile)(node, [main, "run"], { cwd: demo.root, env: surroundings });
  await using terminal = await Terminal.run(["review"], { cwd: demo.root, columns, rows });
  for (const step of [1, 2]) {
    await terminal.until(`Step ${step}?`);
    await terminal.type("r");
  }
  await terminal.until("Step 3?");
  const screen = (await terminal.painted()).split("\n");
  const lines = screen.slice(screen.findIndex((line) => line.includes("Step 2?")));
  const svg = screenAsSvg(lines, columns, "A review in the terminal: step 3 of 6, its risk, commands, check and undo");
  const folder = join(import.meta.dirname, "..", "docs", "images");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "review.svg"), svg);
} finally {
  await rm(demo.root, { recursive: true, force: true });
}
