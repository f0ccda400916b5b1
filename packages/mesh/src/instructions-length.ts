import { relative } from "node:path";
import { estimateTokens } from "@memomesh/agents";
import { instructionsPath, lessonsPath, parseLessons, platformPath, printLesson, statePath } from "@memomesh/core";
import { textOf } from "./create.ts";
import type { Mesh } from "./load.ts";
import { readScopedRules } from "./scoped-rules.ts";

/** Something that agents are to read and that has grown too long for it. */
export interface TooLong {
  /** Relative to the mesh's root. */
  readonly file: string;
  readonly line: number;
  /** Estimated. */
  readonly tokens: number;
  readonly most: number;
  readonly sentence: string;
}

/** What a session reads whole, in tokens; what is longer is cut, or read past. */
const most = { instructions: 4000, state: 1500, platform: 4000, lesson: 400, rule: 2000 } as const;

/** Looks through all that every session is told: instructions, STATE.md, the platform reference, each lesson and each path-scoped rule. */
export async function findTooLong(mesh: Mesh): Promise<readonly TooLong[]> {
  const found = await Promise.all(
    [...mesh.nodes.values()].map(async ({ folder, operator }) => [
      ...(await whole(mesh, instructionsPath(folder), most.instructions, "move what is needed rarely into docs/")),
      ...(await whole(mesh, statePath(folder), most.state, "let old progress go to docs/progress/")),
      ...(await whole(mesh, platformPath(folder), most.platform, "take out what is true no longer")),
      ...(await lessons(mesh, lessonsPath(folder))),
      ...(operator ? [] : await rules(mesh, folder)),
    ]),
  );
  return found.flat();
}

async function whole(mesh: Mesh, path: string, limit: number, advice: string): Promise<TooLong[]> {
  const source = (await textOf(path)) ?? "";
  const tokens = estimateTokens(source);
  if (tokens <= limit) return [];
  const { heading, line, share } = longestSection(source);
  const sentence = `it has about ${tokens} tokens; at most ${limit} are read as a whole. "${heading}" alone is ${share} % of it: ${advice}.`;
  return [{ file: relative(mesh.root, path), line, tokens, most: limit, sentence }];
}

async function lessons(mesh: Mesh, path: string): Promise<TooLong[]> {
  const file = relative(mesh.root, path);
  return parseLessons((await textOf(path)) ?? "", file).flatMap((lesson) => {
    const tokens = estimateTokens(printLesson(lesson));
    if (tokens <= most.lesson) return [];
    const sentence = `the lesson "${lesson.title}" has about ${tokens} tokens, at most ${most.lesson} are wanted; say symptom, cause and fix in a sentence each.`;
    return [{ file, line: lesson.line, tokens, most: most.lesson, sentence }];
  });
}

/** What vendors' programs are told beside their instructions when they work on such files. */
async function rules({ root }: Mesh, folder: string): Promise<TooLong[]> {
  return (await readScopedRules(root, folder)).flatMap(({ globs, text }) => {
    const tokens = estimateTokens(text);
    if (tokens <= most.rule) return [];
    const sentence = `its lessons for ${globs.join(", ")} have about ${tokens} tokens together; at most ${most.rule} are wanted in one rule. Merge some (\`memomesh lesson merge\`), or let them apply to fewer files.`;
    return [{ file: relative(root, lessonsPath(folder)), line: 1, tokens, most: most.rule, sentence }];
  });
}

function longestSection(source: string): { heading: string; line: number; share: number } {
  const lines = source.split("\n");
  const starts = lines.flatMap((line, index) => (/^#{1,6} /.test(line) ? [index] : []));
  const sections = (starts[0] === 0 ? starts : [0, ...starts]).map((start, index, all) => ({
    start,
    length: lines.slice(start, all[index + 1]).join("\n").length,
  }));
  const longest = sections.reduce((a, b) => (b.length > a.length ? b : a));
  const heading = (lines[longest.start] ?? "").replace(/^#+ /, "");
  return { heading, line: longest.start + 1, share: Math.round((longest.length / source.length) * 100) };
}
