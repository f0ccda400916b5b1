import type { Consignment } from "./release-place.ts";
import { readContent } from "./source-file.ts";
import type { TreeEntry } from "./tree.ts";

const blockSize = 512;

/**
 * Files and folders as a tar archive, in pieces, however large they are: in the form of GNU tar, for names and sizes that
 * the older form has no room for. Owners and times are not in it.
 *
 * @see https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export async function* tarStream({ source, entries, onBytes }: Consignment): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield head(entry);
    if (entry.kind === "folder") continue;
    yield* readContent(source, entry, onBytes);
    yield padding(entry.bytes);
  }
  yield Buffer.alloc(2 * blockSize);
}

function head(entry: TreeEntry): Buffer {
  const name = Buffer.from(entry.kind === "folder" ? `${entry.path}/` : entry.path);
  const mode = entry.kind === "folder" || entry.executable ? 0o777 : 0o666;
  const own =
    entry.kind === "folder"
      ? header(name, { mode, size: 0, type: "5" })
      : header(name, { mode, size: entry.bytes, type: "0" });
  if (name.length < 100) return own;
  const text = Buffer.concat([name, Buffer.alloc(1)]);
  const long = header(Buffer.from("././@LongLink"), { mode: 0, size: text.length, type: "L" });
  return Buffer.concat([long, text, padding(text.length), own]);
}

function header(name: Buffer, { mode, size, type }: { mode: number; size: number; type: string }): Buffer {
  const block = Buffer.alloc(blockSize);
  name.copy(block, 0, 0, 100);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  writeSize(block, size);
  block.write(octal(0, 11), 136);
  // The sum is made with spaces in its own place.
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write("ustar  \0", 257);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return block;
}

/** Eleven octal digits; what is larger stands there in binary, with the first bit set. */
function writeSize(block: Buffer, size: number): void {
  if (size < 8 ** 11) {
    block.write(octal(size, 11), 124);
    return;
  }
  block.writeBigUInt64BE(BigInt(size), 128);
  block[124] = 0x80;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}
