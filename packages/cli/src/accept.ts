import { Exit, MeshError } from "@memomesh/core";
import type { Output } from "./output.ts";
import { Asker } from "./question.ts";

/**
 * Refuses to accept what nobody can be asked about, unless its digest was given.
 *
 * @param what "a collector"
 * @param listed the command that prints the digest
 * @throws MeshError `<code>.digest` (exit 2)
 */
export function requireTerminal(output: Output, code: string, what: string, listed: string): void {
  if (output.terminal && process.stdin.isTTY === true && !output.json) return;
  const sentence = `without a terminal ${what} is accepted by its digest; expected --digest with what \`${listed}\` prints.`;
  throw new MeshError(`${code}.digest`, sentence, { exit: Exit.usage });
}

/** Asks whether what was shown is accepted. */
export async function isWanted(): Promise<boolean> {
  const asker = new Asker();
  try {
    const choices = { y: true, yes: true, n: false, no: false, "": false };
    return (await asker.choose("Accept it (y/N)? ", choices, ["y", "n"])) === true;
  } finally {
    asker.close();
  }
}
