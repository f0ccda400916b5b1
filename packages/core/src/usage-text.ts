import type { SessionUsage } from "./changeset.ts";

/** What a session has used, on one line: `12 turns, 41,200 tokens in, 3,050 out, $0.21, 94 s`. */
export function usageText({ turns, inputTokens, outputTokens, cost, seconds }: SessionUsage): string {
  const count = (value: number) => value.toLocaleString("en-US");
  return [
    `${turns} ${turns === 1 ? "turn" : "turns"}`,
    `${count(inputTokens)} tokens in, ${count(outputTokens)} out`,
    ...(cost === undefined ? [] : [dollars(cost)]),
    `${Math.round(seconds)} s`,
  ].join(", ");
}

/** An amount of US dollars; small ones keep two digits that say something. */
export function dollars(amount: number): string {
  const digits = amount > 0 && amount < 0.1 ? 4 : 2;
  return `$${amount.toFixed(digits)}`;
}
