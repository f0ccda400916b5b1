import { RE2JS } from "re2js";

/** A regular expression of a detector. It looks at one line at a time and takes time in proportion to its length. */
export interface Pattern {
  test(line: string): boolean;
}

/** Longer ones cannot be reviewed. */
const longestPattern = 500;
/** Instructions of the compiled pattern: the factor in the time that it takes. */
const largestProgram = 2000;
/** Characters of a line that are looked at. What is longer was not written by hand. */
const longestLine = 10_000;

/**
 * Compiles a pattern of RE2: no back-references and no looking around, hence no pattern that never ends.
 *
 * @returns a reason when it cannot be used
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compilePattern(source: string): Pattern | string {
  if (source.length > longestPattern) return `is longer than ${longestPattern} characters`;
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > largestProgram) return "counts too far: its repetitions multiply";
    return { test: (line) => compiled.test(line.length > longestLine ? line.slice(0, longestLine) : line) };
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "unknown reason"}`;
  }
}
