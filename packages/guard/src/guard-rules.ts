import type { OwnPrograms } from "./own-programs.ts";

/** What `mesh.yml` says under `guard:`. */
export interface GuardRules {
  /** Programs that the guard does not know, or not as well as the operator does. */
  readonly programs: OwnPrograms;
  /** Fingerprints of what looks like a secret and was taken for none by a person. */
  readonly allowedSecrets: readonly string[];
}

/** Those of a mesh that says nothing. */
export const noRules: GuardRules = { programs: {}, allowedSecrets: [] };
