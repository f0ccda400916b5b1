import { type Heading, lineOf, nodesOf, plainText, type Root, rangeOf } from "./tree.ts";

/** A heading and what stands below it, up to the next heading of the same or a higher level. */
export interface Section {
  readonly heading: string;
  /** 1 to 6. */
  readonly depth: number;
  /** Line of the heading in the file, counted from 1. */
  readonly line: number;
  /** What stands below the heading, without space around it. */
  readonly text: string;
  /** Where the heading begins in the file, in UTF-16 units. */
  readonly start: number;
  /** Where the section ends in the file. */
  readonly end: number;
}

/** Where a parsed piece of text begins in its file. */
export interface Origin {
  readonly offset: number;
  readonly line: number;
}

/** The sections of a Markdown text. Headings inside of quotes and lists do not count. */
export function sectionsOf(tree: Root, markdown: string, origin: Origin): Section[] {
  const headings = tree.children.filter((child): child is Heading => child.type === "heading");
  return headings.map((heading, index): Section => {
    const { start, end: headingEnd } = rangeOf(heading);
    const next = headings.slice(index + 1).find(({ depth }) => depth <= heading.depth);
    const end = next === undefined ? markdown.length : rangeOf(next).start;
    return {
      heading: plainText(heading),
      depth: heading.depth,
      line: lineOf(heading) + origin.line - 1,
      text: markdown.slice(headingEnd, end).trim(),
      start: start + origin.offset,
      end: end + origin.offset,
    };
  });
}

/** A box of a task list. */
export interface ActionItem {
  /** Place in the order of the text, from 0. */
  readonly index: number;
  readonly text: string;
  readonly done: boolean;
  /** Line in the file, counted from 1. */
  readonly line: number;
  /** Where in the file the character between the brackets stands, in UTF-16 units. */
  readonly offset: number;
}

/** Every box of a Markdown text, nested ones included. */
export function itemsOf(tree: Root, markdown: string, origin: Origin): ActionItem[] {
  const boxes = nodesOf(tree, "listItem").flatMap((item) => {
    const [paragraph] = item.children;
    if (typeof item.checked !== "boolean" || paragraph === undefined) return [];
    const { start } = rangeOf(item);
    const box = /^[^[]*\[([ \txX])\]/.exec(markdown.slice(start, rangeOf(paragraph).end));
    if (box === null) return [];
    const offset = start + box[0].length - 2 + origin.offset;
    return [{ text: plainText(paragraph), done: item.checked, line: lineOf(item) + origin.line - 1, offset }];
  });
  return boxes.map((box, index) => ({ index, ...box }));
}
