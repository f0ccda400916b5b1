import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { MeshError, sha256 } from "@memomesh/core";
import { redact } from "@memomesh/guard";
import type { SessionContext } from "../agent.ts";
import { isSecret } from "../session/paths.ts";
import { nodePlaces } from "./places.ts";

/** The most that is copied: bytes over all files. */
const mostBytes = 256 * 1024 * 1024;

/** A folder in which a program works: it holds what the node may see, and nothing else. */
export interface Checkout {
  /** Absolute; stands for the mesh's root. */
  readonly root: string;
  /** The node's own folder, relative to the root; "" when it is the root. */
  readonly own: string;
  /** The folders of the other nodes, relative to the root. */
  readonly others: readonly string[];
  /** What was put there, by its path relative to the root. */
  readonly laid: ReadonlyMap<string, LaidFile>;
  /** Files of the node that are not there, by their path in its folder, and why. */
  readonly left: ReadonlyMap<string, string>;
  /** What other nodes granted, laid or not: `<node>:<path>`, and for a folder that may be looked into `<node>:<path>/`. */
  readonly granted: ReadonlySet<string>;
}

export interface LaidFile {
  readonly digest: string;
  readonly executable: boolean;
  /** Whether secrets were taken out of it, so that it must not be written back. */
  readonly redacted: boolean;
  /** Whether it is ours, for a vendor's program, and stands in no node's folder. */
  readonly added: boolean;
}

/** Where a vendor's program would find settings, hooks, servers or commands that the mesh knows nothing of. */
const settings = new Set([".claude", ".codex", ".gemini", ".agents", ".mcp.json"]);
/** What a program takes for instructions: of its own node it should, of others it must not. */
const instructions = /^(?:agents|claude|gemini)(?:\.local|\.override)?\.md$/i;
/** Mail of other sessions: it is none of this one's business, and it comes and goes while this one works. */
const mail = /^memos\/(?:incoming|outgoing|rejected)\//;

/**
 * Lays a checkout: the node's own files, what other nodes granted it (which it may not write), and instruction files for
 * every vendor. What a session with file tools would not be shown is not there either: files that hold secrets by their
 * name are left out, other secrets are replaced in the copy.
 *
 * @param root absolute path of an empty folder
 */
export async function layCheckout(context: SessionContext, root: string): Promise<Checkout> {
  const places = new Map(nodePlaces(context));
  const own = places.get(context.node.id) ?? "";
  const laid = new Map<string, LaidFile>();
  const left = new Map<string, string>();
  let room = mostBytes;

  async function lay(source: string, path: string, readOnly: boolean): Promise<string | undefined> {
    if (isSecret(readOnly ? source.slice(source.indexOf(":") + 1) : source)) return "it holds secrets by its name";
    const bytes = await bytesOf(context, source);
    if (typeof bytes === "string") return bytes;
    if (bytes === undefined) return "it could not be read";
    if (bytes.length > room) return `there are more than ${mostBytes} bytes to be copied`;
    room -= bytes.length;
    const clean = withoutSecrets(bytes);
    await put(path, clean ?? bytes, { redacted: clean !== undefined, added: false }, readOnly);
    return undefined;
  }

  async function put(
    path: string,
    bytes: Uint8Array,
    kind: Pick<LaidFile, "redacted" | "added">,
    readOnly: boolean,
  ): Promise<void> {
    const absolute = join(root, path);
    // A session does not know which files may be run; what begins like a script was most probably meant to.
    const executable = bytes[0] === 0x23 && bytes[1] === 0x21;
    await mkdir(dirname(absolute), { recursive: true });
    await writeFile(absolute, bytes, { flag: "wx" });
    await chmod(absolute, (executable ? 0o755 : 0o644) & (readOnly ? 0o555 : 0o777));
    laid.set(path, { digest: sha256(bytes), executable, ...kind });
  }

  await mkdir(join(root, own), { recursive: true });
  for (const path of await context.files.list("")) {
    const why = notShown(path) ?? (await lay(path, posix.join(own, path), false));
    if (why !== undefined) left.set(path, why);
  }
  const given = await context.files.granted();
  for (const full of given) {
    const cut = full.indexOf(":");
    const place = places.get(full.slice(0, cut));
    const path = full.slice(cut + 1);
    const steers = path.split("/").some((name) => settings.has(name) || instructions.test(name));
    const to = place === undefined ? undefined : posix.join(place, path);
    if (to !== undefined && !steers && !laid.has(to)) await lay(full, to, true);
  }
  for (const [name, text] of vendorFiles) {
    const path = posix.join(own, name);
    const wanted = laid.has(posix.join(own, "AGENTS.md")) && !laid.has(path);
    if (wanted) await put(path, Buffer.from(text), { redacted: false, added: true }, false);
  }
  places.delete(context.node.id);
  const granted = new Set([...given, ...(await foldersSeen(context, given))]);
  return { root, own, others: [...places.values()], laid, left, granted };
}

function notShown(path: string): string | undefined {
  if (mail.test(path)) return "it is mail, and belongs to another session";
  return path.split("/").some((name) => settings.has(name)) ? "it is a setting of a vendor's program" : undefined;
}

/** The folders around granted files, each with a "/" behind it, as far as the grants are about them too. */
async function foldersSeen({ files }: SessionContext, granted: readonly string[]): Promise<readonly string[]> {
  const around = granted.flatMap((full) => {
    const start = full.indexOf(":") + 1;
    const names = full.slice(start).split("/");
    return names.map((_, index) => full.slice(0, start) + names.slice(0, index).join("/"));
  });
  const seen = await Promise.all(
    [...new Set(around)].map(async (folder) => {
      const exists = await files.exists(folder).catch((error: unknown) => {
        if (error instanceof MeshError) return false;
        throw error;
      });
      return exists ? [`${folder}/`] : [];
    }),
  );
  return seen.flat();
}

/** For the vendors that do not read AGENTS.md by themselves. They never come back: no session may write such files. */
const vendorFiles = [
  ["CLAUDE.md", "@AGENTS.md\n"],
  ["GEMINI.md", "@AGENTS.md\n"],
] as const;

async function bytesOf({ files }: SessionContext, path: string): Promise<Uint8Array | string | undefined> {
  try {
    return await files.readBytes(path);
  } catch (error) {
    if (error instanceof MeshError) return error.sentence;
    throw error;
  }
}

/** The text without what looks like a secret; undefined when there is nothing to be taken out, or it is no text. */
function withoutSecrets(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  if (text.includes("\0")) return undefined;
  const clean = redact(text);
  return clean === text ? undefined : Buffer.from(clean);
}
