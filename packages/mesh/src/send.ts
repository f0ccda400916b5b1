import { join } from "node:path";
import {
  bodyDigest,
  type MemoType,
  memoFileName,
  newId,
  outgoingFolder,
  type Priority,
  parseMemo,
  withHeader,
} from "@memomesh/core";
import { writeDurably } from "@memomesh/mailbox";
import type { Mesh, MeshNode } from "./load.ts";
import { route } from "./route.ts";
import { refuseSecrets } from "./secrets.ts";
import { fillTemplate, readTemplate, yamlText } from "./templates.ts";

/** A memo that lies in `outgoing/` and waits for the router. */
export interface SentMemo {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** Absolute. */
  readonly path: string;
}

/**
 * Puts a memo into the sender's `outgoing/`, in the form that the router takes at once. What the router would reject is
 * refused here already, in front of the person who wrote it.
 *
 * @param file the name that errors give
 * @throws MeshError `memo.*`; then nothing was written
 */
export async function sendMemo(
  mesh: Mesh,
  sender: MeshNode,
  source: string,
  file: string,
  at: Date,
): Promise<SentMemo> {
  const memo = parseMemo(source, file);
  const { from, to } = route(memo, { node: sender.id, box: "outgoing" }, mesh);
  await refuseSecrets(source, file, mesh.guard);
  const { subject, id = newId(at.getTime()), date = at.toISOString() } = memo.header;
  const path = join(outgoingFolder(sender.folder), memoFileName(subject, date, id));
  await writeDurably(path, withHeader(source, { id, from, date, digest: bodyDigest(memo.body) }));
  return { id, from, to, subject, path };
}

/** A memo as its template has it, ready to be finished by a person. */
export async function memoText(
  root: string,
  type: MemoType,
  values: { to: readonly string[]; priority: Priority; subject: string },
): Promise<string> {
  const file = `memos/${type}.md`;
  const to = values.to.length > 1 ? `[${values.to.map(yamlText).join(", ")}]` : values.to.map(yamlText).join("");
  const { priority, subject } = values;
  return fillTemplate(
    await readTemplate(root, file),
    { to, priority, subject: subject.replace(/\s+/g, " ") },
    `templates/${file}`,
  );
}
