/** One line of the report: something that was measured, and what it is held against. */
export interface Row {
  readonly what: string;
  readonly measured: Quantity;
  /** The machine's limit, or a peer, measured in the same run. */
  readonly beside?: { readonly what: string; readonly quantity: Quantity };
  /** What the project promises; of the ratio when there is one, else of the quantity. Absent: it is only reported. */
  readonly wanted?: Bound;
}

export interface Quantity {
  readonly value: number;
  readonly unit: "a second" | "ms" | "MB" | "memos" | "of 1";
}

export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** Something that can be measured by itself, in a process of its own. */
export interface Figure {
  /** @param folder an empty temporary folder, removed by the caller */
  measure(folder: string): Promise<Row[]>;
}

/** How the measured value stands to what it is held against. */
export function ratioOf({ measured, beside }: Row): number | undefined {
  return beside === undefined ? undefined : measured.value / beside.quantity.value;
}

/** Whether a promise is kept; undefined where none was made. */
export function isMet(row: Row): boolean | undefined {
  if (row.wanted === undefined) return undefined;
  const value = ratioOf(row) ?? row.measured.value;
  return "atLeast" in row.wanted ? value >= row.wanted.atLeast : value <= row.wanted.atMost;
}
