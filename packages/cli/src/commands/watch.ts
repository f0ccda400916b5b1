import { type MeshEvent, readStatus, type Waiting, watchMesh } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { eventLine } from "../event-line.ts";
import { withExamples } from "../help.ts";
import { type LiveState, liveLines, liveNext, liveStart } from "../live-view.ts";
import type { Output } from "../output.ts";
import { text } from "../text.ts";

export const ownInterrupt = true;

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh watch", "deliver memos the moment they are dropped, until Ctrl-C"],
    ["memomesh watch --json | tee watch.jsonl", "one line of JSON for each event"],
  ]).action(async () => {
    const screen = output.terminal && !output.json ? await liveScreen(output) : plainScreen(output);
    const watching = await watchMesh({ start: process.cwd(), onEvent: screen.tell });
    screen.follow(async () => (await readStatus(watching.coordinator.mesh, { decisions: 0 })).waiting);
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

interface Screen {
  tell(event: MeshEvent): void;
  /** Begins to show what waits for the person, as `waiting` tells it. */
  follow(waiting: () => Promise<readonly Waiting[]>): void;
  end(): void;
}

/** One line for each event, for a pipe or a log. */
function plainScreen(output: Output): Screen {
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

/** Events scroll by; below them stands what is under way and what waits for the person. */
async function liveScreen(output: Output): Promise<Screen> {
  const { default: logUpdate } = await import("log-update");
  let state: LiveState = liveStart;
  let waiting: readonly Waiting[] = [];
  let read: (() => Promise<readonly Waiting[]>) | undefined;
  let reading = false;
  const draw = () => logUpdate(liveLines(state, waiting, Date.now(), output.columns ?? 80).join("\n"));
  const look = async () => {
    if (read === undefined || reading) return;
    reading = true;
    waiting = await read().catch(() => waiting);
    reading = false;
    draw();
  };
  const tick = setInterval(() => {
    if (state.working.size > 0) draw();
  }, 1000);
  return {
    tell: (event) => {
      state = liveNext(state, event);
      const line = eventLine(event);
      if (line !== undefined) {
        logUpdate.clear();
        output.line(line);
      }
      draw();
      if (event.kind !== "session-progress") void look();
    },
    follow: (waitingNow) => {
      read = waitingNow;
      void look();
    },
    end: () => {
      clearInterval(tick);
      logUpdate.clear();
      logUpdate.done();
      output.line(text`stopped; what was dropped since waits for the next start`);
    },
  };
}
