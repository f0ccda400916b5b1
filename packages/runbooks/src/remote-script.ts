import { remotePath } from "./environment.ts";
import { shellMode } from "./shell.ts";

/** What the host's login shell is given to read: a constant, so that nothing of a step is parsed twice. */
export const remoteShell = "exec env -i bash -p -s";

/** A command as it is to run on a host. */
export interface RemoteCommand {
  readonly text: string;
  /** Absolute path on the host. */
  readonly folder: string;
  /** Besides HOME, which is that of the account there. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly graceMilliseconds: number;
}

/** Beyond its time a command is ended by the host itself, should nobody be there any more to end it. */
const backstopSeconds = 30;

/**
 * The script that runs a command on a host. It goes to the host on the standard input of bash, never on a command line,
 * where other accounts could read variables.
 *
 * It says `ready` and waits for the line `go`: before that nothing has run, whatever happens to the connection. While the
 * command runs, the rest of the input is its lifeline: at its end (we want it, or the connection broke) the command's
 * process group gets SIGTERM and, after the grace time, SIGKILL. Last it says `end <exit code> <left processes behind>`.
 * All that it says stands on a line of its own behind a secret word, which the command does not know.
 *
 * @param word hexadecimal
 */
export function remoteScript(command: RemoteCommand, word: string): string {
  const { text, folder, environment, timeoutSeconds, graceMilliseconds } = command;
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`);
  const mode = shellMode.join(" ");
  // The braces make bash read all of the script before it runs any of it; what follows on the input is not its text.
  return `{
trap '' HUP PIPE
exec 3<&0 </dev/null 4>&2 2>/dev/null
PATH=${remotePath}
say() { printf '\\n%s %s\\n' ${word} "$*"; }
end_group() {
  kill -TERM -- "-$1" || return 0
  for ((i = 0; i < ${Math.ceil(graceMilliseconds / 50)}; i += 1)); do kill -0 -- "-$1" || return 0; sleep 0.05; done
  kill -KILL -- "-$1"
}
command -v timeout >/dev/null || { say refused the host has no timeout command, which GNU coreutils have; exit; }
cd -- ${quote(folder)} || { say refused the folder of the target is not there; exit; }
say ready
IFS= read -r answer <&3 && [ "$answer" = go ] || exit
set -m
(
trap - HUP PIPE
export HOME=~
${variables.join("\n")}
exec timeout -k ${backstopSeconds} ${timeoutSeconds + backstopSeconds} bash ${mode} -c ${quote(text)} 2>&4 3<&- 4>&-
) &
job=$!
set +m
( while IFS= read -r answer <&3; do :; done; end_group "$job" ) >/dev/null 4>&- &
lifeline=$!
exec 3<&- 4>&-
wait "$job"
status=$?
left=0
if kill -0 -- "-$job"; then left=1; end_group "$job"; fi
kill "$lifeline"
say end "$status" "$left"
exit 0
}
`;
}

/** A text as one word of bash. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Tells what a script says from what its command prints. */
export interface SaidReader {
  add(text: string): void;
  /** What was held back, because it might have become something said. */
  end(): void;
}

/** @param onSaid what stands behind the secret word on a line */
export function readSaid(word: string, onText: (text: string) => void, onSaid: (said: string) => void): SaidReader {
  const mark = `\n${word} `;
  let held = "";
  return {
    add(text) {
      held += text;
      for (;;) {
        const at = held.indexOf(mark);
        const end = at === -1 ? -1 : held.indexOf("\n", at + mark.length);
        if (end === -1) break;
        if (at > 0) onText(held.slice(0, at));
        onSaid(held.slice(at + mark.length, end));
        held = held.slice(end + 1);
      }
      const keep = held.includes(mark) ? held.length - held.indexOf(mark) : overlap(held, mark);
      if (keep < held.length) onText(held.slice(0, held.length - keep));
      held = held.slice(held.length - keep);
    },
    end() {
      if (held !== "") onText(held);
      held = "";
    },
  };
}

/** How many characters at the end of a text are the beginning of the mark. */
function overlap(text: string, mark: string): number {
  for (let size = Math.min(text.length, mark.length - 1); size > 0; size -= 1)
    if (text.endsWith(mark.slice(0, size))) return size;
  return 0;
}
