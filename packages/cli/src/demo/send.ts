import { setTimeout as wait } from "node:timers/promises";
import { Coordinator, type Mesh, type MeshEvent } from "@memomesh/mesh";
import { eventLines } from "../event-line.ts";
import type { Output } from "../output.ts";
import { paint, text } from "../text.ts";
import { type DemoMesh, dropMemo } from "./demo-mesh.ts";
import { usualWidth } from "./tell.ts";

/** Events that repeat what another one says or what the history tells at the end. */
const untold: ReadonlySet<MeshEvent["kind"]> = new Set(["started", "session-started", "committed"]);

/**
 * Drops a memo and lets the coordinator do what there is to do about it.
 *
 * @param shown how many lines of the memo are shown
 * @returns absolute path of the runbook that an agent has prepared for it
 */
export async function send(
  demo: DemoMesh,
  mesh: Mesh,
  memo: { readonly name: string; readonly source: string; readonly shown: number },
  output: Output,
): Promise<string | undefined> {
  const path = await dropMemo(demo, memo.name, memo.source);
  output.line(text`   ${paint("dim", path)}`);
  const lines = memo.source.trimEnd().split("\n");
  for (const line of lines.slice(0, memo.shown)) output.line(text`   ${paint("dim", "│")} ${line}`);
  if (memo.shown > 0) output.line(paint("dim", `   │ … ${lines.length - memo.shown} more lines`));
  let runbook: string | undefined;
  const coordinator = await Coordinator.open({
    start: mesh.root,
    command: "demo",
    onEvent: (event) => {
      output.record(event);
      if (event.kind === "session-finished" && event.runbook !== undefined) runbook = event.runbook;
      if (untold.has(event.kind)) return;
      const width = (output.columns ?? usualWidth) - 3;
      for (const line of eventLines(event, { width, time: false })) output.line(text`   ${line}`);
    },
  });
  try {
    for (let waitMs: number | undefined = 0; waitMs !== undefined; waitMs = await coordinator.settle())
      if (waitMs > 0) await wait(waitMs + 1);
  } finally {
    await coordinator.close();
  }
  return runbook;
}
