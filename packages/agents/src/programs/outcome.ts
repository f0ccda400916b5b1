import { type Changeset, MeshError } from "@memomesh/core";
import { redact, safeText } from "@memomesh/guard";
import type { Desk } from "../session/desk.ts";
import type { Program, Report } from "./program.ts";

/** The most of a program's last words that becomes completion notes, in UTF-16 units. */
const longestNotes = 6000;
const mostNamed = 20;

/**
 * Ends a session whose program has ended without an error and without saying how its work stands.
 *
 * @param worked whether it has changed files or used memo tools
 * @throws MeshError `agent.program.unfinished` when there is nothing that could be called a result
 */
export function endWithout(desk: Desk, program: Program, { answer }: Report, worked: boolean): void {
  if (desk.endAsHeld()) return;
  const { title, doneByEnding } = program;
  const words = redact(answer).trim().slice(0, longestNotes);
  if (!worked && !(doneByEnding && words !== "")) {
    const said = words === "" ? "It said nothing." : `Its last words: ${safeText(words.split("\n", 1)[0] ?? "")}`;
    throw new MeshError(
      "agent.program.unfinished",
      `${title} ended without finish, ask or decline, and has changed and sent nothing; the memo waits. ${said}`,
    );
  }
  const unsaid = `${title} did not say which action items are done, and what is not known.`;
  const told = {
    notes: words === "" ? `${title} has ended and said nothing.` : words,
    done: [],
    unknown: doneByEnding ? [] : [unsaid],
  };
  // What such a program prints is all that it says, and so what it hands over as well.
  if (doneByEnding && words !== "" && desk.handover === undefined) desk.report({ handover: words });
  const { runbook } = desk;
  desk.end(runbook === undefined ? { kind: "done", ...told } : { kind: "prepared", ...told, runbook });
}

/**
 * Ends a session whose program waits for a person before it uses a tool.
 *
 * @param goesOn whether the answer finds the program where it stands
 */
export function leaveToOperator(
  desk: Desk,
  { title }: Program,
  { tool, input }: NonNullable<Report["deferred"]>,
  goesOn: boolean,
): void {
  const then = goesOn
    ? "It was not done. Begin your answer with yes, and the program asks its hooks once more and goes on where it stands; with anything else it is refused. It reads the rest of your answer, too."
    : "It was not done. The session starts again with your answer; say what it shall do instead, or that it was done by hand.";
  const { subject, priority } = desk.context.memo.header;
  const use = redact(JSON.stringify(input, undefined, 2) ?? "").slice(0, longestNotes);
  const indented = use.replaceAll(/^/gm, "    ");
  desk.end({
    kind: "asked",
    notes: `${title} stopped before a use of ${tool} that one of its hooks leaves to a person.`,
    question: {
      to: ["operator"],
      type: "question",
      priority,
      subject: `Whether ${tool} may be used: ${subject}`,
      body: `${title} wants to use ${tool}, and one of its hooks leaves that to a person:\n\n${indented}\n\n${then}`,
    },
  });
}

/** Adds a sentence to the notes, when there is one. */
export function withNote({ outcome, ...changeset }: Changeset, note: string | undefined): Changeset {
  return { ...changeset, outcome: note === undefined ? outcome : { ...outcome, notes: `${outcome.notes}\n\n${note}` } };
}

/** Adds to the notes what the program left behind and was not taken over. */
export function withRefused({ outcome, ...changeset }: Changeset, refused: readonly string[]): Changeset {
  if (refused.length === 0) return { ...changeset, outcome };
  const lines = refused.slice(0, mostNamed).map((each) => `- ${safeText(each)}`);
  const more = refused.length > mostNamed ? [`- and ${refused.length - mostNamed} more`] : [];
  const notes = [outcome.notes, "", "Left behind and not taken over:", "", ...lines, ...more].join("\n");
  return { ...changeset, outcome: { ...outcome, notes } };
}
