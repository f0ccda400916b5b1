import { isUtf8 } from "node:buffer";
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { MeshError } from "@memomesh/core";

/** Something that was found below a folder. */
export type Found =
  | { readonly path: string; readonly kind: "file"; readonly bytes: Uint8Array; readonly executable: boolean }
  /** Something that is not taken, and why. Nothing below it was looked at. */
  | { readonly path: string; readonly kind: "refused"; readonly why: string };

const largestFile = 4 * 1024 * 1024;
const largestSum = 300 * 1024 * 1024;
const mostEntries = 20_000;
const deepest = 64;

/** Folders whose content is made by tools and never belongs to a project's history. */
const made = new Set(["node_modules", ".git", ".memomesh"]);

/**
 * Everything below a folder that a stranger has filled, in no particular order.
 *
 * Each folder and file is opened from the descriptor of the folder above it, and never through a link; so nothing that is
 * replaced meanwhile can lead out of the folder. Where there is no /proc, paths take the place of descriptors.
 *
 * @throws MeshError `agent.program.too-much` when there is more than a session may leave behind
 * @see docs/security.md, "What an agent leaves behind can bite the coordinator"
 */
export function* walkUntrusted(root: string): Generator<Found> {
  let entries = 0;
  let sum = 0;

  function* folder(descriptor: number, absolute: string, path: string, depth: number): Generator<Found> {
    const at = descriptors ? `/proc/self/fd/${descriptor}` : absolute;
    for (const name of readdirSync(at, { encoding: "buffer" })) {
      entries += 1;
      if (entries > mostEntries) throw tooMuch(`more than ${mostEntries} files and folders`);
      const inside = path === "" ? name.toString("utf8") : `${path}/${name.toString("utf8")}`;
      if (!isUtf8(name)) yield { path: inside, kind: "refused", why: "its name is not UTF-8" };
      else yield* entry(`${at}/${name.toString("utf8")}`, `${absolute}/${name.toString("utf8")}`, inside, depth);
    }
  }

  function* entry(at: string, absolute: string, path: string, depth: number): Generator<Found> {
    const refused = (why: string): Found => ({ path, kind: "refused", why });
    // Looked at before it is opened, because opening a device can do something.
    const look = lstatSync(at, { throwIfNoEntry: false });
    if (look === undefined) return;
    const isFolder = look.isDirectory();
    if (isFolder && made.has(path.slice(path.lastIndexOf("/") + 1))) return yield refused("nothing in it is taken");
    if (isFolder && depth === deepest) return yield refused(`it lies more than ${deepest} folders deep`);
    if (!isFolder && !look.isFile())
      return yield refused(look.isSymbolicLink() ? "it is a link" : "it is no plain file");
    const descriptor = openPlain(at, isFolder);
    if (descriptor === undefined) return yield refused("it cannot be opened");
    try {
      const found = fstatSync(descriptor);
      if (isFolder && found.isDirectory()) yield* folder(descriptor, absolute, path, depth + 1);
      else if (isFolder || !found.isFile()) yield refused("it was replaced while it was read");
      else if (found.nlink !== 1) yield refused("it has several names (hard links)");
      else if ((found.mode & 0o7000) !== 0) yield refused("it has a set-user, set-group or sticky bit");
      else if (found.size > largestFile) yield refused(`it has more than ${largestFile} bytes`);
      else {
        sum += found.size;
        if (sum > largestSum) throw tooMuch(`more than ${largestSum} bytes`);
        yield { path, kind: "file", bytes: readAll(descriptor, found.size), executable: (found.mode & 0o111) !== 0 };
      }
    } finally {
      closeSync(descriptor);
    }
  }

  const top = openPlain(root, true);
  if (top === undefined) throw tooMuch("something else than a folder in place of its checkout");
  try {
    yield* folder(top, root, "", 0);
  } finally {
    closeSync(top);
  }
}

/**
 * One file below a folder that a stranger has filled, read as {@link walkUntrusted} would.
 *
 * @returns undefined when it is no plain file, or lies behind a link
 */
export function readUntrusted(root: string, path: string): Uint8Array | undefined {
  const names = path.split("/");
  let descriptor = openPlain(root, true);
  let absolute = root;
  for (const [index, name] of names.entries()) {
    if (descriptor === undefined || name === ".." || name === "") break;
    const at: string = descriptors ? `/proc/self/fd/${descriptor}` : absolute;
    const next = openPlain(`${at}/${name}`, index < names.length - 1);
    closeSync(descriptor);
    descriptor = next;
    absolute = `${absolute}/${name}`;
  }
  if (descriptor === undefined) return undefined;
  try {
    const found = fstatSync(descriptor);
    return found.isFile() && found.size <= largestFile ? readAll(descriptor, found.size) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

const descriptors = existsSync("/proc/self/fd");

/** Undefined when it is a link, or may not be read. Nothing waits: a pipe is opened without a writer. */
function openPlain(path: string, isFolder: boolean): number | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | (isFolder ? O_DIRECTORY : 0));
  } catch {
    return undefined;
  }
}

/** At most as many bytes as the file had when it was opened, however it grows. */
function readAll(descriptor: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  let read = 0;
  for (let more = 1; more > 0 && read < size; read += more) more = readSync(descriptor, bytes, read, size - read, read);
  return bytes.subarray(0, read);
}

function tooMuch(what: string): MeshError {
  return new MeshError(
    "agent.program.too-much",
    `the program left ${what} behind; nothing of it was taken, and the memo waits.`,
  );
}
