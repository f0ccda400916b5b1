import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ModelFailure } from "../model.ts";

const run = promisify(execFile);

/** Where a key comes from. */
export interface KeySource {
  /** Name of the agent, for whoever has to find the key. */
  readonly agent: string;
  /** Variables in which it is looked for, the first that is set wins. */
  readonly variables: readonly string[];
  /** A program and its arguments; goes before the variables. */
  readonly command: readonly string[] | undefined;
}

const commandSeconds = 30;

/**
 * A function that finds the key when it is first needed, and then remembers it.
 *
 * @throws ModelFailure `login`: no variable is set, or the command fails, says nothing or more than one word. What the
 * command printed is never part of the message.
 */
export function keyFinder(source: KeySource): (signal: AbortSignal) => Promise<string> {
  let key: string | undefined;
  return async (signal) => {
    key ??= source.command === undefined ? fromVariables(source) : await fromCommand(source, source.command, signal);
    return key;
  };
}

function fromVariables({ agent, variables }: KeySource): string {
  for (const name of variables) {
    const value = process.env[name]?.trim();
    if (value !== undefined && value !== "") return value;
  }
  throw new ModelFailure(
    "login",
    `the agent "${agent}" has no key: the variable ${variables.join(" or ")} is not set. Set it where memomesh is started, or give the agent a keyCommand in mesh.yml, such as keyCommand: [pass, show, ${agent}].`,
  );
}

async function fromCommand(source: KeySource, command: readonly string[], signal: AbortSignal): Promise<string> {
  const [program = "", ...args] = command;
  const refuse = (why: string) =>
    new ModelFailure(
      "login",
      `the agent "${source.agent}" has no key: its keyCommand ${program} ${why}. Expected a command that prints the key and nothing else.`,
    );
  const printed = await run(program, args, { timeout: commandSeconds * 1000, killSignal: "SIGKILL", signal }).catch(
    (error: { code?: unknown; killed?: boolean }) => {
      signal.throwIfAborted();
      if (error.killed === true) throw refuse(`did not end within ${commandSeconds} s`);
      throw refuse(error.code === "ENOENT" ? "was not found" : `ended with ${String(error.code ?? "a signal")}`);
    },
  );
  const key = printed.stdout.trim();
  if (key === "") throw refuse("printed nothing");
  if (/\s/.test(key)) throw refuse("printed more than one word");
  return key;
}
