import { MeshError } from "./error.ts";
import type { Memo } from "./memo.ts";
import { type ActionItem, itemsOf, type Section, sectionsOf } from "./section.ts";
import { fenceOf, lineOf, nodesOf, parseTree } from "./tree.ts";

/** A fenced block of code. */
export interface MemoFence {
  /** First word behind the opening marks; "" when there is none. */
  readonly lang: string;
  /** The other words. */
  readonly meta: string;
  readonly text: string;
  /** Line of the opening marks in the file, counted from 1. */
  readonly line: number;
}

/** What a memo's Markdown says. */
export interface MemoBody {
  readonly title: string;
  readonly sections: readonly Section[];
  /** The boxes below "Action items"; those of the whole memo when it has no such heading. */
  readonly items: readonly ActionItem[];
  readonly fences: readonly MemoFence[];
}

/** Reads a memo's Markdown. It takes milliseconds and is done when somebody works on the memo, not to route it. */
export function readBody(memo: Memo): MemoBody {
  const tree = parseTree(memo.body);
  const origin = { offset: memo.bodyOffset, line: memo.bodyLine };
  const sections = sectionsOf(tree, memo.body, origin);
  const items = itemsOf(tree, memo.body, origin);
  const lists = sections.filter(({ heading }) => /^action items?:?$/i.test(heading));
  const chosen = items.filter(({ offset }) => lists.some(({ start, end }) => start <= offset && offset < end));
  const fences = nodesOf(tree, "code").flatMap((code): MemoFence[] => {
    if (fenceOf(code, memo.body) === undefined) return [];
    return [{ lang: code.lang ?? "", meta: code.meta ?? "", text: code.value, line: lineOf(code) + origin.line - 1 }];
  });
  return {
    title: sections[0]?.heading || memo.header.subject,
    sections,
    items: (lists.length > 0 ? chosen : items).map((item, index) => ({ ...item, index })),
    fences,
  };
}

/**
 * Ticks or clears a box: one byte changes, or none when it is so already.
 *
 * @param source the text from which the item was read
 * @throws MeshError `memo.item.moved` when the box is not there any more
 */
export function tickItem(source: string, item: ActionItem, done = true): string {
  const box = source.slice(item.offset - 1, item.offset + 2);
  if (!/^\[[ \txX]\]$/.test(box)) {
    const sentence = `the box of "${item.text}" is not where it was read; expected it on line ${item.line}.`;
    throw new MeshError("memo.item.moved", sentence);
  }
  if (/[xX]/.test(box) === done) return source;
  return source.slice(0, item.offset) + (done ? "x" : " ") + source.slice(item.offset + 1);
}
