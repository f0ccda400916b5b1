import { Exit, MeshError } from "@memomesh/core";
import type { Output } from "./output.ts";
import { Asker } from "./question.ts";

/**
 * Asks whether what was shown is accepted.
 *
 * @param listed the command that prints the digest by which it is accepted without a terminal
 * @throws MeshError `<code>.digest` (exit 2) when there is no terminal to ask in
 */
export async function isAccepted(output: Output, code: string, listed: string): Promise<boolean> {
  if (!output.terminal || process.stdin.isTTY !== true) {
    const sentence = `without a terminal it is accepted by its digest; expected --digest with what \`${listed}\` prints.`;
    throw new MeshError(`${code}.digest`, sentence, { exit: Exit.usage });
  }
  const asker = new Asker();
  try {
    return (await asker.choose("Accept it (yes, no)? ", { yes: true, no: false })) === true;
  } finally {
    asker.close();
  }
}
