import { RE2JS } from "re2js";

/**
 * A glob as a test of paths: `*` and `?` within a name, `**` for any number of folders, `{yml,yaml}` for one of several.
 *
 * @returns a reason when it cannot be read
 */
export function compileGlob(glob: string): ((path: string) => boolean) | string {
  if (!/^[^\s\\]{1,200}$/.test(glob)) return "cannot be read; expected a glob such as **/compose*.yaml";
  const pieces = glob.match(/\*\*\/|\*\*|[*?]|\{[^{}/]*\}|[^*?{]+|\{/g) ?? [];
  const source = pieces.map(pattern).join("");
  const compiled = RE2JS.compile(`^(?:${source})$`);
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
