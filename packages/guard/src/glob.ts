/**
 * Whether a path matches a pattern: `*` and `?` within a name, `**` for any number of names. `dist/**`
 * covers `dist` itself.
 *
 * @param names the names of the path
 */
export function matchesGlob(names: readonly string[], glob: string): boolean {
  const patterns = glob.split("/").filter((pattern, index) => pattern !== "." && (pattern !== "" || index === 0));
  // What is left of the path when the patterns so far are used up; several, because of `**`.
  let rests = new Set([0]);
  for (const pattern of patterns) {
    const next = new Set<number>();
    for (const at of rests) {
      const name = names[at];
      if (pattern !== "**") {
        if (name !== undefined && matchesName(name, pattern)) next.add(at + 1);
        continue;
      }
      next.add(at);
      for (let end = at; end < names.length; end += 1) next.add(end + 1);
    }
    rests = next;
  }
  return rests.has(names.length);
}

/** A pattern without character classes, which finds no less than it did with them. */
export function looseGlob(pattern: string): string {
  return pattern.replace(/\[[^\]]*\]/g, "?");
}

/** Whether a shell's pattern may stand for this name. A wildcard at the beginning finds no name that begins with a dot. */
export function mayFind(pattern: string, name: string): boolean {
  const loose = looseGlob(pattern.toLowerCase());
  return (loose.startsWith(".") || !name.startsWith(".")) && matchesGlob([name], loose);
}

/** By two pointers: a pattern with many stars takes no longer than one with few. */
function matchesName(name: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    if (pattern[next] === "*") {
      star = next;
      next += 1;
      resume = at;
    } else if (next < pattern.length && (pattern[next] === "?" || pattern[next] === name[at])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      next = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}
