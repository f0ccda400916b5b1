// Writes docs/commands.md from the commands themselves. With --check it writes nothing and ends with 1 when the file differs.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commandReference } from "../packages/cli/src/reference.ts";

const file = join(import.meta.dirname, "..", "docs", "commands.md");
const reference = await commandReference();
if (!process.argv.includes("--check")) await writeFile(file, reference);
else if ((await readFile(file, "utf8").catch(() => "")) !== reference) {
  console.error("docs/commands.md is not what the commands say; run `npm run docs`.");
  process.exitCode = 1;
}
