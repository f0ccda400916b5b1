import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Where a path really leads. What does not exist yet lies where the nearest folder above it really is. */
export function realPath(path: string): string {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(realpathSync(at), ...missing);
    } catch {
      if (dirname(at) === at) return path;
      missing.unshift(basename(at));
    }
  }
}
