import {
  type Changeset,
  type FileChange,
  idSuffix,
  isFromOutside,
  isThird,
  type LessonDraft,
  lessonsPath,
  type Memo,
  type Outcome,
  type OutgoingMemo,
  printLesson,
  quotation,
} from "@memomesh/core";

/** Something that a session wanted and only a person may do. */
interface Proposal {
  /** For the completion notes, on one line. */
  readonly what: string;
  /** Markdown of the agent's own. */
  readonly text: string;
}

/**
 * What a session may do after it has read words from outside of the mesh: its answers to the sender and to the operator
 * stay and say where they come from; memos to third nodes and lessons become proposals to the operator, and the
 * completion notes say so. Without such words the changeset stays as it is. Pure.
 *
 * @param read the memo that was worked on, and the others of its thread that the session was shown
 * @see docs/security.md
 */
export function withoutTaint(changeset: Changeset, memo: Memo, read: readonly Memo[]): Changeset {
  const outside = [memo, ...read].filter(({ header }) => isFromOutside(header));
  if (outside.length === 0) return changeset;
  const { memos, files, lessons = [], outcome, wish, ...rest } = changeset;
  const proposals = [
    ...memos.flatMap((each) => thirdOf(each, memo)),
    ...lessons.map(lessonProposal),
    ...files.filter(isLessons).map(fileProposal),
  ];
  const kept = memos.flatMap((each) => withoutThird(each, memo));
  const why = `This session has read words from outside of the mesh (${outside.map(nameOf).join(", ")}).`;
  return {
    ...rest,
    ...(wish === undefined ? {} : { wish: { ...wish, origin: "outside" } }),
    files: files.filter((file) => !isLessons(file)),
    memos: proposals.length === 0 ? kept : [...kept, proposalMemo(memo, why, proposals)],
    outcome: fromOutside(outcome, memo, why, proposals),
  };
}

/** How a person is told which memo it was. */
export function nameOf({ header }: Memo): string {
  const { id = "", type = "memo", from = "operator" } = header;
  return `${type} ${idSuffix(id)} from ${from}`;
}

function withoutThird(sent: OutgoingMemo, { header }: Memo): OutgoingMemo[] {
  const to = sent.to.filter((id) => !isThird(id, header));
  return to.length === 0 ? [] : [{ ...sent, to, origin: "outside" }];
}

function thirdOf({ to, subject, type, body }: OutgoingMemo, { header }: Memo): Proposal[] {
  const third = to.filter((id) => isThird(id, header));
  if (third.length === 0) return [];
  const what = `the ${type} "${subject}" to ${third.join(", ")}`;
  return [{ what, text: `# ${subject}\n\n${body}` }];
}

function lessonProposal(lesson: LessonDraft): Proposal {
  return { what: `the lesson "${lesson.title}"`, text: printLesson(lesson) };
}

function isLessons({ path }: FileChange): boolean {
  return path.toLowerCase() === lessonsPath("");
}

function fileProposal({ path, content }: FileChange): Proposal {
  return { what: `a change of ${path}`, text: content ?? "It is deleted." };
}

function proposalMemo({ header }: Memo, why: string, proposals: readonly Proposal[]): OutgoingMemo {
  const sections = proposals.map(({ what, text }) => `${sentence(what)}:\n\n${quotation(text)}`);
  return {
    to: ["operator"],
    subject: `Proposed after an outside text: ${proposals.length === 1 ? "one thing" : `${proposals.length} things`} for you to decide`,
    type: "notice",
    priority: header.priority,
    body: `${why} So nothing of this was sent or recorded. What you agree with, send or record yourself.\n\n${sections.join("\n\n")}`,
    answers: false,
    origin: "outside",
  };
}

function fromOutside(outcome: Outcome, { header }: Memo, why: string, proposals: readonly Proposal[]): Outcome {
  const proposed = proposals.map(({ what }) => what).join("; ");
  const notes =
    proposed === "" ? outcome.notes : `${outcome.notes}\n\n${why} Proposed to the operator instead: ${proposed}.`;
  if (outcome.kind !== "asked") return { ...outcome, notes };
  const third = outcome.question.to.some((id) => isThird(id, header));
  const question = { ...outcome.question, origin: "outside" as const };
  // Somebody has to be asked, or the memo waits for ever.
  return { ...outcome, notes, question: third ? { ...question, to: ["operator"] } : question };
}

function sentence(what: string): string {
  return what.replace(/\s+/g, " ").replace(/^./, (first) => first.toUpperCase());
}
