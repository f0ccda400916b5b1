import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@memomesh/core";

/** What is remembered of an agent's session, from its start to its end. */
export interface SessionMark {
  /** Digest of STATE.md when the session started; of "" when there was none. */
  readonly state: string;
  /** Whether the agent was told what is left to do. It is told once. */
  readonly reminded: boolean;
}

/** After this time nobody continues a session; in milliseconds. */
const lifetime = 30 * 24 * 3600 * 1000;

/** @param root absolute path of the mesh; this is rebuilt by the next session when it is deleted */
export async function readMark(root: string, node: string, session: string): Promise<SessionMark | undefined> {
  try {
    const { state, reminded } = JSON.parse(
      await readFile(markPath(root, node, session), "utf8"),
    ) as Partial<SessionMark>;
    return typeof state === "string" ? { state, reminded: reminded === true } : undefined;
  } catch {
    return undefined;
  }
}

export async function writeMark(root: string, node: string, session: string, mark: SessionMark): Promise<void> {
  const folder = markFolder(root, node);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(markPath(root, node, session), JSON.stringify(mark));
}

export async function removeOldMarks(root: string, node: string, now: number): Promise<void> {
  const folder = markFolder(root, node);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found !== undefined && now - found.mtimeMs > lifetime) await rm(join(folder, name), { force: true });
  }
}

function markFolder(root: string, node: string): string {
  return join(root, ".memomesh", "hooks", node);
}

/** The program chooses the session's name, and it may be anything. */
function markPath(root: string, node: string, session: string): string {
  return join(markFolder(root, node), `${sha256(session).slice(-32)}.json`);
}
