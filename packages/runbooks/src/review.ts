import { Connections } from "./connections.ts";
import type { Environment } from "./environment.ts";
import type { Happening, JournalEvent, Person } from "./event.ts";
import { appendEvent, journalLine, readJournal } from "./journal.ts";
import { holdRunbook, type RunbookLock } from "./lock.ts";
import { writeRecord } from "./record.ts";
import { type ReviewedRunbook, type RunbookRequest, refreshRunbook } from "./snapshot.ts";
import { extendTrail } from "./trail/extend.ts";
import { trailFacts } from "./trail-facts.ts";

/** How a person attends to a runbook. */
export interface ReviewOptions {
  readonly by: Person;
  /** Why they approve what is below the quality gate's threshold; absent: they do not. */
  readonly override?: string;
  /** The operator's variables, from which steps get what they name. */
  readonly environment: Environment;
  readonly clock?: () => Date;
  /** Aborting ends the command that runs, as Ctrl-C does. */
  readonly signal?: AbortSignal;
  /** Output of a running command, in characters that are safe for a terminal. */
  readonly onOutput?: (text: string) => void;
  readonly graceMilliseconds?: number;
}

type Noted = Pick<Review, "reviewed" | "clock">;

/** A person at work on a runbook that nobody else can run meanwhile. */
export interface Review extends ReviewOptions {
  readonly reviewed: ReviewedRunbook;
  readonly lock: RunbookLock;
  /** To the hosts on which its steps run. */
  readonly connections: Connections;
}

/**
 * Takes a runbook for a person. Whatever happens to its steps goes through the review that this returns.
 *
 * @throws MeshError `runbook.held` (exit 75) when somebody else has it
 */
export async function beginReview(reviewed: ReviewedRunbook, options: ReviewOptions): Promise<Review> {
  const since = (options.clock ?? systemClock)();
  const lock = await holdRunbook(reviewed.meshRoot, reviewed.runbook.id, options.by, since);
  return { ...options, reviewed, lock, connections: new Connections() };
}

/** Gives the runbook free again. */
export async function endReview(review: Review): Promise<void> {
  await review.connections.close();
  await review.lock.release();
}

/**
 * The same review of the same bytes, after something has been done: with the files, variables, journal and approvals as
 * they are now. An action on a step that something was done to since the last look is refused, so that nobody decides
 * on what they have not seen.
 */
export async function continueReview(review: Review, request: RunbookRequest): Promise<Review> {
  return { ...review, reviewed: await refreshRunbook(review.reviewed, request) };
}

/**
 * Adds to the node's audit trail and then to the journal; on the disk when it returns. In this order, because a line of the
 * journal that the trail does not know has been put there by somebody else.
 *
 * @param also what only the trail keeps
 * @throws MeshError `audit.write` (exit 75)
 */
export async function note(review: Noted, happening: Happening, also: object = {}): Promise<void> {
  const { reviewed } = review;
  const at = (review.clock ?? systemClock)().toISOString();
  const facts = trailFacts(reviewed, happening, journalLine(at, happening));
  if (facts !== undefined) extendTrail(reviewed.meshRoot, reviewed.node, at, () => [{ ...facts, ...also }]);
  await appendEvent(reviewed.journal.file, at, happening);
}

/** Adds what ends an action to the journal and prints the record of the run anew. */
export async function conclude(review: Noted, happening: Happening, also: object = {}): Promise<void> {
  await note(review, happening, also);
  await writeRecord(review.reviewed);
}

/** The journal's events as they are now. */
export async function currentEvents(reviewed: ReviewedRunbook): Promise<readonly JournalEvent[]> {
  return (await readJournal(reviewed.journal.file)).events;
}

function systemClock(): Date {
  return new Date();
}
