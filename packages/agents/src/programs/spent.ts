import type { SessionUsage } from "@memomesh/core";
import type { Spending } from "../agent.ts";
import { knownModel } from "../providers/models.ts";
import { costOf, type Price } from "../providers/price.ts";
import type { ProgramOptions } from "./options.ts";
import type { Program, Used } from "./program.ts";
import type { ProgramWork } from "./program-session.ts";

type Who = Pick<ProgramWork, "program" | "options">;

/** What goes into the ledger. Prices of mesh.yml go before what the program reckons itself, and that before known prices. */
export function spendingOf({ program, options }: Who, used: Used): Spending {
  const { turns: _, cost, ...tokens } = used;
  const model = used.model ?? options.model ?? program.title;
  const price = options.prices ?? (cost === undefined ? usualPrice(program, options, model) : undefined);
  return { ...tokens, provider: program.system, model, cost: price === undefined ? cost : costOf(tokens, price) };
}

/** Whether it can be said beforehand that a run will have a price. What `command` runs says nothing of what it has used. */
export function pricedProgram({ program, options }: Who): boolean {
  if (program.vendor === undefined) return false;
  return program.reckons || priceBefore({ program, options }) !== undefined;
}

/** What a run will be reckoned with, as far as that is known before it; undefined: nobody knows, or the program reckons itself. */
export function priceBefore({ program, options }: Who): Price | undefined {
  return options.prices ?? usualPrice(program, options, options.model ?? "");
}

/** What the vendor itself takes. Of a sum over many calls nobody can say which of them were long. */
function usualPrice({ vendor }: Program, { baseUrl }: ProgramOptions, model: string): Price | undefined {
  if (vendor === undefined || baseUrl !== undefined) return undefined;
  const known = knownModel(vendor, model)?.price;
  return known === undefined ? undefined : { ...known, long: undefined };
}

/** What the changeset says of it. */
export function usageOf(who: Who, used: Used | undefined, seconds: number): { model?: string; usage?: SessionUsage } {
  if (used === undefined) return who.options.model === undefined ? {} : { model: who.options.model };
  const { model, cost, inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = spendingOf(who, used);
  return {
    model,
    usage: {
      turns: used.turns,
      inputTokens: inputTokens + cacheReadTokens + cacheWriteTokens,
      outputTokens,
      ...(cost === undefined ? {} : { cost }),
      seconds,
    },
  };
}
