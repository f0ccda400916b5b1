import { join, relative } from "node:path";
import type { Step } from "@memomesh/core";
import type { FileLog, Lines } from "@memomesh/mailbox";
import { readDecisions } from "../decisions.ts";
import { type Mesh, nodeAt } from "../load.ts";
import type { RunbookFile } from "../runbook-files.ts";
import { type Decision, decisionOf, fileLog } from "./decision.ts";
import { type LessonTold, lessonsFor } from "./lessons.ts";
import { type MemoTold, toldMemos } from "./memos.ts";
import { asksWhy } from "./question.ts";
import { stepNames, toldRunbook } from "./runbook.ts";
import type { Spot, Story, SubjectKind } from "./story.ts";

/** A part of a file that a story is about. */
export interface Ground {
  /** Absolute. */
  readonly path: string;
  readonly lines?: Lines;
  /** The first of its lines, as it stands there. */
  readonly text?: string;
}

/** What a story is made of. */
export interface Clues {
  readonly kind: SubjectKind;
  readonly about: string;
  readonly grounds: readonly Ground[];
  /** Words by which the steps of a runbook are known that concern it. */
  readonly names: readonly string[];
  /** The step, when it is about one. */
  readonly step?: number;
  /** Ids of memos that are known to have asked for it. */
  readonly memos?: readonly string[];
  readonly runbooks?: readonly RunbookFile[];
  /** What the gate has given, where that is not kept with the runbook. */
  readonly gate?: number | undefined;
  readonly lessons?: readonly LessonTold[];
  readonly notes?: readonly string[];
}

/** The most that a story tells of one kind: it is a story, and no dump. */
const most = 50;

/**
 * Follows the chain from files to those who decided: commits, the memos and runbooks that they name, the runbooks of
 * those memos, and what the histories say about all of these memos.
 *
 * @throws MeshError `history.git.*`
 */
export async function tellStory(mesh: Mesh, clues: Clues): Promise<Story> {
  const { kind, about, grounds, names, step, notes = [] } = clues;
  const concerns = (each: Step) => (step === undefined ? stepNames(each, names) : each.number === step);
  const logs = await Promise.all(
    grounds.map(async (ground) => ({ ground, log: await fileLog(mesh, ground.path, ground.lines) })),
  );
  const found = logs
    .flatMap(({ ground, log }) => log.commits.map((commit) => decisionOf(commit, ground.path)))
    .reverse();
  const ids = [...(clues.memos ?? []), ...found.map(({ memo }) => memo)].filter((id) => id !== "").slice(0, most);
  const asked = new Set(found.map(({ memo }) => memo));
  // Who only asks about it has not asked for it.
  const memos = (await toldMemos(mesh, ids)).filter(
    (memo) => asked.has(memo.id) || kind === "memo" || !isQuestion(memo),
  );
  const files = new Map<string, RunbookFile>();
  const add = (nodeId: string, path: string | undefined) => {
    const node = mesh.nodes.get(nodeId);
    if (node !== undefined && path) files.set(join(node.folder, path), { node, path: join(node.folder, path) });
  };
  for (const runbook of clues.runbooks ?? []) files.set(runbook.path, runbook);
  for (const { node, runbook } of found) add(node, runbook);
  for (const { node, runbook } of memos) add(node, runbook);
  const runbooks = await Promise.all(
    [...files.values()].slice(0, most).map((file) => toldRunbook(mesh, file, concerns)),
  );
  const told = new Set<string>();
  const isTold = ({ commit }: Decision) => !told.has(commit) && told.add(commit).has(commit);
  // Of a memo alone no file tells; then the history of the memo itself is the story.
  const spoken = found.length > 0 ? [] : await aboutMemos(mesh, ids);
  const decisions = [...found, ...spoken]
    .filter((each) => isTold(each) && isAbout(each, step))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return {
    kind,
    about,
    spots: grounds.map((ground) => spotOf(mesh, ground)),
    notes: [...notes, ...logs.flatMap(({ ground, log }) => uncommittedNote(mesh, ground, log))],
    memos,
    decisions: decisions.slice(-most),
    runbooks: runbooks.flatMap((told) => (told === undefined ? [] : [{ ...told, gate: told.gate ?? clues.gate }])),
    lessons: clues.lessons ?? (await applying(mesh, grounds)),
  };
}

function isQuestion({ type, subject }: MemoTold): boolean {
  return type === "question" || type === "answer" || asksWhy(subject);
}

/** A decision on a step says which one it was; others concern all steps. */
function isAbout({ what, digest }: Decision, step: number | undefined): boolean {
  const decided = /\bstep (\d+) of "/.exec(what)?.[1];
  return step === undefined || digest === "" || decided === undefined || Number(decided) === step;
}

async function aboutMemos(mesh: Mesh, ids: readonly string[]): Promise<Decision[]> {
  const logs = await Promise.all([...new Set(ids)].map((memo) => readDecisions(mesh, { memo, limit: most })));
  return logs
    .flat()
    .reverse()
    .map((entry) => decisionOf(entry));
}

async function applying(mesh: Mesh, grounds: readonly Ground[]): Promise<LessonTold[]> {
  const paths = [...new Set(grounds.map(({ path }) => path))];
  const lessons = (await Promise.all(paths.map((path) => lessonsFor(mesh, nodeAt(mesh, path), path)))).flat();
  return [...new Map(lessons.map((lesson) => [`${lesson.file}:${lesson.line}`, lesson])).values()];
}

function spotOf(mesh: Mesh, { path, lines, text }: Ground): Spot {
  return {
    file: shownPath(mesh, path),
    ...(lines === undefined ? {} : { line: lines.from }),
    ...(text === undefined ? {} : { text: text.trim() }),
  };
}

function uncommittedNote(mesh: Mesh, { path, lines }: Ground, { commits, uncommitted }: FileLog): string[] {
  const place = `${shownPath(mesh, path)}${lines === undefined ? "" : `:${lines.from}`}`;
  if (commits.length === 0) return [`${place} is in no commit: whoever wrote it has not said why yet.`];
  return uncommitted ? [`${place} was changed since its last commit, by somebody who has not said why yet.`] : [];
}

/** A path from the mesh's root; of a node that lies elsewhere, the whole one. */
export function shownPath(mesh: Mesh, path: string): string {
  const inside = relative(mesh.root, path);
  return inside.startsWith("..") ? path : inside || ".";
}
