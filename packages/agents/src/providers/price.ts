import type { TokenUsage } from "../model.ts";

/** US dollars for a million tokens of each kind. */
interface Rates {
  readonly input: number;
  readonly output: number;
  /** Tokens read from the vendor's cache; absent: they cost as much as other input. */
  readonly cacheRead?: number | undefined;
  /** Tokens written to the vendor's cache; absent: they cost as much as other input. */
  readonly cacheWrite?: number | undefined;
}

/** What a model costs. */
export interface Price extends Rates {
  /** The rates of a whole call whose input, caches included, has more than `above` tokens. */
  readonly long?: (Rates & { readonly above: number }) | undefined;
}

/**
 * What one call has cost, in US dollars. Some vendors charge long prompts more, so the usage of several calls cannot be
 * added up before this.
 */
export function costOf(usage: TokenUsage, price: Price): number {
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const rates: Rates = price.long !== undefined && prompt > price.long.above ? price.long : price;
  const { input, output, cacheRead = input, cacheWrite = input } = rates;
  const millionths =
    usage.inputTokens * input +
    usage.cacheReadTokens * cacheRead +
    usage.cacheWriteTokens * cacheWrite +
    usage.outputTokens * output;
  return millionths / 1_000_000;
}
