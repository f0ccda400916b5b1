import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { appendAudit } from "./audit.ts";

/** The most that is taken over from one file, in bytes. */
const longest = 8 * 1024 * 1024;

const entrySchema = z.object({
  at: z.iso.datetime(),
  program: z.string(),
  session: z.string(),
  tool: z.string(),
  subject: z.string(),
  allowed: z.boolean(),
  changes: z.boolean(),
  reason: z.string(),
});

/**
 * Adds to a node's trail what the guard has noted in a session that ran apart. A program in a sandbox cannot reach the trail
 * itself, so it cannot take anything back that stands there; of its own session it could have written anything.
 *
 * @param from the session's folder; one that is not there has nothing
 * @param to the folder of the trail
 */
export function keepSessionAudit(from: string, to: string, node: string): void {
  for (const name of namesIn(from)) {
    for (const line of linesOf(join(from, name))) {
      const entry = entryOf(line);
      if (entry !== undefined) appendAudit(to, { ...entry, node });
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d{4}-\d{2}\.jsonl$/.test(name));
  } catch {
    return [];
  }
}

function linesOf(path: string): readonly string[] {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return [];
  }
  try {
    const found = fstatSync(file);
    const plain = found.isFile() && found.nlink === 1 && found.size <= longest;
    return plain ? readFileSync(file, "utf8").split("\n") : [];
  } finally {
    closeSync(file);
  }
}

function entryOf(line: string): z.infer<typeof entrySchema> | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
