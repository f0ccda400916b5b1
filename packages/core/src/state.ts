import { splitFrontmatter } from "./frontmatter.ts";
import { type ActionItem, itemsOf, type Origin, type Section, sectionsOf } from "./section.ts";
import { lineOf, parseTree, rangeOf } from "./tree.ts";

export const stateHeadings = {
  status: "Status",
  progress: "Recent progress",
  next: "Next actions",
  handover: "Handover notes",
} as const;

export type StatePart = keyof typeof stateHeadings;

/** An item of "Recent progress". */
export interface Entry {
  /** Its Markdown, bullet included. */
  readonly text: string;
  /** Where it begins and ends in the file, in UTF-16 units, its line end included. */
  readonly start: number;
  readonly end: number;
}

/** What a node's STATE.md says. Parts that are missing are empty. */
export interface State {
  /** When it was last updated, as written. */
  readonly updated?: string;
  readonly status: string;
  /** The newest first. */
  readonly progress: readonly Entry[];
  readonly next: readonly ActionItem[];
  readonly handover: string;
  /** The sections that there are. */
  readonly sections: Readonly<Partial<Record<StatePart, Section>>>;
}

/**
 * Reads STATE.md. It belongs to people and agents alike; any Markdown will do, also none.
 *
 * @throws MeshError `state.header.*` when the header cannot be read
 */
export function parseState(source: string, file: string): State {
  const { body, bodyOffset, bodyLine, data } = splitFrontmatter(source, file, "state.header");
  const tree = parseTree(body);
  const origin: Origin = { offset: bodyOffset, line: bodyLine };
  const all = sectionsOf(tree, body, origin);
  const sections: Partial<Record<StatePart, Section>> = {};
  for (const part of Object.keys(stateHeadings) as StatePart[]) {
    const section = all.find(({ heading }) => heading.toLowerCase() === stateHeadings[part].toLowerCase());
    if (section !== undefined) sections[part] = section;
  }
  const { progress, next } = sections;
  const items = itemsOf(tree, body, origin).filter(({ offset }) => next && next.start <= offset && offset < next.end);
  const entries = tree.children.flatMap((block): Entry[] => {
    if (block.type !== "list" || progress === undefined) return [];
    const at = lineOf(block) + bodyLine - 1;
    const inside = at > progress.line && rangeOf(block).start + bodyOffset < progress.end;
    return inside ? block.children.map((item) => entry(source, rangeOf(item), bodyOffset)) : [];
  });
  return {
    ...(typeof data.updated === "string" && data.updated !== "" ? { updated: data.updated } : {}),
    status: sections.status?.text ?? "",
    progress: entries,
    next: items.map((item, index) => ({ ...item, index })),
    handover: sections.handover?.text ?? "",
    sections,
  };
}

function entry(source: string, { start, end }: { start: number; end: number }, offset: number): Entry {
  const lineEnd = source.indexOf("\n", end + offset);
  return {
    text: source.slice(start + offset, end + offset).trimEnd(),
    start: start + offset,
    end: lineEnd === -1 ? source.length : lineEnd + 1,
  };
}
