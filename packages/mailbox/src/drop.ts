import type { MeshError } from "@memomesh/core";
import type { Stamp } from "./settle.ts";

export type DropBox = "outgoing" | "incoming";

/** Something that lies in a mailbox and has not been delivered. */
export interface Drop {
  /** Id of the node in whose folder it lies. */
  readonly node: string;
  /** Absolute path of `memos/outgoing` or `memos/incoming`. */
  readonly folder: string;
  readonly box: DropBox;
  readonly name: string;
}

/** A drop that can be claimed, and how it looked when that was decided. */
export interface ReadyDrop extends Drop {
  readonly stamp: Stamp;
}

/** A drop that may still be written to. */
export interface WaitingDrop extends Drop {
  /** Milliseconds until it is ready if nobody touches it. */
  readonly leftMs: number;
  /** An empty file waits much longer: a person has made it and is about to fill it. */
  readonly empty: boolean;
}

/** A claim whose owner will not finish it. Its id is the one under which parts of it may have been delivered. */
export interface LeftClaim extends Drop {
  readonly id: string;
  /** Absolute path of the claim. */
  readonly path: string;
}

export interface Scan {
  readonly ready: readonly ReadyDrop[];
  readonly waiting: readonly WaitingDrop[];
  readonly left: readonly LeftClaim[];
  /** Folders that could not be read. */
  readonly problems: readonly MeshError[];
}

export interface ScanOptions {
  /** How long a file has to be quiet before it counts as completely written, in milliseconds. */
  readonly settleMs: number;
  /** Larger files are not read to see whether they are complete. */
  readonly maxBytes: number;
  /** How long an empty file may stay empty, in milliseconds; default one minute. */
  readonly emptyMs?: number;
}
