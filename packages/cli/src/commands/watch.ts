import { readStatus, watchMesh } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { eventLine } from "../event-line.ts";
import { withExamples } from "../help.ts";
import { liveScreen, type WatchScreen } from "../live-screen.ts";
import type { Output } from "../output.ts";

export const ownInterrupt = true;
export const holdsSessions = true;

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh watch", "deliver memos the moment they are dropped, until Ctrl-C"],
    ["memomesh watch --json | tee watch.jsonl", "one line of JSON for each event"],
  ]).action(async () => {
    const screen = output.terminal && !output.json ? await liveScreen(output) : plainScreen(output);
    const watching = await watchMesh({ start: process.cwd(), onEvent: screen.tell });
    screen.follow(async () => (await readStatus(watching.coordinator.mesh)).waiting);
    const stop = () => void watching.stop();
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
    try {
      await watching.ended;
      await watching.stop();
    } finally {
      screen.end();
    }
  });
};

/** One line for each event, for a pipe or a log. */
function plainScreen(output: Output): WatchScreen {
  return {
    tell: (event) => {
      output.record(event);
      const line = eventLine(event);
      if (line !== undefined) output.line(line);
    },
    follow: () => undefined,
    end: () => undefined,
  };
}
