import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chmod, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { writeDurably } from "@memomesh/mailbox";

/** Shorter ones could be guessed. */
const shortest = 16;

/** @throws MeshError `mcp.token` when it is too short, or no header could carry it */
export function givenToken(token: string): string {
  if (token.length >= shortest && /^[\x21-\x7e]+$/.test(token)) return token;
  const sentence = `MEMOMESH_MCP_TOKEN has ${token.length} characters; expected at least ${shortest} visible ones without spaces. \`openssl rand -hex 32\` makes one`;
  throw new MeshError("mcp.token", sentence, { exit: Exit.usage });
}

/**
 * The token in a file that only its owner can read; a new random one when there is none, or when others could have read
 * it. It stays the same from start to start, so that clients need not be told again.
 */
export async function keptToken(file: string): Promise<string> {
  const known = await readPrivate(file);
  if (known !== undefined) return known;
  const token = randomBytes(32).toString("hex");
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await chmod(dirname(file), 0o700);
  await writeDurably(file, `${token}\n`);
  await chmod(file, 0o600);
  return token;
}

async function readPrivate(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    const isPrivate = found.isFile() && (found.mode & 0o077) === 0 && found.uid === (process.getuid?.() ?? found.uid);
    const token = isPrivate && found.size < 200 ? (await file.readFile("utf8")).trim() : "";
    return /^[0-9a-f]{64}$/.test(token) ? token : undefined;
  } finally {
    await file.close();
  }
}
