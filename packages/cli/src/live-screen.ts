import type { MeshEvent, Waiting } from "@memomesh/mesh";
import { eventLines } from "./event-line.ts";
import { type LiveState, liveLines, liveNext, liveStart } from "./live-view.ts";
import type { Output } from "./output.ts";
import { type Text, text } from "./text.ts";

/** Where `watch` shows what happens. */
export interface WatchScreen {
  tell(event: MeshEvent): void;
  /** Begins to show what waits for the person, as `waiting` tells it. */
  follow(waiting: () => Promise<readonly Waiting[]>): void;
  end(): void;
}

/** Work under way stands below as long as it lasts; commits follow from what is told anyway, and are in `memomesh log`. */
const untold: ReadonlySet<MeshEvent["kind"]> = new Set(["session-started", "committed"]);

/** Seconds after which what waits is looked at again, as long as something does. */
const secondsToLook = 5;

/** Events scroll by; below them stands what is under way and what waits for the person. */
export async function liveScreen(output: Output): Promise<WatchScreen> {
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(process.stdout);
  let state: LiveState = liveStart;
  let waiting: readonly Waiting[] = [];
  let read: (() => Promise<readonly Waiting[]>) | undefined;
  let reading = false;
  let stale = false;
  let tick: NodeJS.Timeout | undefined;
  let ticks = 0;
  const width = () => output.columns ?? 80;
  const pick = ({ plain, painted }: Text) => (process.stdout.hasColors() ? painted : plain);
  const draw = () => update(liveLines(state, waiting, Date.now(), width()).map(pick).join("\n"));
  const look = async () => {
    stale = true;
    if (reading) return;
    reading = true;
    while (stale && read !== undefined) {
      stale = false;
      waiting = await read().catch(() => waiting);
    }
    reading = false;
    if (tick !== undefined) draw();
  };
  const onTick = () => {
    ticks += 1;
    if (state.working.size > 0) draw();
    // What a person decides elsewhere is no event of ours.
    if (waiting.length > 0 && ticks % secondsToLook === 0) void look();
  };
  return {
    tell: (event) => {
      state = liveNext(state, event);
      const lines = untold.has(event.kind) ? [] : eventLines(event, { width: width() });
      if (lines.length > 0) update.clear();
      for (const line of lines) output.line(line);
      draw();
      if (event.kind !== "session-progress") void look();
    },
    follow: (waitingNow) => {
      read = waitingNow;
      tick = setInterval(onTick, 1000);
      process.stdout.on("resize", draw);
      void look();
    },
    end: () => {
      clearInterval(tick);
      tick = undefined;
      process.stdout.off("resize", draw);
      update.clear();
      update.done();
      output.line(text`Stopped. What is dropped from now on waits for the next start.`);
    },
  };
}
