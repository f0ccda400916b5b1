import { Exit, MeshError, placesOf, type StepTarget } from "@memomesh/core";
import { Connections } from "./connections.ts";
import { type Environment, stepEnvironment } from "./environment.ts";
import { type Execution, execute } from "./execute.ts";
import { executeRemote } from "./execute-remote.ts";
import { pinnedKeys } from "./host-keys.ts";

/** Commands that only look, outside of any runbook. Whoever asks has made sure of that. */
export interface LookText {
  readonly text: string;
  /** In a group the first host is looked at. */
  readonly target: StepTarget;
  readonly meshRoot: string;
  /** The operator's; none of it but HOME, LANG and TMPDIR is given on. */
  readonly environment: Environment;
  readonly timeoutSeconds: number;
}

/** A few thousand machines say less than this. */
const mostCharacters = 8 * 1024 * 1024;

const nothing = { needs: { env: [], files: [], steps: [] } };

/**
 * Runs commands that only look, as a step would be run: the same shell, the same environment, bounded in time and output.
 *
 * @returns how it ended, and all that it printed, in characters that are safe to print; secrets are not removed
 * @throws MeshError `look.output` when it prints too much, `runbook.*` when the host cannot be reached safely
 */
export async function lookText(look: LookText): Promise<{ readonly execution: Execution; readonly printed: string }> {
  const [place] = placesOf(look.target);
  if (place === undefined) throw new Error(`the group ${look.target.name} has no members`);
  const stop = new AbortController();
  let printed = "";
  const attendance = {
    signal: stop.signal,
    onOutput: (text: string) => {
      if (printed.length + text.length > mostCharacters) stop.abort();
      else printed += text;
    },
  };
  const command = {
    text: look.text,
    folder: place.path,
    environment: stepEnvironment(nothing, place, look.meshRoot, look.environment),
    secrets: {},
    timeoutSeconds: look.timeoutSeconds,
  };
  const connections = new Connections();
  try {
    const execution =
      place.kind === "local"
        ? await execute(command, attendance)
        : await executeRemote(await connections.to({ ...place, keys: await pinnedKeys(place) }), command, attendance);
    if (!stop.signal.aborted) return { execution, printed };
    const sentence = `it prints more than ${mostCharacters} characters, and was ended; have it print less.`;
    throw new MeshError("look.output", sentence, { exit: Exit.badData });
  } finally {
    await connections.close();
  }
}
