import { tickItem } from "./body.ts";
import { contained } from "./contained.ts";
import { withHeader } from "./header.ts";
import { lineEndOf } from "./line.ts";
import { parseState, type State, type StatePart, stateHeadings } from "./state.ts";

/** What a session has to say about the state of its node. */
export interface StateChange {
  /** ISO 8601. */
  readonly at: string;
  /** Markdown that replaces the status. */
  readonly status?: string;
  /** New entries, the newest first. */
  readonly progress?: readonly string[];
  /** New actions. */
  readonly next?: readonly string[];
  /** Texts of actions that are done now. */
  readonly done?: readonly string[];
  /** Markdown that replaces the handover notes. */
  readonly handover?: string;
  /** How many entries of progress, and how many finished actions, stay; 30 when absent. */
  readonly keep?: number;
}

/** A piece of text to be replaced; offsets in UTF-16 units. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const skeleton = "# State\n";

/**
 * The new text of STATE.md. Only the sections that change are touched; those that are missing are added at the end.
 *
 * @returns the text, and the entries that were moved out because there are too many, as lines for docs/progress/YYYY-MM.md
 * @throws MeshError `state.header.*` when the header cannot be read
 */
export function updateState(source: string, change: StateChange): { source: string; moved: readonly string[] } {
  const lineEnd = lineEndOf(source);
  const begun = source.trim() === "" ? skeleton : source;
  const { keep = 30 } = change;
  const moved: string[] = [];
  let text = addSections(begun, change, lineEnd);
  const apply = (edit: (state: State) => readonly Edit[]) => {
    text = applied(text, edit(parseState(text, "STATE.md")), lineEnd);
  };
  const { status, handover, progress = [], next = [], done = [] } = change;
  if (status !== undefined) apply((state) => replaceSection(text, state, "status", status));
  if (handover !== undefined) apply((state) => replaceSection(text, state, "handover", handover));
  if (progress.length > 0) {
    apply((state) => addProgress(text, state, progress, change.at));
    apply((state) => removeAll(state.progress.slice(keep), moved));
  }
  for (const item of parseState(text, "STATE.md").next) if (done.includes(item.text)) text = tickItem(text, item);
  if (next.length > 0) {
    apply((state) => addActions(text, state, next));
    apply((state) => removeAll(finished(text, state).slice(0, -keep || undefined), moved));
  }
  return { source: withHeader(text, { updated: change.at }), moved };
}

function addSections(source: string, change: StateChange, lineEnd: string): string {
  const { sections } = parseState(source, "STATE.md");
  const wanted = (Object.keys(stateHeadings) as StatePart[]).filter((part) => {
    return sections[part] === undefined && (change[part] !== undefined || source === skeleton);
  });
  return wanted.reduce((text, part) => {
    const gap = text.endsWith("\n") ? lineEnd : lineEnd + lineEnd;
    return `${text}${/\n[ \t]*\r?\n$/.test(text) ? "" : gap}## ${stateHeadings[part]}${lineEnd}`;
  }, source);
}

/** What stands between a section's heading and its end, without the blank lines around it. */
function inside(source: string, state: State, part: StatePart): { start: number; end: number; text: string } {
  const section = state.sections[part];
  if (section === undefined) throw new RangeError(`STATE.md has no section ${part}`);
  const raw = source.slice(section.start, section.end);
  const end = section.start + raw.trimEnd().length;
  const start = section.text === "" ? end : end - section.text.length;
  return { start, end, text: section.text };
}

function replaceSection(source: string, state: State, part: StatePart, markdown: string): Edit[] {
  const { start, end, text } = inside(source, state, part);
  return [{ start, end, text: text === "" ? `\n\n${contained(markdown)}` : contained(markdown) }];
}

function addProgress(source: string, state: State, progress: readonly string[], at: string): Edit[] {
  const lines = progress.map((each) => `- ${at.slice(0, 10)}: ${oneLine(each)}\n`).join("");
  const [first] = state.progress;
  if (first !== undefined) return [{ start: first.start, end: first.start, text: lines }];
  const { end } = inside(source, state, "progress");
  return [{ start: end, end, text: `\n\n${lines.trimEnd()}` }];
}

function addActions(source: string, state: State, next: readonly string[]): Edit[] {
  const open = new Set(state.next.filter(({ done }) => !done).map(({ text }) => text));
  const added = next.map(oneLine).filter((text) => !open.has(text));
  const { end } = inside(source, state, "next");
  const lines = added.map((text) => `\n- [ ] ${text}`).join("");
  return added.length === 0 ? [] : [{ start: end, end, text: `${state.next.length === 0 ? "\n" : ""}${lines}` }];
}

/** The lines of finished actions that stand alone; one with more below it is left to people. */
function finished(source: string, state: State): Removable[] {
  return state.next.flatMap(({ done, offset }) => {
    const start = source.lastIndexOf("\n", offset) + 1;
    const next = source.indexOf("\n", offset);
    const end = next === -1 ? source.length : next + 1;
    const alone = /^[-*+] /.test(source.slice(start, end)) && !/^[ \t]+\S/.test(source.slice(end));
    return done && alone ? [{ start, end, text: source.slice(start, end).trim() }] : [];
  });
}

type Removable = Edit;

function removeAll(entries: readonly Removable[], moved: string[]): Edit[] {
  moved.push(...entries.map(({ text }) => text));
  return entries.map(({ start, end }) => ({ start, end, text: "" }));
}

function applied(source: string, edits: readonly Edit[], lineEnd: string): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (text, edit) => text.slice(0, edit.start) + edit.text.replaceAll("\n", lineEnd) + text.slice(edit.end),
      source,
    );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
