import type { SessionUsage } from "@memomesh/core";
import type { SessionLimits, Spending } from "../agent.ts";
import type { Reply } from "../model.ts";
import { costOf, type Price } from "../providers/price.ts";
import { type SessionStopped, sessionStopped } from "./stop.ts";

/** A shorter answer than this is of no use. */
const shortestAnswer = 500;

/** What a session has used, against what it may use. */
export class Meter {
  readonly #limits: SessionLimits;
  readonly #price: Price | undefined;
  #turns = 0;
  #input = 0;
  #output = 0;
  /** undefined as soon as one call had no known price. */
  #cost: number | undefined = 0;

  /** @param price undefined: money cannot be counted; the other limits hold */
  constructor(limits: SessionLimits, price: Price | undefined) {
    this.#limits = limits;
    this.#price = price;
  }

  /**
   * How much the model may answer now.
   *
   * @param input tokens of the conversation, estimated
   * @param most what the model can answer
   * @throws MeshError `session.turns`, `session.tokens` or `session.cost` when another call would pass a limit
   */
  allowance(input: number, most: number): number {
    const { turns, tokens, cost } = this.#limits;
    if (this.#turns >= turns) {
      throw sessionStopped(
        "turns",
        `The session has called the model ${turns} times, which is its limit.`,
        raise("turns"),
      );
    }
    const left = tokens - this.#input - this.#output - input;
    if (left < shortestAnswer) {
      const used = this.#input + this.#output;
      const what = `The session has used ${used} of its ${tokens} tokens, and another call needs more than what is left.`;
      throw sessionStopped("tokens", what, raise("tokens"));
    }
    const answer = Math.min(most, left);
    if (cost === undefined || this.#price === undefined) return answer;
    const affordable = this.#affordable(cost, input);
    if (affordable >= Math.min(shortestAnswer, most)) return Math.min(answer, affordable);
    throw this.#passed(cost);
  }

  /** Counts a call, and says what it has cost. */
  add(reply: Reply, provider: string): Spending {
    const { usage, model } = reply;
    const cost = this.#price === undefined ? undefined : costOf(usage, this.#price);
    const spending = { ...usage, provider, model, cost };
    this.count(spending, 1);
    return spending;
  }

  /** Counts what somebody else has used, and has said what it cost. */
  count({ inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, cost }: Spending, turns: number): void {
    this.#turns += turns;
    this.#input += inputTokens + cacheReadTokens + cacheWriteTokens;
    this.#output += outputTokens;
    this.#cost = cost === undefined || this.#cost === undefined ? undefined : this.#cost + cost;
  }

  /**
   * US dollars for somebody who reckons by themselves; undefined: there is no limit, or nobody knows what was spent.
   *
   * @throws MeshError `session.cost` when nothing is left
   */
  costLeft(): number | undefined {
    const { cost } = this.#limits;
    if (cost === undefined || this.#cost === undefined) return undefined;
    if (this.#cost >= cost) throw this.#passed(cost);
    return cost - this.#cost;
  }

  /** @param seconds since the session began */
  usage(seconds: number): SessionUsage {
    return {
      turns: this.#turns,
      inputTokens: this.#input,
      outputTokens: this.#output,
      ...(this.#cost === undefined ? {} : { cost: this.#cost }),
      seconds,
    };
  }

  #passed(cost: number): SessionStopped {
    const what = `The session has spent $${(this.#cost ?? 0).toFixed(2)} of the $${cost.toFixed(2)} that its budgets leave it, and another call would pass them.`;
    return sessionStopped("cost", what, raise("cost"));
  }

  /** Tokens of output for which the money is enough, when nothing of the input comes from a cache. */
  #affordable(cost: number, input: number): number {
    const price = this.#price as Price;
    const none = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const left = cost - (this.#cost ?? 0) - costOf({ ...none, inputTokens: input }, price);
    const million =
      costOf({ ...none, inputTokens: input, outputTokens: 1_000_000 }, price) -
      costOf({ ...none, inputTokens: input }, price);
    if (left < 0) return 0;
    return million === 0 ? Number.POSITIVE_INFINITY : Math.floor((left / million) * 1_000_000);
  }
}

function raise(limit: "turns" | "tokens" | "cost"): string {
  const where =
    limit === "cost"
      ? "budgets in mesh.yml or budget in node.yml"
      : `budgets.session.${limit} in mesh.yml or budget.session.${limit} in node.yml`;
  return `Raise ${where}, or give the memo a smaller task.`;
}
