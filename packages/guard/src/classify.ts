import { type Classification, classificationOf, type Finding } from "./classification.ts";
import { unsafeCharacters } from "./display.ts";
import { Inspection } from "./inspect.ts";
import type { OwnPrograms } from "./own-programs.ts";

/**
 * Classifies shell text by the worst thing that any part of it can do.
 *
 * What is not known counts as high, what cannot be read as critical, and nothing in the text can lower a risk. A program
 * that a known one starts is looked at like any other. This is an early and explained warning for the person who decides,
 * not a wall: a program that was allowed can do anything.
 *
 * @param source shell text as bash reads it, at most 8 KiB
 * @param own programs of which mesh.yml says something
 * @returns the risk, the effects, and for each reason above low risk the part of the text (UTF-16 units) that caused it
 * @see docs/security.md
 */
export function classifyCommand(source: string, own: OwnPrograms = {}): Classification {
  const { findings, readable } = inspectCommand(source, new Inspection(own));
  return classificationOf(findings, readable);
}

/** Everything that an inspection finds in a text. When the text cannot be read, that is the one finding. */
export interface Inspected {
  readonly findings: readonly Finding[];
  readonly readable: boolean;
}

export function inspectCommand(source: string, inspection: Inspection): Inspected {
  const [unsafe] = unsafeCharacters(source);
  if (unsafe !== undefined) {
    const start = unsafe.offset;
    const text = `the text holds ${unsafe.name}`;
    return unreadable(text, start, start + 1);
  }
  try {
    return inspected(source, inspection);
  } catch {
    // Such as a stack that is used up. What the guard cannot finish looking at, nobody has looked at.
    return unreadable("the text cannot be looked at to its end", 0, source.length);
  }
}

function inspected(source: string, inspection: Inspection): Inspected {
  const reading = inspection.read(source);
  if (!reading.readable) {
    const { start, end } = reading.place;
    return unreadable(`the text ${reading.problem}`, start, end);
  }
  return { findings: reading.commands.flatMap((command) => inspection.command(command)), readable: true };
}

function unreadable(text: string, start: number, end: number): Inspected {
  return { findings: [{ text, risk: "critical", effects: ["unknown"], start, end }], readable: false };
}
