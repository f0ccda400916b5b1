import { MeshError } from "./error.ts";

/** One thing that is wrong in a file, before it is known what else is. */
export interface Problem {
  readonly code: string;
  /** Counts from 1. */
  readonly line: number;
  readonly sentence: string;
}

/** One error for all that is wrong in a file, so that a person has to fix it only once. The first problem comes first. */
export function problemsError(file: string, problems: readonly Problem[], cause?: unknown): MeshError {
  const [first, ...others] = problems.toSorted((a, b) => a.line - b.line) as [Problem, ...Problem[]];
  const sentence = [first.sentence, ...others.map((other) => `Line ${other.line}: ${other.sentence}`)].join(" ");
  return new MeshError(first.code, sentence, { place: { file, line: first.line }, cause });
}
