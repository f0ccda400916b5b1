import type { TreeEntry } from "./tree.ts";

/** What lies at a path of a target. */
export type Survey =
  | { readonly kind: "absent" }
  | { readonly kind: "folder"; readonly entries: readonly TreeEntry[] }
  /** `to`: as it is written. */
  | { readonly kind: "link"; readonly to: string }
  /** No folder, or one that holds something else than files and folders. */
  | { readonly kind: "other" };

/** Files to be put on a target. */
export interface Consignment {
  /** Absolute path of the folder here. */
  readonly source: string;
  /** What of it is to be put there, a folder before what it holds. */
  readonly entries: readonly TreeEntry[];
  /** Is told how many bytes are under way. */
  onBytes(bytes: number): void;
}

/** Where a release is put. Paths are relative to the target's folder and made of what no shell reads anything in. */
export interface ReleasePlace {
  /** Looks what lies at each of the paths, and changes nothing. */
  survey(paths: readonly string[]): Promise<readonly Survey[]>;
  /** Removes all that lies there. */
  clear(path: string): Promise<void>;
  /** Makes the folder when it is not there and puts files into it, in place of those of the same name. */
  receive(path: string, consignment: Consignment): Promise<void>;
}

/** Why a release could not be put somewhere, in words for the person who wanted it, without a full stop. */
export class UploadFailure extends Error {}
