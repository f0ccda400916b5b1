import * as z from "zod";

const amount = z.number().min(0);
const share = z.strictObject({ free: amount, total: amount });
/** What stands in a figure comes from a program's output; names of nothing else. */
const name = z.string().regex(/^[\w./:@+-]{1,120}$/);

const nodes = z.strictObject({
  count: z.int().min(1),
  architecture: name,
  cpus: amount,
  memory: amount,
  disk: amount.optional(),
  devices: z.record(name, amount),
});

const storage = z.strictObject({ class: name, free: amount, largest: amount });

const figuresSchema = z.strictObject({
  memory: share.optional(),
  gpus: share.optional(),
  architecture: name.optional(),
  disks: z
    .array(share.extend({ mount: name }))
    .max(50)
    .optional(),
  nodes: z.array(nodes).max(200).optional(),
  storage: z.array(storage).max(50).optional(),
});

/**
 * What can be computed with in a fact. Memory and disks in bytes. `nodes` are those of a cluster that take pods, with what
 * can be given to pods at all; those that are alike are counted together. `storage` is what the storage classes of a cluster
 * can still give, together and to one volume.
 */
export type FactFigures = z.infer<typeof figuresSchema>;

/** Nodes of a cluster that are alike. */
export type AlikeNodes = z.infer<typeof nodes>;

const opening = "<!-- figures: ";
const closing = " -->";

/** Figures as one line that no Markdown shows. {@link readFigures} reads it back. */
export function printFigures(figures: FactFigures): string {
  const json = JSON.stringify(figures).replace(/[<>]/g, (sign) => (sign === "<" ? "\\u003c" : "\\u003e"));
  return `${opening}${json}${closing}`;
}

/** @returns undefined when the line holds none, or others than this program writes */
export function readFigures(line: string): FactFigures | undefined {
  if (!line.startsWith(opening) || !line.endsWith(closing)) return undefined;
  try {
    const checked = figuresSchema.safeParse(JSON.parse(line.slice(opening.length, -closing.length)));
    return checked.success ? checked.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The figures of a value that fit the form; what does not is left out. */
export function checkedFigures(value: { readonly [part in keyof FactFigures]: unknown }): FactFigures | undefined {
  const kept = Object.entries(value).flatMap(([part, figure]) => {
    const checked = figuresSchema.safeParse({ [part]: figure });
    return checked.success && figure !== undefined ? [checked.data] : [];
  });
  return kept.length === 0 ? undefined : Object.assign({}, ...kept);
}
