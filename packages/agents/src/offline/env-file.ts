/** Where a service's variables are named, and the file on the target that holds their values. */
export function envPaths(app: string): { example: string; ignore: string; onTarget: string } {
  const folder = `services/${app}`;
  return { example: `${folder}/${app}.env.example`, ignore: `${folder}/.gitignore`, onTarget: `${app}/${app}.env` };
}

/**
 * The names of a service's variables, one a line and without values. Names that are missing are added; everything that
 * a person has written stays.
 */
export function envExample(app: string, names: readonly string[], existing: string | undefined): string {
  const head = `# The variables of ${app}, by name. Values stand in ${app}.env on the target and never in git.\n`;
  const text = existing ?? head;
  const known = new Set([...text.matchAll(/^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=/gm)].map((match) => match[1]));
  return appended(
    text,
    names.filter((name) => !known.has(name)).map((name) => `${name}=`),
  );
}

/** Keeps a file with values out of git, should somebody put it beside the Compose file. */
export function envIgnore(app: string, existing: string | undefined): string {
  const line = `/${app}.env`;
  const text = existing ?? "";
  return text.split(/\r?\n/).includes(line) ? text : appended(text, [line]);
}

function appended(text: string, lines: readonly string[]): string {
  const begun = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return begun + lines.map((line) => `${line}\n`).join("");
}
