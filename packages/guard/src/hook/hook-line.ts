/** Seconds after which a hook that has not answered is ended. All vendors wait longer. */
const patience = 5;
const why = "The guard of the mesh gave no decision, and nothing is done without one. `memomesh doctor` says why.";

/**
 * The guard as a hook of a vendor's program, in a form that fails closed: these programs go ahead when a hook crashes,
 * hangs, answers badly or is missing, and stop only at exit code 2.
 *
 * @param program the command line that starts memomesh
 * @param args what stands behind it: `guard hook --for claude …`
 * @returns a line for any POSIX shell, also where there is no `timeout`, as on macOS
 * @see docs/security.md, "Hook"
 */
export function guardLine(program: readonly string[], args: readonly string[]): string {
  return `${limited([...program, ...args])} || { [ $? -eq 2 ] || echo ${quoted(why)} >&2; exit 2; }`;
}

/** A hook that only tells something: when it cannot, the agent goes on without. */
export function tellingLine(program: readonly string[], args: readonly string[]): string {
  return `${limited([...program, ...args])} || true`;
}

/** Where there is no `timeout`, Perl's alarm ends the program; where there is neither, nothing starts. */
function limited(command: readonly string[]): string {
  const set = `set -- ${command.map(quoted).join(" ")}`;
  return `${set}; if command -v timeout >/dev/null; then timeout ${patience} "$@"; else perl -e 'alarm ${patience}; exec @ARGV' "$@"; fi`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
