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
  const json = args[1] === "--json";
  if (args[0] === "status" && args.length === (json ? 2 : 1)) {
    const { glance } = await import("./glance.ts");
    process.exitCode = await glance({ json });
  } else if (args[0] === "guard" && args[1] === "hook" && !args.includes("--help") && !args.includes("-h")) {
    const { hook } = await import("./hook.ts");
    process.exitCode = await hook(args.slice(2));
  } else {
    const { run } = await import("./run.ts");
    process.exitCode = await run(args);
  }
}

function isOlder(one: string, other: string): boolean {
  const [major = 0, minor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
