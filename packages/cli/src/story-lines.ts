import { idSuffix } from "@memomesh/core";
import { runbookReference } from "@memomesh/mesh";
import type { Story } from "@memomesh/mesh/why";
import { shownTime } from "./here.ts";
import { paint, type Text, text } from "./text.ts";

/** A story for a person: what it is about, who asked, who prepared, who judged, who decided, what came of it. */
export function storyLines(story: Story): Text[] {
  const { about, spots, notes, memos, decisions, runbooks, lessons } = story;
  const places = spots.filter(({ file, text: said }) => said !== undefined || file !== about);
  const chapters: readonly (readonly [title: string, lines: readonly Text[]])[] = [
    ["Asked", memos.flatMap(memoLines)],
    // What was decided on a step is told with the step.
    ["Recorded", decisions.filter(({ digest }) => digest === "" || runbooks.length === 0).map(decisionLine)],
    ...runbooks.map((runbook) => ["Carried out", runbookLines(runbook)] as const),
    ["Learned", lessons.flatMap(lessonLines)],
  ];
  const told = chapters.filter(([, lines]) => lines.length > 0);
  return [
    paint("bold", about),
    ...places.map(({ file, line, text: said }) => {
      const place = line === undefined ? file : `${file}:${line}`;
      if (place === about) return text`  ${said ?? ""}`;
      return text`  ${paint("cyan", place)}${said === undefined ? "" : "  "}${paint("dim", said ?? "")}`;
    }),
    ...notes.map((note) => text`  ${paint("yellow", note)}`),
    ...told.flatMap(([title, lines]) => [text``, paint("bold", title), ...lines.map((line) => text`  ${line}`)]),
    ...(told.length === 0 ? [text``, text`Nothing in the history or the archive tells more.`] : []),
  ];
}

function memoLines({ id, from, to, date, type, subject, says, status }: Story["memos"][number]): Text[] {
  const kind = type === undefined ? "" : ` (${type})`;
  return [
    text`${paint("dim", shownTime(date))}  ${from} wrote to ${to.join(", ")}: ${paint("bold", subject)}${kind}, now ${status}`,
    ...(says === undefined ? [] : [text`  ${says}`]),
    link(`memomesh memo show ${idSuffix(id)}`),
  ];
}

function decisionLine({
  at,
  what,
  author,
  agent,
  model,
  approvedBy,
  digest,
  commit,
}: Story["decisions"][number]): Text {
  const by = agent === "" ? author : `agent ${agent}${model === "" ? "" : ` (${model})`}`;
  const who = approvedBy === "" ? `by ${by}` : `approved by ${approvedBy}`;
  const bytes = digest === "" ? "" : ` on ${shortDigest(digest)}`;
  return text`${paint("dim", shownTime(at))}  ${what}, ${who}${bytes}  ${paint("yellow", commit.slice(0, 9))}`;
}

function runbookLines({ title, file, target, gate, opinion, state, steps }: Story["runbooks"][number]): Text[] {
  const score = gate === undefined ? "no gate has scored it" : `gate ${gate} of 100`;
  const concerned = steps.filter((step) => step.concerned);
  const shown = concerned.length > 0 ? concerned : steps;
  return [
    text`${paint("bold", title)} at ${target}: ${state}; ${score}`,
    ...(opinion === undefined ? [] : [opinionLine(opinion)]),
    ...shown.flatMap(stepLines),
    ...(shown.length < steps.length ? [paint("dim", `and ${steps.length - shown.length} other steps`)] : []),
    link(`memomesh runbook show ${runbookReference(file)}`),
  ];
}

const verdicts: Readonly<Record<string, string>> = { agree: "agreed", disagree: "disagreed", none: "gave no opinion" };

function opinionLine({
  agent,
  model,
  verdict,
  reasons,
  stale,
}: NonNullable<Story["runbooks"][number]["opinion"]>): Text {
  const who = model === undefined ? agent : `${agent} (${model})`;
  return text`second opinion: ${who} ${verdicts[verdict] ?? verdict}${stale ? ", about an earlier text" : ""}: ${reasons}`;
}

function stepLines({ number, title, state, approvals, events }: Story["runbooks"][number]["steps"][number]): Text[] {
  const last = approvals.at(-1);
  const approved =
    last === undefined
      ? "nobody has approved it"
      : `${last.action === "run" ? "" : "undo "}approved by ${last.by} at ${shownTime(last.at)} on ${shortDigest(last.digest)}`;
  const end = events.findLast((event) => /^\S+ (?:run|check|undo): |^\S+ (?:done by hand|skipped) by /.test(event));
  const result = end === undefined ? "" : `; ${end.slice(end.indexOf(" ") + 1)}`;
  return [text`step ${number}, ${title}: ${paint("bold", state)}; ${approved}${result}`];
}

function lessonLines({ file, line, title, symptom, fix, applies }: Story["lessons"][number]): Text[] {
  const reason = applies === "" ? "" : ` (applies to ${applies})`;
  return [
    text`${paint("bold", title)}${reason}  ${paint("cyan", `${file}:${line}`)}`,
    ...(symptom === "" ? [] : [text`  seen as: ${oneLine(symptom)}`]),
    ...(fix === "" ? [] : [text`  fix: ${oneLine(fix)}`]),
  ];
}

function link(command: string): Text {
  return text`  ${paint("cyan", command)}`;
}

/** As much of a digest as a person compares by eye. */
function shortDigest(digest: string): string {
  return digest.replace(/^(sha256:)?([0-9a-f]{12})[0-9a-f]*$/, "$1$2…");
}

function oneLine(words: string): string {
  return words.replace(/\s+/g, " ").trim();
}
