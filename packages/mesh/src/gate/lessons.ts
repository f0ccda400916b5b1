import { join, relative } from "node:path";
import { type Lesson, lessonsPath, parseLessons } from "@memomesh/core";
import { textOf } from "../create.ts";
import { readTemplate } from "../templates.ts";

/** The shipped lessons of the field, in templates/. */
const fieldLessons = "ai-lessons-field.md";

/**
 * The lessons that the gate knows: of these folders, and of the field. One that a folder has under the same title is its own;
 * of several folders the first counts most.
 *
 * @param root where templates/ may lie, the mesh's own before the shipped ones; absolute
 * @param name how findings name a file
 */
export async function gateLessons(
  root: string,
  folders: readonly string[],
  name: (path: string) => string = (path) => relative(root, path),
): Promise<readonly Lesson[]> {
  const own = await Promise.all(
    [...new Set(folders)].map(async (folder) => {
      const path = lessonsPath(folder);
      return parseLessons((await textOf(path)) ?? "", name(path));
    }),
  );
  const shipped = parseLessons(await readTemplate(root, fieldLessons), join("templates", fieldLessons));
  const byTitle = new Map([...shipped, ...own.flat().reverse()].map((lesson) => [lesson.title, lesson]));
  return [...byTitle.values()];
}
