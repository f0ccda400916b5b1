#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { version } from "./version.ts";

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(`${version}\n`);
} else {
  enableCompileCache();
  const { run } = await import("./run.ts");
  process.exitCode = await run(args);
}
