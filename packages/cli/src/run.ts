import { Exit } from "@memomesh/core";
import { CommanderError } from "commander";
import { createOutput, endQuietly, reportError } from "./output.ts";
import { calledEntry, createProgram } from "./program.ts";
import { startTelemetry, type Telemetry } from "./telemetry.ts";

/**
 * Runs one command.
 *
 * @param given what stands behind `memomesh`; `help memo new` is another way to say `memo new --help`
 * @returns the exit code: see `Exit` of core, and 130 after Ctrl-C
 */
export async function run(given: readonly string[]): Promise<number> {
  const args = given[0] === "help" ? [...given.slice(1), "--help"] : given;
  endQuietly();
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const output = createOutput({ json: options.includes("--json") });
  let code: number = Exit.done;
  let telemetry: Telemetry | undefined;
  try {
    const entry = calledEntry(args);
    const command = await entry?.load();
    if (command?.ownInterrupt !== true) process.once("SIGINT", () => process.exit(130));
    if (command?.holdsSessions === true) telemetry = await startTelemetry(output);
    const program = await createProgram({ output, exit: (wanted) => (code = wanted) }, entry);
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.done : Exit.usage;
    return reportError(error, output);
  } finally {
    await telemetry?.end();
  }
}
