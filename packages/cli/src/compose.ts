import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MeshError, newId } from "@memomesh/core";
import { type Mesh, type MeshNode, type SentMemo, type Signing, sendMemo } from "@memomesh/mesh";
import { openEditor } from "./editor.ts";
import { shown } from "./here.ts";

/**
 * Lets a person finish a memo in the editor and sends it. What was written is never lost: the draft stays until the
 * memo is sent, and an error says where it lies.
 *
 * @param text what the editor opens with
 * @returns undefined when the person left it as it was: nothing is sent then
 * @throws MeshError what the router would say about the memo, with the line in the draft
 */
export async function compose(
  mesh: Mesh,
  sender: MeshNode,
  text: string,
  signing: Signing,
): Promise<SentMemo | undefined> {
  const at = new Date();
  const folder = join(mesh.root, ".memomesh", "drafts");
  const draft = join(folder, `${newId(at.getTime())}.md`);
  await mkdir(folder, { recursive: true });
  await writeFile(draft, text);
  await openEditor(draft);
  const written = await readFile(draft, "utf8");
  const abandoned = written === text || written.trim() === "";
  const sent = abandoned ? undefined : await sendDraft(mesh, sender, written, draft, at, signing);
  await rm(draft);
  return sent;
}

async function sendDraft(
  mesh: Mesh,
  sender: MeshNode,
  written: string,
  draft: string,
  at: Date,
  signing: Signing,
): Promise<SentMemo> {
  try {
    return await sendMemo(mesh, sender, written, shown(draft), at, signing);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const { code, sentence, place, exit } = error;
    const advice = `${sentence} Nothing was sent. Mend the draft, then: memomesh memo send ${shown(draft)}`;
    throw new MeshError(code, advice, { exit, ...(place === undefined ? {} : { place }) });
  }
}
