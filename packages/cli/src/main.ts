#!/usr/bin/env node
import module from "node:module";
import { oldestNode, version } from "./version.ts";

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(`${version}\n`);
} else if (isOlder(process.versions.node, oldestNode)) {
  process.stderr.write(`Memomesh needs Node ${oldestNode} or newer; this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  module.enableCompileCache();
  const { run } = await import("./run.ts");
  process.exitCode = await run(args);
}

function isOlder(one: string, other: string): boolean {
  const [major = 0, minor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
