/** How a command ends: the codes of sysexits.h where they exist. */
export const Exit = { done: 0, failed: 1, usage: 2, badData: 65, bug: 70, tryAgain: 75, notPermitted: 77 } as const;

/** Where in a file something is wrong. `line` counts from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/**
 * The one error of this program: something that a person can act on.
 *
 * `code` is stable and meant for machines (`memo.header.missing-to`); `sentence` says what was found, what was expected
 * and what to do; `message` is the sentence behind its place, `<file>:<line>: <sentence>`.
 */
export class MeshError extends Error {
  readonly code: string;
  readonly sentence: string;
  readonly place: Place | undefined;
  /** How a command that cannot handle it ends; see {@link Exit}. */
  readonly exit: number;

  constructor(code: string, sentence: string, options: { place?: Place; exit?: number; cause?: unknown } = {}) {
    const { place, exit = Exit.badData, cause } = options;
    super(place === undefined ? sentence : `${placeText(place)}: ${sentence}`, cause === undefined ? {} : { cause });
    this.name = "MeshError";
    this.code = code;
    this.sentence = sentence;
    this.place = place;
    this.exit = exit;
  }
}

function placeText({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}
