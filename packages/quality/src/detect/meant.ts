import { type Lesson, MeshError, readYaml } from "@memomesh/core";
import * as z from "zod";
import { compileGlob } from "./glob.ts";

const filesOnly = z.object({ files: z.union([z.string().transform((one) => [one]), z.array(z.string())]) });

/**
 * The lessons whose detectors may look at one of these files, and those that lie in one of them. Told from the globs alone:
 * reading all blocks and trying all examples takes longer than the rest of the gate.
 */
export function lessonsFor(lessons: readonly Lesson[], paths: readonly string[]): readonly Lesson[] {
  const fits = new Map<string, boolean>();
  const meets = (glob: string) => {
    const test = fits.has(glob) ? undefined : compileGlob(glob);
    if (test !== undefined) fits.set(glob, typeof test === "function" && paths.some(test));
    return fits.get(glob) ?? false;
  };
  return lessons.filter((lesson) => {
    if (lesson.detect === undefined) return false;
    if (paths.includes(lesson.file)) return true;
    const globs = globsOf(lesson.detect.text, lesson);
    return globs === undefined || globs.some(meets);
  });
}

/**
 * The globs of a block, without the rest of it: what stands below its `files:`, which is a name of the block itself only
 * at the beginning of a line.
 *
 * @returns undefined when only the whole block tells
 */
function globsOf(block: string, { appliesTo, file }: Lesson): readonly string[] | undefined {
  // Names in quotes, a mapping in braces, keys of other kinds: the parser knows.
  if (/^[^\w\s#-]/m.test(block)) return undefined;
  const [own = "", another] = block.split(/^(?=\w)/m).filter((part) => /^files\s*:/.test(part));
  if (another !== undefined) return undefined;
  if (own === "") return appliesTo.length === 0 ? undefined : appliesTo;
  try {
    return readYaml(own, filesOnly, { file, code: "lesson.detect" }).files;
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}
