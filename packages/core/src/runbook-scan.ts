/** A block of fenced code at the top level of a runbook. Lines count from 0 in the text that was parsed. */
export interface FencedLines {
  /** Line of the opening marks. */
  readonly first: number;
  /** Line of the closing marks. */
  readonly last: number;
  readonly marks: string;
}

/** What the exact reading of a runbook has taken into account. */
export interface ReadLines {
  /** Lines that were read as heading of a step, or as opening of its commands. */
  readonly exact: ReadonlySet<number>;
  readonly fences: readonly FencedLines[];
}

/** A line that a person would take for a part of a step and that the exact reading did not. */
export interface Lookalike {
  readonly line: number;
  readonly sentence: string;
}

const stepHeading = /^[\s>]*#{1,6}\W*(?:\d+\W+)?step\b/i;
const stepLabel = /^[^\p{Letter}\p{Number}`]*(?:\d+[.)]\s*)?step\s*[(#]?\s*\d+\W{0,3}:/iu;
const commandFence = /^[\s>*+\-.)\d]*(`{3,}|~{3,})(?=.*(?<![a-z])(?:preview|run|check|undo)(?![a-z]))/i;
const attribute = /^[\s>*_+-]*(?:risk|timeout|target|needs|upload)[\s*_]*:/i;

/**
 * Looks at a runbook line by line, as a person skims it, for what looks like a step and was not read as one. It knows
 * nothing of Markdown's structure on purpose: what two readings disagree about must not be skipped.
 *
 * @param from line of the first step: attributes are only looked for from there on
 */
export function findLookalike(lines: readonly string[], read: ReadLines, from: number): Lookalike | undefined {
  for (const [line, raw] of lines.entries()) {
    if (read.exact.has(line)) continue;
    const around = read.fences.find(({ first, last }) => first <= line && line <= last);
    const text = raw.replace(/<[^>]*>/g, "");
    const sentence = around === undefined ? besideFences(text, line >= from) : insideFence(text, around);
    if (sentence !== undefined) return { line, sentence };
  }
  return undefined;
}

function besideFences(text: string, inStep: boolean): string | undefined {
  if (commandFence.test(text)) {
    return "this looks like the commands of a step and is none; expected ```sh run, ```sh check, ```sh undo or ```sh preview at the beginning of a line, below the heading of a step.";
  }
  if (stepHeading.test(text) || stepLabel.test(text)) {
    return "this looks like a step and cannot be read as one; expected a heading such as `## Step 1: Keep the current release`.";
  }
  if (inStep && attribute.test(text)) {
    return "this looks like attributes and cannot be read; expected them right below the heading, as in `Risk: low. Timeout: 60s.`";
  }
  return undefined;
}

/** A fence that was not closed in time swallows the next step; longer marks show that it is meant. */
function insideFence(text: string, around: FencedLines): string | undefined {
  const inner = commandFence.exec(text)?.[1];
  const swallowed = inner !== undefined && inner[0] === around.marks[0] && inner.length >= around.marks.length;
  const heading = around.marks.length === 3 && /^\s{0,3}#{1,6}\s*step\s*\d/i.test(text);
  if (!swallowed && !heading) return undefined;
  return `this stands inside of the fence that opens with ${around.marks} above; expected that fence to be closed first, or to have longer marks.`;
}
