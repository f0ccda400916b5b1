import { looseGlob, matchesGlob } from "../glob.ts";
import type { Part } from "../shell/argument.ts";

/** Where a path leads when a command runs in a known folder. */
export interface Reach {
  /** Absolute, in its shortest form. What a pattern stands for is left as it is written. */
  readonly path: string;
  /** The names of the path that are patterns. */
  readonly patterns: readonly string[];
}

/** The folders of the agent's own shell. */
export interface Roots {
  readonly cwd: string;
  readonly home: string;
  readonly temporary: string;
}

// Stands for the beginning and end of a pattern; no shell text can hold it.
const mark = "\u0002";

/**
 * Follows a path from its text alone.
 *
 * @returns undefined when only running the command would tell
 */
export function reachOf(parts: readonly Part[], { cwd, home, temporary }: Roots): Reach | undefined {
  const texts = parts.map((part) => {
    if (part.kind === "text") return part.text;
    if (part.kind === "glob") return part.text.replace(/[^/]+/g, (name) => `${mark}${name}${mark}`);
    return part.kind === "root"
      ? { HOME: home, TMPDIR: temporary, SITE: undefined, MESH: undefined }[part.name]
      : undefined;
  });
  if (texts.includes(undefined)) return undefined;
  const text = texts.join("");
  const names: string[] = [];
  for (const name of `${text.startsWith("/") ? "" : cwd}/${text}`.split("/")) {
    if (name === "" || name === ".") continue;
    // What a pattern finds may be a link, and then the folder above is another one.
    if (name === ".." && names.at(-1)?.includes(mark)) return undefined;
    if (name === "..") names.pop();
    else if (mayClimb(name)) return undefined;
    else names.push(name);
  }
  const plain = names.map((name) => name.replaceAll(mark, ""));
  return { path: `/${plain.join("/")}`, patterns: plain.filter((_, index) => names[index]?.includes(mark)) };
}

/** `.*` and `.?` find the folder above; in zsh, round brackets behind a pattern can hold a command. */
function mayClimb(name: string): boolean {
  const pattern = looseGlob(name.replaceAll(mark, ""));
  return name.includes(mark) && (pattern.includes("(") || (pattern.startsWith(".") && matchesGlob([".."], pattern)));
}

/** The path below a folder as the parts of a word, for rules that look at names. */
export function partsOf(names: readonly string[], patterns: readonly string[]): readonly Part[] {
  const parts = names.flatMap((name, index): Part[] => [
    ...(index === 0 ? [] : [{ kind: "text", text: "/" } as const]),
    { kind: patterns.includes(name) ? "glob" : "text", text: name },
  ]);
  return parts.length === 0 ? [{ kind: "text", text: "." }] : parts;
}
