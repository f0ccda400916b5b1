/**
 * File paths as lines, at most about so many: when there are more, the folders with the most files become one line each,
 * `dist/assets/ (412 files)`, the deepest first.
 *
 * @param files sorted
 */
export function foldListing(files: readonly string[], most: number): readonly string[] {
  const deepest = Math.max(0, ...files.map((file) => file.split("/").length - 1));
  let lines = files.map((file) => ({ path: file, count: 1 }));
  for (let depth = deepest; depth > 0 && lines.length > most; depth -= 1) {
    const folders = new Map<string, number>();
    for (const { path, count } of lines) {
      const folder = folderAt(path, depth);
      if (folder !== undefined) folders.set(folder, (folders.get(folder) ?? 0) + count);
    }
    const folded = new Set<string>();
    lines = lines.flatMap((line) => {
      const folder = folderAt(line.path, depth);
      if (folder === undefined) return [line];
      if (folded.has(folder)) return [];
      folded.add(folder);
      return [{ path: `${folder}/`, count: folders.get(folder) ?? 1 }];
    });
  }
  const shown = lines.slice(0, most).map(({ path, count }) => (path.endsWith("/") ? `${path} (${count} files)` : path));
  return lines.length > most ? [...shown, `and ${lines.length - most} more`] : shown;
}

/** The folder of this depth in which a line lies; undefined when it lies higher. */
function folderAt(path: string, depth: number): string | undefined {
  const names = path.replace(/\/$/, "").split("/");
  return names.length > depth ? names.slice(0, depth).join("/") : undefined;
}
