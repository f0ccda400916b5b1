import { readdir } from "node:fs/promises";
import { join, matchesGlob, relative } from "node:path";
import { type Lesson, lessonsPath, parseLessons } from "@memomesh/core";
import { textOf } from "../create.ts";
import { lastLine } from "../lessons/keep.ts";
import type { Mesh, MeshNode } from "../load.ts";

/** A lesson that a story leads to. */
export interface LessonTold {
  /** Relative to the mesh's root. */
  readonly file: string;
  readonly line: number;
  readonly title: string;
  readonly symptom: string;
  readonly cause: string;
  readonly fix: string;
  /** The pattern by which it applies; "" when it is the lesson that was asked about. */
  readonly applies: string;
}

/** A lesson, and where it stands. */
export interface FoundLesson {
  readonly node: MeshNode;
  /** Absolute. */
  readonly path: string;
  readonly lesson: Lesson;
  /** Its last line in the file. */
  readonly end: number;
}

/** More would be advice, and no story. */
const most = 5;

/** The lessons of these nodes: of `docs/ai-lessons.md`, and of the files in `docs/lessons/`. */
export async function readLessons(mesh: Mesh, nodes: Iterable<MeshNode>): Promise<FoundLesson[]> {
  const found = await Promise.all([...nodes].map((node) => lessonsOf(mesh, node)));
  return found.flat();
}

async function lessonsOf(mesh: Mesh, node: MeshNode): Promise<FoundLesson[]> {
  const folder = join(node.folder, "docs", "lessons");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".md")).sort();
  const paths = [lessonsPath(node.folder), ...names.map((name) => join(folder, name))];
  const all = await Promise.all(
    paths.map(async (path) => {
      const source = (await textOf(path)) ?? "";
      const lessons = parseLessons(source, relative(mesh.root, path));
      const lines = source.split("\n");
      return lessons.map((lesson) => ({ node, path, lesson, end: lastLine(lines, lesson) }));
    }),
  );
  return all.flat();
}

/** The lessons that apply to a file: those of its node and the shared ones, the node's first. */
export async function lessonsFor(mesh: Mesh, node: MeshNode, path: string): Promise<LessonTold[]> {
  const nodes = new Set([node, ...[...mesh.nodes.values()].filter((each) => each.operator)]);
  const fitting = (await readLessons(mesh, nodes)).flatMap(({ lesson }) => {
    const pattern = lesson.appliesTo.find((glob) =>
      [relative(node.folder, path), relative(mesh.root, path)].some((each) => matches(each, glob)),
    );
    return pattern === undefined ? [] : [toldLesson(lesson, pattern)];
  });
  return fitting.slice(0, most);
}

export function toldLesson({ file, line, title, symptom, cause, fix }: Lesson, applies = ""): LessonTold {
  return { file, line, title, symptom, cause, fix, applies };
}

/** The longest pattern that is looked at: what matches it may take time that grows quickly with its length. */
const longestPattern = 200;

function matches(path: string, glob: string): boolean {
  return glob.length <= longestPattern && matchesGlob(path, glob);
}
