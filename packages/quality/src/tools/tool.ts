import type { FileKind } from "../file-kind.ts";
import type { Flaw } from "../finding.ts";
import type { Material, ReadFile } from "../material.ts";
import type { PrivateCopy } from "./private-copy.ts";
import type { Workplace } from "./sandbox.ts";

/** A program outside that can tell whether files are usable. */
export interface Tool {
  /** For people. */
  readonly name: string;
  /** Its names in PATH, the better one first. */
  readonly programs: readonly string[];
  /** Kinds of files that it looks at. */
  readonly kinds: readonly FileKind[];
  /** Whether looking at a file may make it do something: read others, write logs, run what a file names. */
  readonly acts: boolean;
  /** Why it cannot be used although it is there. */
  unusable?(bench: Bench): Promise<string | undefined>;
  look(file: ReadFile, bench: Bench): Promise<readonly Flaw[]>;
}

/** What a tool works with. */
export interface Bench {
  /** Absolute path of the tool. */
  readonly program: string;
  readonly place: Workplace;
  readonly copy: PrivateCopy;
  readonly material: Material;
  /** Folder of JSON schemas. */
  readonly schemas?: string;
}
