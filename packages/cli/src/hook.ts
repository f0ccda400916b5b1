import { parseArgs } from "node:util";
import { safeText, type Vendor, vendors } from "@memomesh/guard";
import { answerHook, type HookOptions } from "@memomesh/mesh/hooks";
import { readInput } from "./hook-input.ts";

/** All three programs stop at this exit code, and at no other one. */
const stop = 2;
/** Milliseconds after which this process says no by itself, before the line that has started it loses its patience. */
const deadline = 4000;
/** A file that an agent writes comes as a whole. */
const longestInput = 32 * 1024 * 1024;

/**
 * `memomesh guard hook` without the parser of arguments and without any other command: an agent waits for it before each
 * use of a tool. Whatever goes wrong is a no.
 *
 * @param args what stands behind `guard hook`
 * @returns the exit code: 0, or 2 with a reason on standard error
 */
export async function hook(args: readonly string[]): Promise<number> {
  const late = setTimeout(() => {
    process.stderr.write("The guard took too long to decide, and nothing is done without a decision.\n");
    process.exit(stop);
  }, deadline);
  try {
    return await answered(args);
  } catch (error) {
    return refused(
      `${error instanceof Error ? error.message : String(error)}. Nothing is done without a decision of the guard.`,
    );
  } finally {
    clearTimeout(late);
  }
}

async function answered(args: readonly string[]): Promise<number> {
  const { for: vendor, "allow-server": servers = [], ...where } = parseArgs({ args: [...args], options }).values;
  if (!isVendor(vendor)) return refused(`The hook must say whose it is: --for ${vendors.join(", --for ")}.`);
  const hookOptions: HookOptions = { ...where, servers };
  const { allowed, says } = await answerHook(await readInput(longestInput), vendor, hookOptions);
  return allowed ? 0 : refused(says);
}

/** As `memomesh guard hook --help` explains them. */
const options = {
  for: { type: "string" },
  node: { type: "string" },
  mesh: { type: "string" },
  "allow-server": { type: "string", multiple: true },
  checkout: { type: "string" },
  folder: { type: "string" },
  programs: { type: "string" },
  audit: { type: "string" },
} as const;

function isVendor(name: string | undefined): name is Vendor {
  return vendors.some((vendor) => vendor === name);
}

function refused(says: string): number {
  process.stderr.write(`${safeText(says)}\n`);
  return stop;
}
