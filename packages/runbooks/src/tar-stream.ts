import { createTarPacker, type TarPackController } from "modern-tar";
import type { Consignment } from "./release-place.ts";
import { readContent } from "./source-file.ts";
import type { TreeEntry } from "./tree.ts";

/** No file is younger than the release: what is sent depends on its files alone. */
const noTime = new Date(0);

/**
 * Files and folders as a tar archive, in pieces, however large they are. Owners and times are not in it, so that the same
 * files make the same archive.
 *
 * @returns what fails as soon as a file cannot be read, or is another one than was digested
 */
export function tarStream(consignment: Consignment): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker();
  // Whoever reads the archive meets the error there.
  pack(consignment, controller).catch((error: unknown) => controller.error(error));
  return readable;
}

async function pack({ source, entries, onBytes }: Consignment, controller: TarPackController): Promise<void> {
  for (const entry of entries) {
    const body = controller.add(header(entry));
    if (entry.kind === "folder") await body.close();
    else await ReadableStream.from(readContent(source, entry, onBytes)).pipeTo(body);
  }
  controller.finalize();
}

function header(entry: TreeEntry) {
  return entry.kind === "folder"
    ? { name: `${entry.path}/`, type: "directory" as const, mode: 0o777, size: 0, mtime: noTime }
    : { name: entry.path, mode: entry.executable ? 0o777 : 0o666, size: entry.bytes, mtime: noTime };
}
