import { MeshError } from "@memomesh/core";
import { redact } from "@memomesh/guard";
import type { Desk } from "./desk.ts";
import { isSecret } from "./paths.ts";

const mostHits = 100;
const mostFiles = 2000;
/** Of all files together, in UTF-16 units. */
const mostText = 20_000_000;
const longestLine = 300;

/** The lines that hold a text, as `path:line: text`, and what has to be said about the search. */
export interface Search {
  readonly hits: readonly string[];
  /** Begins with ", " or is empty. */
  readonly note: string;
}

/**
 * Looks for a text in the files below a folder. It is compared as it is, so that no text can make the search slow; files
 * that cannot be read, or hold secrets by their names, are passed over.
 */
export async function searchLines(
  desk: Desk,
  wanted: { readonly text: string; readonly path?: string | undefined; readonly ignoreCase?: boolean | undefined },
): Promise<Search> {
  const { full, inside } = desk.locate(wanted.path ?? "");
  const fold = (text: string) => (wanted.ignoreCase === true ? text.toLowerCase() : text);
  const text = fold(wanted.text);
  const below = await desk.list(full);
  const files = below.length === 0 && (await desk.exists(full)) ? [""] : below;
  const hits: string[] = [];
  let size = 0;
  for (const file of files.slice(0, mostFiles)) {
    const path = [full, file].filter((part) => part !== "").join(full.endsWith(":") ? "" : "/");
    if (isSecret([inside, file].filter((part) => part !== "").join("/"))) continue;
    const source = await readable(desk, path);
    size += source?.length ?? 0;
    if (size > mostText) return { hits, note: `, before ${path}: there is too much text, search in a smaller folder` };
    if (source === undefined || !fold(source).includes(text)) continue;
    for (const [index, line] of linesOf(redact(source)).entries()) {
      if (fold(line).includes(text)) hits.push(`${path}:${index + 1}: ${line.slice(0, longestLine)}`);
      if (hits.length === mostHits) return { hits, note: "; there may be more, search in a smaller folder" };
    }
  }
  return { hits, note: files.length > mostFiles ? `, in the first ${mostFiles} of ${files.length} files` : "" };
}

/** "3 lines hold that text". */
export function found(count: number): string {
  return count === 1 ? "One line holds that text" : `${count} lines hold that text`;
}

/** Without the empty line behind the last line end. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.length > 1 && lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

async function readable(desk: Desk, path: string): Promise<string | undefined> {
  try {
    const text = await desk.read(path);
    return text?.includes("\0") === true ? undefined : text;
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}
