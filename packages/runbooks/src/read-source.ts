import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { MeshError, type Place } from "@memomesh/core";

/** In bytes. */
const largestRunbook = 1024 * 1024;

/**
 * Reads the text of a runbook from a plain file.
 *
 * @param file the name that errors give
 * @throws MeshError `runbook.missing`, `runbook.link`, `runbook.file`, `runbook.large` or `runbook.encoding`
 */
export async function readSource(path: string, file: string): Promise<string> {
  const place = { file };
  const bytes = await readPlainFile(path, place);
  if (bytes.length > largestRunbook) {
    throw refused("large", `it is ${bytes.length} bytes long; a runbook has at most ${largestRunbook}.`, place);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refused("encoding", "it is not UTF-8; save it as UTF-8.", place, cause);
  }
}

/** O_NONBLOCK: opening a named pipe must not wait for a writer. */
async function readPlainFile(path: string, place: Place): Promise<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const opened = await open(path, flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw refused("missing", "there is no such runbook.", place, cause);
    if (cause.code === "ELOOP") throw refused("link", "it is a symbolic link; expected a plain file.", place, cause);
    throw cause;
  });
  try {
    if (!(await opened.stat()).isFile()) throw refused("file", "it is no plain file.", place);
    return await opened.readFile();
  } finally {
    await opened.close();
  }
}

function refused(code: string, sentence: string, place: Place, cause?: unknown): MeshError {
  return new MeshError(`runbook.${code}`, sentence, { place, cause });
}
