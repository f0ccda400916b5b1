import { join } from "node:path";
import {
  type MemoDraft,
  MeshError,
  memoFileName,
  type NodeFolder,
  newId,
  outgoingFolder,
  printMemo,
} from "@memomesh/core";
import { fileError } from "./fault.ts";
import { syncFolder, writeNew } from "./files.ts";
import { ensureFolder } from "./folder.ts";

/** A memo on its way. */
export interface SentMemo {
  readonly id: string;
  /** Absolute path in the sender's `memos/outgoing/`; a router may already have taken it. */
  readonly path: string;
}

/**
 * Puts a memo into its sender's `memos/outgoing/`, durably. It appears under its name in one moment, with an id and the
 * digest of its body, so that a router takes it at once.
 *
 * @param draft without `id`, `from` and `date`, which are given here
 * @throws MeshError `mailbox.*` when the folder does not take it; nothing was sent
 */
export async function sendMemo(
  sender: NodeFolder,
  draft: Omit<MemoDraft, "id" | "from" | "date" | "digest">,
  at: Date,
): Promise<SentMemo> {
  const id = newId(at.getTime());
  const date = at.toISOString();
  const text = printMemo({ ...draft, id, from: sender.id, date, digest: true });
  try {
    const folder = await ensureFolder(sender, outgoingFolder(sender.folder));
    const path = join(folder, memoFileName(draft.subject, date, id));
    if (!(await writeNew(path, text)))
      throw new MeshError("mailbox.name-taken", `${path} exists already; nothing was sent.`);
    await syncFolder(folder);
    return { id, path };
  } catch (error) {
    throw fileError(error, `sending "${draft.subject}"`);
  }
}
