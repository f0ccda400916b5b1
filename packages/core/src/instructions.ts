import { MeshError } from "./error.ts";
import { lineEndOf } from "./line.ts";

// A marked section is the part of a person's file that this program writes. Everything around it is theirs.

const anyMark = /^<!-- memomesh:(?:begin|end) [a-z-]+ -->[ \t]*(?:\r?\n|$)/gm;

function marks(name: string): { begin: string; end: string } {
  return { begin: `<!-- memomesh:begin ${name} -->`, end: `<!-- memomesh:end ${name} -->` };
}

/** Where a section stands, from its first mark to the end of its last one; undefined when it is not there. */
function find(source: string, name: string): { start: number; end: number } | undefined {
  const { begin, end } = marks(name);
  const start = source.indexOf(begin);
  const close = source.indexOf(end, start);
  if (start === -1 && close === -1) return undefined;
  if (start === -1 || close === -1 || source.indexOf(begin, start + 1) !== -1) {
    const sentence = `the marks of the section "${name}" do not pair up; expected one ${begin} and one ${end} below it.`;
    throw new MeshError("instructions.marks", sentence);
  }
  return { start, end: close + end.length };
}

/** @throws MeshError `instructions.marks` when its marks do not pair up */
export function hasSection(source: string, name: string): boolean {
  return find(source, name) !== undefined;
}

/**
 * Writes a marked section: in the place where it is, or at the end of the file. No other byte changes.
 *
 * @param name lower-case letters and dashes
 * @throws MeshError `instructions.marks` when the marks in the file do not pair up, or the text holds marks itself
 */
export function putSection(source: string, name: string, text: string): string {
  if (text.search(anyMark) !== -1) {
    throw new MeshError("instructions.marks", `the text of the section "${name}" holds marks of a section itself.`);
  }
  const { begin, end } = marks(name);
  const lineEnd = lineEndOf(source);
  const section = [begin, text.trim(), end].join("\n").replace(/\r?\n/g, lineEnd);
  const found = find(source, name);
  if (found !== undefined) return source.slice(0, found.start) + section + source.slice(found.end);
  const gap = source === "" || /\n[ \t]*\r?\n$/.test(source) ? "" : source.endsWith("\n") ? lineEnd : lineEnd + lineEnd;
  return source + gap + section + lineEnd;
}

/** A text without the lines that mark sections; what stands between them stays. */
export function withoutSectionMarks(source: string): string {
  return source.replace(anyMark, "");
}
