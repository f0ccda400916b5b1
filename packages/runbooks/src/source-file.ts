import { join } from "node:path";
import { openPlainly, type TreeFile, Undigestible } from "./tree.ts";

/**
 * The bytes of a file that is sent, in pieces: as many as it had when it was digested.
 *
 * @param source absolute path of the folder that holds it
 * @throws Undigestible when it is another one by now
 */
export async function* readContent(
  source: string,
  { path, bytes }: TreeFile,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const file = await openPlainly(join(source, path), path);
  try {
    let left = bytes;
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 })) {
      left -= (chunk as Buffer).length;
      if (left < 0) break;
      onBytes((chunk as Buffer).length);
      yield chunk as Buffer;
    }
    if (left !== 0) throw new Undigestible(`\`${path}\` changed while it was sent.`);
  } finally {
    await file.close();
  }
}
