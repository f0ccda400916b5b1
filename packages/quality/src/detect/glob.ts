import { matchesGlob } from "@memomesh/guard";
import { RE2JS } from "re2js";

/** Ways to fill in the choices of one glob. */
const mostChoices = 100;

/**
 * A glob as a test of paths: `*` and `?` within a name, `**` for any number of folders, `{yml,yaml}` for one of several.
 *
 * @returns a reason when it cannot be read
 */
export function compileGlob(glob: string): ((path: string) => boolean) | string {
  if (!/^[^\s\\]{1,200}$/.test(glob)) return "cannot be read; expected a glob such as **/compose*.yaml";
  const plain = globChoices(glob);
  // `**` within a name crosses folders too, which only a pattern says; compiling one takes a millisecond.
  const simple = plain?.every((each) => each.split("/").every((name) => name === "**" || !name.includes("**")));
  if (plain === undefined || !simple) return compilePatternOf(glob);
  return (path) => plain.some((each) => matchesGlob(path.split("/"), each));
}

/**
 * A glob with each of its choices filled in: `*.{yml,yaml}` is `*.yml` and `*.yaml`.
 *
 * @returns undefined when there are too many
 */
export function globChoices(glob: string): readonly string[] | undefined {
  let globs = [""];
  for (const piece of glob.match(/\{[^{}/]*\}|[^{]+|\{/g) ?? []) {
    const choices = /^\{(.*)\}$/.exec(piece)?.[1]?.split(",") ?? [piece];
    if (globs.length * choices.length > mostChoices) return undefined;
    globs = globs.flatMap((before) => choices.map((choice) => before + choice));
  }
  return globs;
}

function compilePatternOf(glob: string): (path: string) => boolean {
  const pieces = glob.match(/\*\*\/|\*\*|[*?]|\{[^{}/]*\}|[^*?{]+|\{/g) ?? [];
  const compiled = RE2JS.compile(`^(?:${pieces.map(pattern).join("")})$`);
  return (path) => compiled.test(path);
}

function pattern(piece: string): string {
  if (piece === "**/") return "(?:[^/]+/)*";
  if (piece === "**") return ".*";
  if (piece === "*") return "[^/]*";
  if (piece === "?") return "[^/]";
  const choices = /^\{(.*)\}$/.exec(piece)?.[1]?.split(",");
  return choices === undefined ? RE2JS.quote(piece) : `(?:${choices.map((each) => RE2JS.quote(each)).join("|")})`;
}
