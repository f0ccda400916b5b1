import { basename, join, relative } from "node:path";
import { indexLessons } from "@memomesh/agents";
import { Exit, type Lesson, type LessonDraft, lessonsPath, MeshError, parseLessons, sha256 } from "@memomesh/core";
import { brokenDetectors, findingsOf, type Finding as GateFinding, readFiles, score } from "@memomesh/quality";
import { textOf } from "../create.ts";
import { gateLessons } from "../gate/index.ts";
import type { History } from "../history.ts";
import { type Mesh, type MeshNode, nodeAt } from "../load.ts";
import { makeChange } from "../make-change.ts";
import { seenAgain, withLesson, withoutLesson } from "./keep.ts";

/** A lesson and whose it is; `operator` stands for those that all nodes share. */
export interface NodeLesson {
  readonly node: MeshNode;
  readonly lesson: Lesson;
}

/** All lessons of a mesh: the shared ones first, then those of each node, as they stand in their files. */
export async function readLessons(mesh: Mesh): Promise<readonly NodeLesson[]> {
  const all = await Promise.all(
    [...mesh.nodes.values()].map(async (node) => {
      const path = lessonsPath(node.folder);
      const lessons = parseLessons((await textOf(path)) ?? "", relative(mesh.root, path));
      return lessons.map((lesson) => ({ node, lesson }));
    }),
  );
  return all.flat();
}

/** The lessons that fit some words, the likeliest first. */
export function searchLessons(lessons: readonly NodeLesson[], words: string, limit: number): readonly NodeLesson[] {
  const nodes = new Map(lessons.map((each) => [each.lesson, each]));
  const hits = indexLessons(lessons.map(({ lesson }) => lesson)).search(words);
  return hits.slice(0, limit).flatMap(({ lesson }) => nodes.get(lesson) ?? []);
}

/**
 * The lesson that a person means: `file:line`, its title, or the beginning of it.
 *
 * @throws MeshError `lesson.unknown`, `lesson.ambiguous` (exit 2)
 */
export function findLesson(lessons: readonly NodeLesson[], reference: string): NodeLesson {
  const wanted = reference.toLowerCase();
  const exact = lessons.filter(
    ({ lesson: { title, file, line } }) => title.toLowerCase() === wanted || `${file}:${line}` === reference,
  );
  const found =
    exact.length > 0 ? exact : lessons.filter(({ lesson }) => lesson.title.toLowerCase().startsWith(wanted));
  const [only, ...others] = found;
  if (only === undefined) {
    const sentence = `there is no lesson "${reference}"; expected a title or file:line as \`memomesh lesson list\` prints it.`;
    throw new MeshError("lesson.unknown", sentence, { exit: Exit.usage });
  }
  if (others.length === 0) return only;
  const places = found.map(({ lesson }) => `${lesson.file}:${lesson.line}`).join(", ");
  throw new MeshError("lesson.ambiguous", `"${reference}" fits ${places}; give one of these.`, { exit: Exit.usage });
}

/** Keeps a lesson that a person has learned. One that says the same is counted instead, and returned as `known`. */
export async function addLesson(
  mesh: Mesh,
  node: MeshNode,
  history: History,
  lesson: LessonDraft,
  at: Date,
  category?: string,
): Promise<{ readonly known: Lesson | undefined; readonly path: string }> {
  const path = lessonsPath(node.folder);
  const before = await textOf(path);
  const kept = withLesson(before ?? headingOf(node), lesson, at.toISOString(), category);
  const what = kept.known === undefined ? "Add the lesson" : "Count again the lesson";
  await write(
    mesh,
    node,
    history,
    { path, before, after: kept.source },
    `${what} "${kept.known?.title ?? lesson.title}"`,
  );
  return { known: kept.known, path };
}

/**
 * Merges a lesson into an older one of the same file, which is counted as often as both.
 *
 * @throws MeshError `lesson.merge` (exit 2) when they are one, or lie in two files
 */
export async function mergeLessons(
  mesh: Mesh,
  history: History,
  { from, into }: { readonly from: NodeLesson; readonly into: NodeLesson },
  at: Date,
): Promise<void> {
  if (from.node.id !== into.node.id || from.lesson.line === into.lesson.line) {
    const places = [from, into].map(({ lesson }) => `${lesson.file}:${lesson.line}`).join(" and ");
    throw new MeshError("lesson.merge", `expected two lessons of one file, and got ${places}.`, { exit: Exit.usage });
  }
  const path = lessonsPath(into.node.folder);
  const before = (await textOf(path)) ?? "";
  const counted = seenAgain(before, into.lesson, at.toISOString(), from.lesson.seen ?? 1);
  const again = parseLessons(counted, "").find(
    ({ title, line }) => title === from.lesson.title && line !== into.lesson.line,
  );
  const after = again === undefined ? counted : withoutLesson(counted, again);
  const subject = `Merge the lesson "${from.lesson.title}" into "${into.lesson.title}"`;
  await write(mesh, into.node, history, { path, before, after }, subject);
}

/**
 * What the detectors of all lessons find in the files at and below a path: of the mesh around it, and of the field. One that
 * cannot be used is told, also when it would look at none of these files.
 */
export async function checkByLessons(
  mesh: Mesh | undefined,
  path: string,
  name: (path: string) => string,
): Promise<readonly GateFinding[]> {
  const root = mesh?.root ?? path;
  const folders = mesh === undefined ? [] : [nodeAt(mesh, path).folder, root];
  const lessons = await gateLessons(root, folders, name);
  const found = findingsOf(score({ files: await readFiles([path], name), lessons })).filter(
    ({ check }) => check === "lessons",
  );
  const told = new Set(found.map(({ file, line, text }) => `${file}:${line}:${text}`));
  const untold = brokenDetectors(lessons).filter(({ file, line, text }) => !told.has(`${file}:${line}:${text}`));
  return [...found, ...untold.map((each) => ({ ...each, check: "lessons", points: 0, fix: "mend the block" }))];
}

async function write(
  mesh: Mesh,
  node: MeshNode,
  history: History,
  { path, before, after }: { readonly path: string; readonly before: string | undefined; readonly after: string },
  subject: string,
): Promise<void> {
  const edit = { path, before: before === undefined ? null : sha256(before), after };
  const trailers = [["Node", node.id]] as const;
  const id = `lesson-${sha256(`${path} ${after}`).slice(0, 16)}`;
  await makeChange(mesh.root, history, { id, within: node.folder, edits: [edit], commit: { subject, trailers } });
}

function headingOf(node: MeshNode): string {
  return node.operator ? "# Lessons of all nodes\n" : `# Lessons of ${basename(join(node.folder))}\n`;
}
