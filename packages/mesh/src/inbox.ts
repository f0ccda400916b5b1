import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { incomingFolder } from "@memomesh/core";
import { isMemoName } from "@memomesh/mailbox";
import type { MeshNode } from "./load.ts";
import { type MemoFile, readMemoFile } from "./memo-file.ts";

/** The delivered memos of a node's inbox. What cannot be read is not for a session; the router deals with it. */
export async function readInbox(node: MeshNode): Promise<MemoFile[]> {
  const folder = incomingFolder(node.folder);
  const names = await readdir(folder).catch(() => []);
  const memos = names.filter((name) => isMemoName(name) && name.endsWith(".md"));
  const files = await Promise.all(memos.map((name) => readDelivered(join(folder, name))));
  return files.filter((file) => file !== undefined);
}

async function readDelivered(path: string): Promise<MemoFile | undefined> {
  try {
    const file = await readMemoFile(path);
    const { id, delivered } = file.memo.header;
    return id !== undefined && delivered !== undefined ? file : undefined;
  } catch {
    return undefined;
  }
}
