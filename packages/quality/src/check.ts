import type { Flaw } from "./finding.ts";
import type { Material } from "./material.ts";

/** One thing that the gate looks at. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** Its share, compared with the other checks that apply. */
  readonly weight: number;
  /** What it looks for and why, for a person. */
  readonly about: string;
  /**
   * @param told what programs outside have found
   * @returns undefined when the subject has nothing that it could look at
   */
  look(material: Material, told: readonly Flaw[]): readonly Flaw[] | undefined;
}
