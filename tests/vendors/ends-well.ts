// How the session of any program ends when it cannot or may not go on.
import type { AgentConfig } from "@memomesh/core";
import { expect, test } from "vitest";
import { refused } from "../../packages/agents/test/programs/stand-in.ts";
import { harmlessCommand, untilRunning, VendorMesh } from "./vendor-mesh.ts";

/** What a test needs of a program and its vendor. */
interface Played {
  config(): AgentConfig;
  refusesKey(): void;
  /** The model has the program run these commands, one after the other. */
  runs(...commands: readonly string[]): void;
}

export function testEnds({ config, refusesKey, runs }: Played): void {
  test("says that the key is wrong", async () => {
    refusesKey();
    const error = await refused(new VendorMesh().session(config()));
    expect(error.code).toBe("agent.program.login");
    expect(error.message).toContain("bad key");
  });

  test("leaves no process behind when it is stopped in the middle of a command", async () => {
    const mesh = new VendorMesh();
    const stop = new AbortController();
    // Claude Code runs no sleep that stands alone.
    runs("echo here > started; sleep 300");
    const running = untilRunning(mesh, "sleep 300").then(() => stop.abort(new Error("enough")));
    await expect(mesh.session(config(), { signal: stop.signal })).rejects.toThrow("enough");
    await running;
    expect(mesh.running()).toEqual([]);
  });
}

/** For the programs that tell of their turns while they go on. */
export function testTurns({ config, runs }: Pick<Played, "config" | "runs">): void {
  test("stops at the limit of turns", async () => {
    const mesh = new VendorMesh();
    runs(...Array.from({ length: 9 }, () => harmlessCommand));
    const limits = { turns: 2, tokens: 100_000, seconds: 60, cost: undefined };
    expect((await refused(mesh.session(config(), { limits }))).code).toBe("agent.program.limit");
  });
}
