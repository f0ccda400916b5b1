import { MeshError, partialFolder, type Upload } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { bytesText } from "./bytes-text.ts";
import { type ReleasePlace, type Survey, UploadFailure } from "./release-place.ts";
import { releaseSecrets, secretsText } from "./release-secrets.ts";
import { readTree, type TreeEntry, treeDigest, Undigestible } from "./tree.ts";
import { type Found, planUpload } from "./upload-plan.ts";

/** A release that is to be sent. */
export interface Sending {
  readonly upload: Upload;
  /** Of its folder, as it was approved. */
  readonly digest: string;
  /** Absolute path of that folder. */
  readonly source: string;
  readonly place: ReleasePlace;
  /** Fingerprints of what looks like a secret and was taken for none. */
  readonly allowedSecrets: readonly string[];
  /** Ends the sending; what has arrived stays. */
  readonly signal: AbortSignal;
  /** Is told line by line what is done. */
  onText(text: string): void;
}

/** What came of it: a line for the record, or why the release is not there, without a full stop. */
export type Sent = { readonly done: string } | { readonly why: string };

/** Milliseconds between two lines about how far it is. */
const patience = 2000;

const goesOn = "what has arrived stays, and the next try sends the rest";

/**
 * Brings the files of a release to a target, beside what is in use there. When it is done, the target has told what it
 * holds, and that has the approved digest.
 */
export async function sendRelease(sending: Sending): Promise<Sent> {
  try {
    return await send(sending);
  } catch (error) {
    if (sending.signal.aborted) return { why: `the upload was stopped; ${goesOn}` };
    const why = reasonOf(error);
    if (why === undefined) throw error;
    return { why };
  }
}

/** What lies where a release is to be, where its files are gathered, and in the place of its link. */
export async function lookForRelease(place: ReleasePlace, upload: Upload): Promise<Found> {
  const [whole, partial, link] = await place.survey([upload.to, partialFolder(upload), upload.link]);
  return { whole: whole as Survey, partial: partial as Survey, link: link as Survey };
}

/** What somebody can mend, in words; undefined for a mistake of ours. */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof MeshError) return error.sentence.replace(/\.$/, "");
  if (error instanceof UploadFailure || error instanceof Undigestible) return error.message.replace(/\.$/, "");
  return error instanceof Error && "syscall" in error ? safeText(error.message) : undefined;
}

async function send({ upload, digest, source, place, allowedSecrets, signal, onText }: Sending): Promise<Sent> {
  const release = await readTree(source, upload.from);
  const found = await lookForRelease(place, upload);
  const plan = planUpload(upload, release, digest, found);
  if (plan.kind === "refused") return { why: plan.why };
  const sent = plan.kind === "send" ? plan.missing : [];
  const secrets = await releaseSecrets({ source, entries: sent, allowed: allowedSecrets, signal });
  if (secrets.length > 0) return { why: secretsText(upload.from, secrets) };
  const partial = partialFolder(upload);
  const isStale = plan.kind === "there" ? found.partial.kind !== "absent" : plan.anew;
  if (isStale) await place.clear(partial);
  if (plan.kind === "there") return told(`${upload.to} is there already, with the digest ${digest}.`, onText);
  const { missing } = plan;
  const total = sizeOf(missing);
  const what = `${missing.length} of ${release.length} files and folders, ${bytesText(total)}`;
  onText(`Sending ${what}, to ${partial}\n`);
  try {
    await place.receive(partial, { source, entries: missing, onBytes: progress(total, onText) });
  } catch (error) {
    const why = reasonOf(error);
    throw why === undefined ? error : new UploadFailure(`the upload broke off (${why}); ${goesOn}`, { cause: error });
  }
  signal.throwIfAborted();
  const [arrived] = await place.survey([partial]);
  const now = arrived?.kind === "folder" ? treeDigest(arrived.entries) : "no folder of files";
  if (now !== digest) throw new UploadFailure(`${upload.from} arrived as ${now}, and ${digest} was approved`);
  return told(`Sent ${what}; ${partial} has the digest ${digest}.`, onText);
}

function told(line: string, onText: (text: string) => void): Sent {
  onText(`${line}\n`);
  return { done: `${line}\n` };
}

export function sizeOf(entries: readonly TreeEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.bytes : 0), 0);
}

/** Says how far it is, as often as a person wants to read it. */
function progress(total: number, onText: (text: string) => void): (bytes: number) => void {
  let done = 0;
  let since = performance.now();
  return (bytes) => {
    done += bytes;
    if (performance.now() - since < patience) return;
    since = performance.now();
    onText(`${Math.floor((100 * done) / total)} % of ${bytesText(total)} are under way\n`);
  };
}
