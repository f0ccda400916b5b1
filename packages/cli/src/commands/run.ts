import { Exit } from "@memomesh/core";
import { runMesh } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { eventLines } from "../event-line.ts";
import { withExamples } from "../help.ts";
import { text } from "../text.ts";

export const ownInterrupt = true;
export const holdsSessions = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh run", "deliver what was dropped, let agents work, commit, end"],
    ["*/5 * * * * cd /srv/studio && memomesh run --json >> run.jsonl", "the same every five minutes, from cron"],
  ]).action(async () => {
    const stop = new AbortController();
    process.on("SIGINT", () => stop.abort());
    process.on("SIGTERM", () => stop.abort());
    let happened = 0;
    await runMesh(
      {
        start: process.cwd(),
        onEvent: (event) => {
          output.record(event);
          for (const line of eventLines(event, { width: output.columns })) output.line(line);
          if (event.kind !== "started") happened += 1;
        },
      },
      stop.signal,
    );
    if (happened === 0) output.line(text`nothing to do`);
    if (stop.signal.aborted) exit(130);
    else exit(Exit.done);
  });
};
