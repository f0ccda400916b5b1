import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { sha256, type TrailLine } from "@memomesh/core";
import { journalFile } from "@memomesh/runbooks";
import type { Mesh } from "../load.ts";
import type { AuditProblem } from "./chain-problems.ts";

/** What comparing the record of a runbook with the trail has shown. */
export interface RecordComparison {
  readonly problems: readonly AuditProblem[];
  /** What a crash explains as well. */
  readonly notes: readonly AuditProblem[];
  /** Events of the time before the node had a trail. */
  readonly before: number;
}

/**
 * Compares the journal beside a runbook with the node's trail, which was written first and holds the digest of each of
 * its lines: a line that was changed, added or taken out does not fit.
 *
 * @param path the runbook; absolute
 * @param own the trail's entries about it
 * @param began when the trail begins, ISO 8601
 */
export function compareRecord(
  mesh: Mesh,
  path: string,
  own: readonly TrailLine[],
  began: string | undefined,
): RecordComparison {
  const file = relative(mesh.root, journalFile(path));
  const lines = journalLines(journalFile(path));
  const told = new Set(own.map(({ entry }) => entry.journal));
  const strange = lines.filter(({ digest, type }) => type !== "spawned" && !told.has(digest));
  const isOld = ({ at }: JournalLine) => began === undefined || at < began;
  const problems: AuditProblem[] = strange
    .filter((each) => !isOld(each))
    .map(({ line, type }) => {
      return {
        file,
        line,
        sentence: `the audit trail knows nothing of this "${type}": the line was changed or put in.`,
      };
    });
  const notes: AuditProblem[] = [];
  const there = new Set(lines.map(({ digest }) => digest));
  for (const [index, { entry, line }] of own.entries()) {
    if (there.has(String(entry.journal))) continue;
    const went = own.slice(index + 1).some((later) => later.entry.process === entry.process);
    const what = `the "${entry.type}" of step ${entry.step ?? "-"} that entry ${entry.n} of the trail (line ${line}) tells of is not in it`;
    if (went) problems.push({ file, sentence: `${what}: the line was changed or taken out.` });
    else
      notes.push({
        file,
        sentence: `${what}: the program was ended before it could write it, or the line was taken out.`,
      });
  }
  return { problems, notes, before: strange.filter(isOld).length };
}

interface JournalLine {
  readonly line: number;
  readonly digest: string;
  readonly type: string;
  readonly at: string;
}

/** Lines that were torn when a process died hold no event and are left out. */
function journalLines(path: string): readonly JournalLine[] {
  return textOf(path)
    .split("\n")
    .flatMap((text, index) => {
      try {
        const { type, at } = JSON.parse(text) as { type?: unknown; at?: unknown };
        return [{ line: index + 1, digest: sha256(text), type: String(type), at: String(at) }];
      } catch {
        return [];
      }
    });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
