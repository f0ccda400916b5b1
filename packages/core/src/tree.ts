import { toString as textOf } from "mdast-util-to-string";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { MeshError } from "./error.ts";

const processor = unified().use(remarkParse).use(remarkGfm).freeze();

export type Root = ReturnType<typeof processor.parse>;
/** A block at the top level of a Markdown text. */
export type Block = Root["children"][number];
export type Heading = Extract<Block, { type: "heading" }>;
export type Code = Extract<Block, { type: "code" }>;

/** Deeper than any person writes; walking a tree without end would end the program. */
const deepest = 100;

/**
 * The syntax tree of a Markdown text with GitHub's extensions, which nobody may change: the next who asks for it gets the
 * same one. Takes milliseconds for each KB.
 *
 * @throws MeshError `markdown.depth` when quotes and lists stand in each other more than 100 times
 */
export function parseTree(markdown: string): Root {
  const tree = parsed(markdown);
  let level: Block[] = tree.children;
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepest) throw tooDeep();
    level = level.flatMap((block) => ("children" in block ? (block.children as Block[]) : []));
  }
  return tree;
}

/** The texts that were parsed last: what is shown, judged and approved in one command is the same runbook each time. */
const recent = new Map<string, Root>();
/** So that little memory is held for what may not come again: how many texts, and how long one may be in UTF-16 units. */
const kept = { texts: 8, length: 65_536 };

function parsed(markdown: string): Root {
  const known = recent.get(markdown);
  if (known !== undefined) return known;
  let tree: Root;
  try {
    tree = processor.parse(markdown);
  } catch (error) {
    throw error instanceof RangeError ? tooDeep() : error;
  }
  if (markdown.length > kept.length) return tree;
  recent.set(markdown, tree);
  if (recent.size > kept.texts) recent.delete(recent.keys().next().value as string);
  return tree;
}

function tooDeep(): MeshError {
  return new MeshError("markdown.depth", `quotes and lists stand in each other more than ${deepest} times.`);
}

/** Where a node begins and ends in the text that was parsed, in UTF-16 units. */
export function rangeOf(node: Block): { readonly start: number; readonly end: number } {
  const { start, end } = node.position as NonNullable<Block["position"]>;
  return { start: start.offset as number, end: end.offset as number };
}

/** The line of the parsed text, counted from 1, on which a node begins. */
export function lineOf(node: Block): number {
  return (node.position as NonNullable<Block["position"]>).start.line;
}

/** What a reader sees of a node, on one line. */
export function plainText(node: Block): string {
  return textOf(node).replace(/\s+/g, " ").trim();
}

/** All nodes of one type below a node, in the order of the text. */
export function nodesOf<T extends Block["type"]>(root: Root | Block, type: T): Extract<Block, { type: T }>[] {
  if (!("children" in root)) return [];
  return (root.children as Block[]).flatMap((child) => [
    ...(child.type === type ? [child as Extract<Block, { type: T }>] : []),
    ...nodesOf(child, type),
  ]);
}

/** How a block of code is fenced; undefined when it is only indented. */
export interface CodeFence {
  /** The opening marks, three or more. */
  readonly marks: string;
  /** The whole opening line from the marks on. */
  readonly opening: string;
  /** Whether a closing line ends it; otherwise it runs to the end of what contains it. */
  readonly closed: boolean;
}

/** @param markdown the text that was parsed */
export function fenceOf(code: Code, markdown: string): CodeFence | undefined {
  const { start, end } = rangeOf(code);
  const lines = markdown.slice(start, end).split(/\r\n|\r|\n/);
  const opening = (lines[0] as string).trimEnd();
  const marks = /^(?:`{3,}|~{3,})/.exec(opening)?.[0];
  if (marks === undefined) return undefined;
  const last = (lines.at(-1) as string).replace(/^[\s>]*/, "").trimEnd();
  const closes = last.length >= marks.length && last === (marks[0] as string).repeat(last.length);
  return { marks, opening, closed: lines.length > 1 && closes };
}
