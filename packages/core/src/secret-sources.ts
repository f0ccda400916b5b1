import * as z from "zod";

/** Where the operator keeps the values that steps need and no agent may see. */
export interface SecretSources {
  /** Files of lines `NAME=value`; absolute, with `~` for the home, or relative to the mesh's root. The later one counts. */
  readonly files: readonly string[];
  /** Commands that print a value, by the name of the variable; they count before the files. */
  readonly commands: Readonly<Record<string, string>>;
}

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable");

export const secretSourcesSchema = z
  .strictObject({
    files: z.array(z.string().min(1)).default([]),
    commands: z.record(variable, z.string().min(1)).default({}),
  })
  .prefault({});
