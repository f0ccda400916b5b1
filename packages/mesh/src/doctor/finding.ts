import { MeshError, type Place } from "@memomesh/core";

/** Something that is wrong with a mesh, or may become so. */
export interface Finding {
  /** `error`: work stops or is lost for somebody. `warning`: it will. `note`: good to know. */
  readonly severity: "error" | "warning" | "note";
  /** Stable, for machines: `doctor.mailbox.folder`. */
  readonly code: string;
  readonly sentence: string;
  readonly place?: Place;
  /** What a person can do about it. */
  readonly advice?: string;
  /** What `--fix` does about it. Safe: nothing is lost, nothing is decided. */
  readonly repair?: Repair;
}

interface Repair {
  /** In the imperative: "make the folder". */
  readonly says: string;
  act(): Promise<void>;
}

/** A finding from an error that reading something has thrown. Anything but a MeshError is thrown on. */
export function findingOf(error: unknown, advice?: string): Finding {
  if (!(error instanceof MeshError)) throw error;
  const { code, sentence, place } = error;
  return {
    severity: "error",
    code,
    sentence,
    ...(place === undefined ? {} : { place }),
    ...(advice === undefined ? {} : { advice }),
  };
}
