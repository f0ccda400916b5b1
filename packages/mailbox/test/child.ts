// A process for tests that need a real one: `node child.ts <what> <root> …`.
import { writeSync } from "node:fs";
import { MeshError } from "@memomesh/core";
import { acquireLock } from "../src/index.ts";
import { claimAll, routeAll } from "./workshop.ts";

const [what = "", root = "", id = ""] = process.argv.slice(2);
const node = { id, folder: `${root}/${id}` };
/** On the parent's signal, so that several processes begin at the same moment. */
const started = new Promise<void>((resolve) => process.stdin.once("data", () => resolve()));

function say(text: string): void {
  writeSync(1, `${text}\n`);
}

switch (what) {
  case "route": {
    say("ready");
    await started;
    const results = await routeAll(node, root, 16);
    say(`delivered ${results.filter(({ state }) => state === "delivered").length}`);
    for (const result of results)
      if (result.state === "failed") say(`failed ${result.error.code} ${result.error.exit}`);
    break;
  }
  case "claim-and-die": {
    const claims = await claimAll(node);
    say(JSON.stringify(claims.map(({ id, path }) => ({ id, path }))));
    process.kill(process.pid, "SIGKILL");
    break;
  }
  case "lock-and-die": {
    await acquireLock(root, "memomesh watch");
    say("locked");
    process.kill(process.pid, "SIGKILL");
    break;
  }
  case "lock": {
    say("ready");
    await started;
    try {
      await acquireLock(root, `memomesh watch ${process.pid}`);
      say("won");
    } catch (error) {
      say(error instanceof MeshError ? error.code : String(error));
    }
    // Alive until the parent has seen what the others say.
    await new Promise<void>((resolve) => process.stdin.once("end", () => resolve()).resume());
    break;
  }
}
process.stdin.destroy();
