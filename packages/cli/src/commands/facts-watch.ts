import { setTimeout as wait } from "node:timers/promises";
import { History, loadMesh } from "@memomesh/mesh";
import { readCollectors, refreshFacts } from "@memomesh/mesh/facts";
import type { CommandModule } from "../commands.ts";
import { refreshedLine } from "../fact-lines.ts";
import { withExamples } from "../help.ts";
import { text } from "../text.ts";

export const ownInterrupt = true;

/** How often it is looked whether a collector is due, in milliseconds. */
const lookMs = 5000;

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh facts watch", "run each collector when half of the time is over for which its facts hold, until Ctrl-C"],
  ]).action(async () => {
    const stop = new AbortController();
    process.once("SIGINT", () => stop.abort());
    process.once("SIGTERM", () => stop.abort());
    const tried = new Map<string, number>();
    while (!stop.signal.aborted) {
      // Read anew, so that what was accepted meanwhile is run and what was changed is not.
      const mesh = await loadMesh(process.cwd());
      const now = Date.now();
      const due = (await readCollectors(mesh, new Date(now))).filter(({ name, digest, fact, maxAge }) => {
        const last = Math.max(tried.get(`${name} ${digest}`) ?? 0, fact === undefined ? 0 : Date.parse(fact.at));
        return now - last >= (maxAge * 1000) / 2;
      });
      const ready = due.filter(({ refused, acceptance }) => refused === undefined && acceptance !== undefined);
      for (const { name, digest } of ready) tried.set(`${name} ${digest}`, now);
      if (ready.length > 0) {
        const history = await History.open(mesh, () => {});
        try {
          for (const result of await refreshFacts(
            mesh,
            history,
            ready.map(({ name }) => name),
          )) {
            output.record({ at: new Date().toISOString(), ...result });
            output.line(text`${new Date().toTimeString().slice(0, 8)}  ${refreshedLine(result)}`);
          }
        } finally {
          await history.close();
        }
      }
      await wait(lookMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  });
};
