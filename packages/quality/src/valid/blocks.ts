import { cost, type Flaw } from "../finding.ts";

/** A `{` without its `}`, or the other way round. */
export interface Unbalanced {
  readonly line: number;
  readonly text: string;
}

/** The first brace that has no partner, in a language in which `#` begins a comment and quotes hide braces. */
export function unbalanced(source: string): Unbalanced | undefined {
  const open: number[] = [];
  let line = 1;
  let quote = "";
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index] as string;
    if (character === "\n") line += 1;
    if (character === "\\") index += 1;
    else if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'" || character === "`") {
      if (/[\s(=]/.test(source[index - 1] ?? " ")) quote = character;
    } else if (character === "#" && /[\s;{}]/.test(source[index - 1] ?? " ")) {
      const end = source.indexOf("\n", index);
      index = (end === -1 ? source.length : end) - 1;
    } else if (character === "{") open.push(line);
    else if (character === "}" && open.pop() === undefined) return { line, text: "this } closes nothing" };
  }
  if (quote !== "") return { line, text: `a ${quote} is not closed` };
  const last = open.pop();
  return last === undefined ? undefined : { line: last, text: "this { is not closed" };
}

/** Makes the flaws of one file that its program would refuse to start with. */
export function refusedIn(file: string): (line: number, text: string, fix?: string) => Flaw {
  return (line, text, fix) => ({
    ...{ file, line, text, cost: cost.serious, blocks: true },
    ...(fix === undefined ? {} : { fix }),
  });
}
