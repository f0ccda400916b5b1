import * as z from "zod";

/** Where a single session stops. Whatever is left out of a node's budget is as the mesh has it. */
export interface SessionBudget {
  /** Calls of a model. */
  readonly turns: number;
  /** Tokens in and out. */
  readonly tokens: number;
  /** US dollars. */
  readonly cost?: number | undefined;
}

/** What agents may spend in a mesh. Amounts are US dollars; a month is one of UTC; what is absent has no limit. */
export interface Budgets {
  readonly session: SessionBudget;
  /** A month of one node. */
  readonly node?: number | undefined;
  /** A month of all nodes together. */
  readonly month?: number | undefined;
}

/** What a node.yml says about money: it can be stricter than mesh.yml, or give one node more. */
export interface NodeBudget {
  readonly session: { readonly [name in keyof SessionBudget]?: number | undefined };
  readonly month?: number | undefined;
}

const count = z.int("a whole number").min(1);
const dollars = z.number("an amount of US dollars, such as 2.50").min(0);

export const budgetsSchema = z
  .strictObject({
    session: z
      .strictObject({
        turns: count.default(60),
        tokens: count.default(1_000_000),
        cost: dollars.optional(),
      })
      .prefault({}),
    node: dollars.optional(),
    month: dollars.optional(),
  })
  .prefault({});

export const nodeBudgetSchema = z
  .strictObject({
    session: z
      .strictObject({ turns: count.optional(), tokens: count.optional(), cost: dollars.optional() })
      .prefault({}),
    month: dollars.optional(),
  })
  .prefault({});
