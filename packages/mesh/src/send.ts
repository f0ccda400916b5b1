import { join } from "node:path";
import {
  bodyDigest,
  type MemoHeader,
  type MemoType,
  memoFileName,
  newId,
  outgoingFolder,
  type Priority,
  parseMemo,
  withHeader,
} from "@memomesh/core";
import { findMemo, writeDurably } from "@memomesh/mailbox";
import type { Mesh, MeshNode } from "./load.ts";
import { readMemoFile } from "./memo-file.ts";
import { checkSignature, signMemo } from "./memo-signature.ts";
import { route } from "./route.ts";
import { refuseSecrets } from "./secrets.ts";
import { fillTemplate, readTemplate, yamlText } from "./templates.ts";

/** Whether the person who sends a memo signs it. */
export type Signing = "never" | "when-required" | "always";

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
 * @param signing a person at a terminal signs with their own key; nobody else may, whoever they say they are
 * @throws MeshError `memo.*`; then nothing was written
 */
export async function sendMemo(
  mesh: Mesh,
  sender: MeshNode,
  source: string,
  file: string,
  at: Date,
  signing: Signing = "never",
): Promise<SentMemo> {
  const memo = parseMemo(source, file);
  const { re, id = newId(at.getTime()), date = at.toISOString(), subject } = memo.header;
  const { from, to, thread } = route(memo, { node: sender.id, box: "outgoing" }, mesh, await parentOf(sender, re));
  await refuseSecrets(source, file, mesh.guard);
  const stamped = withHeader(source, { id, from, date, digest: bodyDigest(memo.body) });
  // What is signed says by itself to whom it goes and where it belongs.
  const whole = withHeader(stamped, { to: to.length === 1 ? to[0] : to, thread, signature: undefined });
  const ready = signing === "never" ? stamped : await signMemo(mesh, whole, file, signing === "always");
  const finished = ready === whole ? stamped : ready;
  await checkSignature(mesh, parseMemo(finished, file), from, to);
  const path = join(outgoingFolder(sender.folder), memoFileName(subject, date, id));
  await writeDurably(path, finished);
  return { id, from, to, subject, path };
}

/** The memo that this one answers, when it lies in the sender's mailbox. */
export async function parentOf(sender: MeshNode, re: string | undefined): Promise<MemoHeader | undefined> {
  const path = re === undefined ? undefined : await findMemo(sender, re);
  return path === undefined ? undefined : (await readMemoFile(path)).memo.header;
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
