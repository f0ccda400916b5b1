import { printUpload, type Upload } from "@memomesh/core";
import type { Survey } from "./release-place.ts";
import { entryText, type TreeEntry, treeDigest } from "./tree.ts";

/** What lies where a release is to be, where its files are gathered, and in the place of its link. */
export interface Found {
  readonly whole: Survey;
  readonly partial: Survey;
  readonly link: Survey;
}

/** What has to be done so that the files of a release are on a target. */
export type UploadPlan =
  /** `why`: a sentence without its full stop. */
  | { readonly kind: "refused"; readonly why: string }
  /** All of it is there already. */
  | { readonly kind: "there" }
  /** `anew`: what was gathered is no part of this release, and is removed first. */
  | { readonly kind: "send"; readonly anew: boolean; readonly missing: readonly TreeEntry[] };

/**
 * Decides what is sent. What an earlier try has left stays when it belongs to the same release; a file that arrived in part
 * is sent again.
 *
 * @param release as it is here, a folder before what it holds
 * @param digest as it was approved
 */
export function planUpload(
  upload: Upload,
  release: readonly TreeEntry[],
  digest: string,
  { whole, partial, link }: Found,
): UploadPlan {
  if (treeDigest(release) !== digest)
    return { kind: "refused", why: `\`${upload.from}\` is not what was approved: it changed since` };
  if (link.kind !== "absent" && link.kind !== "link")
    return { kind: "refused", why: `${upload.link} is there and is no link` };
  if (whole.kind !== "absent") {
    if (whole.kind === "folder" && treeDigest(whole.entries) === digest) return { kind: "there" };
    const why = `${upload.to} is there already and holds something else; name another folder than in ${printUpload(upload)}`;
    return { kind: "refused", why };
  }
  if (partial.kind === "absent") return { kind: "send", anew: false, missing: release };
  const kinds = new Map(release.map(({ path, kind }) => [path, kind]));
  const belongs = ({ path, kind }: TreeEntry) => kinds.get(path) === kind;
  if (partial.kind !== "folder" || !partial.entries.every(belongs))
    return { kind: "send", anew: true, missing: release };
  const there = new Set(partial.entries.map(entryText));
  return { kind: "send", anew: false, missing: release.filter((entry) => !there.has(entryText(entry))) };
}
