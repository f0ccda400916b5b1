import * as z from "zod";
import { splitFrontmatter } from "./frontmatter.ts";
import { withHeader } from "./header.ts";
import { type Problem, problemsError } from "./problem.ts";
import { checkValue } from "./schema.ts";
import { type StageRecord, stageStates } from "./stage-state.ts";

const whole = (most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, "a whole number")
    .transform(Number)
    .pipe(z.number().max(most, `a number of at most ${most}`));

const path = z.string().regex(/^[^\r\n]+$/, "a path relative to the mesh's root");

/** Unknown names are kept and ignored: people may add lines of their own. */
const recordSchema = z.object({
  stage: z.string(),
  state: z.enum(stageStates),
  plan: path.optional(),
  runbook: path.optional(),
  memos: z.array(z.string()).default([]),
  gate: whole(100).optional(),
  rounds: whole(100_000).default(0),
  documentation: path.optional(),
  waivedBy: z.string().optional(),
  waivedWhy: z.string().optional(),
});

/**
 * Reads the file in which a stage's state is kept: front matter, and below it what happened, for people.
 *
 * @throws MeshError `stage.state.*` with file and line
 */
export function parseStageState(source: string, file: string): StageRecord {
  const front = splitFrontmatter(source, file, "stage.state");
  const present = Object.fromEntries(Object.entries(front.data).filter(([, value]) => value !== ""));
  const checked = checkValue(recordSchema, present);
  if (!checked.ok) {
    const problems = checked.refusals.map(
      ({ path, sentence }): Problem => ({ code: "stage.state.header", line: front.lineOf(String(path[0])), sentence }),
    );
    throw problemsError(file, problems);
  }
  const { waivedBy, waivedWhy = "", ...said } = checked.value;
  const told = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as typeof said;
  return { ...told, ...(waivedBy === undefined ? {} : { waiver: { by: waivedBy, why: waivedWhy } }) } as StageRecord;
}

/** What to tell about a transition. */
export interface StageNote {
  /** ISO 8601. */
  readonly at: string;
  /** The state before. */
  readonly before: string;
  /** Person, or agent and node. */
  readonly by: string;
  /** One line of Markdown. */
  readonly text: string;
}

/**
 * The file of a stage's state after a transition: the header says where it stands, and one line is added to what
 * happened. What people have written there stays.
 *
 * @param source the file before; undefined: there is none yet
 * @param name of the stage
 */
export function printStageState(
  source: string | undefined,
  record: StageRecord,
  name: string,
  note: StageNote,
): string {
  const { waiver, stage, state, plan, runbook, memos, gate, rounds, documentation } = record;
  const start = source ?? `---\nstage: ${stage}\n---\n# ${stage}: ${name.replace(/\s+/g, " ")}\n\n## What happened\n`;
  const changed = withHeader(start, {
    state,
    since: note.at,
    plan,
    runbook,
    memos: memos.length === 0 ? undefined : memos,
    gate,
    rounds,
    documentation,
    waivedBy: waiver?.by,
    waivedWhy: waiver?.why.replace(/\s+/g, " "),
  });
  const line = `- ${note.at}: ${note.before} → ${state}, ${note.by}. ${note.text.replace(/\s+/g, " ").trim()}`;
  return `${changed.trimEnd()}\n${changed.trimEnd().endsWith("## What happened") ? "\n" : ""}${line.trimEnd()}\n`;
}
