import { join, relative } from "node:path";
import { Exit, type Lesson, lessonsPath, MeshError, parseLessons, printLesson, sha256 } from "@memomesh/core";
import { sessionFiles } from "@memomesh/mesh";
import * as z from "zod";
import type { Caller } from "../caller.ts";
import { makePlan } from "../commit.ts";
import { told } from "../told.ts";
import { tool } from "../tool.ts";
import { line, prose } from "../wording.ts";

const mostFound = 20;

export const searchLessons = tool({
  name: "search_lessons",
  title: "Look for lessons",
  says: "Searches what went wrong before, in the lessons of this node and in those that all nodes share: symptom, cause, fix. Look here before you start, and when something fails.",
  effect: "reads",
  input: { words: line(500, "words of a symptom, a tool, a file name; without them, all lessons").optional() },
  output: {
    found: z.int().describe("how many fit; the best ones are given"),
    lessons: z.array(z.object({ title: z.string(), where: z.string(), lesson: z.string() })),
  },
  use: async (caller, { words = "" }) => {
    const fitting = ranked(await readLessons(caller), words);
    const lessons = fitting.slice(0, mostFound).map((lesson) => ({
      title: lesson.title,
      where: `${lesson.file}:${lesson.line}`,
      lesson: told(`lesson at ${lesson.file}:${lesson.line}`, "an earlier session or a person", printLesson(lesson)),
    }));
    const text = lessons.map(({ lesson }) => lesson).join("\n\n");
    return { text: text || "No lesson fits.", data: { found: fitting.length, lessons } };
  },
});

export const recordLesson = tool({
  name: "record_lesson",
  title: "Record a lesson",
  says: "Adds a failure pattern that you have found to docs/ai-lessons.md of this node and commits it, so that no session has to find it again. Search first: the same lesson is not recorded twice.",
  effect: "adds",
  input: {
    title: line(200, "the pattern in one line"),
    symptom: prose(5000, "what one sees"),
    cause: prose(5000, "why it happens"),
    fix: prose(5000, "what to do about it"),
    appliesTo: z.array(line(300, "a glob such as **/*.yaml")).max(50).default([]),
  },
  output: { file: z.string(), notes: z.array(z.string()) },
  use: async (caller, draft) => {
    const { mesh, node } = caller;
    const path = lessonsPath(node.folder);
    const file = relative(mesh.root, path);
    const notes = await makePlan(caller, async () => {
      const known = (await readLessons(caller)).find(({ title }) => plainTitle(title) === plainTitle(draft.title));
      if (known !== undefined) {
        const sentence = `there is a lesson of this title already, at ${known.file}:${known.line}; nothing was written`;
        throw new MeshError("lesson.known", sentence, { exit: Exit.usage });
      }
      const before = await sessionFiles(mesh, node).read(relative(node.folder, path));
      const after = `${(before ?? "# Lessons\n").trimEnd()}\n\n${printLesson(draft)}\n`;
      const edit = { path, before: before === undefined ? null : sha256(before), after };
      return { edits: [edit], subject: `Record the lesson "${draft.title}"` };
    });
    return { text: [`The lesson stands in ${file}.`, ...notes].join("\n"), data: { file, notes: [...notes] } };
  },
});

/** Those of the node, then those that all nodes share. */
export async function readLessons({ mesh, node }: Caller): Promise<Lesson[]> {
  const operator = mesh.nodes.get("operator") ?? node;
  const owners = node.operator ? [node] : [node, operator];
  const read = owners.map(async (owner) => {
    const inside = relative(owner.folder, lessonsPath(owner.folder));
    const source = await sessionFiles(mesh, owner).read(inside);
    return parseLessons(source ?? "", relative(mesh.root, join(owner.folder, inside)));
  });
  return (await Promise.all(read)).flat();
}

/** Those in which a word occurs, those with the most words first. */
function ranked(lessons: readonly Lesson[], words: string): readonly Lesson[] {
  const wanted = [...new Set(words.toLowerCase().match(/[\p{L}\p{N}._/-]+/gu) ?? [])];
  if (wanted.length === 0) return lessons;
  const scored = lessons.map((lesson) => {
    const text = printLesson(lesson).toLowerCase();
    return { lesson, score: wanted.filter((word) => text.includes(word)).length };
  });
  const fitting = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  return fitting.map(({ lesson }) => lesson);
}

function plainTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
