/** Something that is wrong in what the gate was shown, before it is known how many points it costs. */
export interface Flaw {
  /** As the subject names its file. */
  readonly file: string;
  /** From 1; absent when it is about the whole file. */
  readonly line?: number;
  /** A sentence without a full stop at its end. */
  readonly text: string;
  /** The part of its check's share that it costs, 0 to 1. */
  readonly cost: number;
  /** How it is mended, as an instruction. */
  readonly fix?: string;
  /** With it the subject does not pass, whatever its score. */
  readonly blocks?: true;
}

/** A flaw with its price. */
export interface Finding extends Omit<Flaw, "cost"> {
  /** Id of the check that found it. */
  readonly check: string;
  /** Of the score's 100. The points of all findings add up to what the score has lost. */
  readonly points: number;
}

/** How much a flaw weighs: a check that finds two serious ones has nothing left. */
export const cost = { whole: 1, serious: 0.5, notable: 0.25, slight: 0.1, none: 0 } as const;

/** What it costs when one of several lacks something; who stands alone and lacks it has nothing of it at all. */
export function lackOfOneAmong(all: readonly unknown[]): number {
  return all.length === 1 ? cost.whole : cost.serious;
}
