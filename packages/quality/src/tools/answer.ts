import { cost, type Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";
import type { Ended } from "./run-program.ts";

/** A tool that did not answer is told and costs nothing: it says nothing about the file. */
export function silence(name: string, { path }: ReadFile, ended: Ended): Flaw[] {
  const text = ended.late ? `${name} did not come to an end` : `${name} could not be asked`;
  return [{ file: path, text, cost: cost.none }];
}

/**
 * The first line in which a program says what is wrong, without the place of the file: that stands before it anyway.
 *
 * @param located where the file lies in the private copy
 */
export function complaint(text: string, located: string): string {
  const [line = ""] = text.split("\n").filter((each) => each.trim() !== "");
  const [before = "", ...rest] = line.split(located);
  const behind = rest.map((part) => part.replace(/^(?::\d+)*:? */, ""));
  return [before.replace(/(?: in| at)? *["'(]?$/, rest.length > 0 ? " " : "$&"), ...behind]
    .join("")
    .trim()
    .replace(/\.$/, "")
    .slice(0, 300);
}

/** What such a program would refuse in earnest. */
export function refused(name: string, { path }: ReadFile, text: string, line?: number): Flaw[] {
  const place = line === undefined || line < 1 ? {} : { line };
  return [{ file: path, ...place, text: `${name}: ${text}`, cost: cost.serious, blocks: true }];
}
