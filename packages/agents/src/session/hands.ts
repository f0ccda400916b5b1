import type { ToolCall, ToolResult } from "../model.ts";
import type { Desk } from "./desk.ts";
import { callLine } from "./progress.ts";
import { useTool } from "./tools.ts";

const toldAfter = 3;
const stoppedAfter = 5;

/** Carries out what a model wants to have done, and sees when it goes round in circles. */
export class Hands {
  readonly desk: Desk;
  readonly #done = new Map<string, { readonly text: string; readonly times: number }>();
  #circling: string | undefined;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** The tool that was called 5 times or more with the same result, the last time just now. */
  get circling(): string | undefined {
    return this.#circling;
  }

  /** Uses the tools one after the other. */
  async use(
    calls: readonly ToolCall[],
    progress: (text: string) => void,
    signal: AbortSignal,
  ): Promise<readonly ToolResult[]> {
    const results: ToolResult[] = [];
    this.#circling = undefined;
    for (const call of calls) {
      signal.throwIfAborted();
      const { id, name, input } = call;
      const answer = await useTool(this.desk, name, input);
      progress(`${callLine(call)}${answer.failed ? ": refused" : ""}`);
      const times = this.#count(name, input, answer.text);
      if (times >= stoppedAfter) this.#circling = name;
      const hint =
        times < toldAfter
          ? ""
          : `\nThis call has had the same result ${times} times now. Do something else, or end the session with ask, decline or finish.`;
      results.push({ id, name, text: answer.text + hint, failed: answer.failed });
    }
    return results;
  }

  #count(name: string, input: unknown, text: string): number {
    const key = JSON.stringify([name, input]);
    const before = this.#done.get(key);
    const times = before?.text === text ? before.times + 1 : 1;
    this.#done.set(key, { text, times });
    return times;
  }
}
