import { idSuffix } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import type { Story } from "./story.ts";

/** The most of one kind that a short story names. */
const most = 8;

/** A story in a few lines of Markdown. What came from files and people in it stays words. */
export function storyMarkdown({ about, spots, notes, memos, decisions, runbooks, lessons }: Story): string {
  const places = spots.slice(0, most).map(({ file, line, text }) => {
    const place = code(line === undefined ? file : `${file}:${line}`);
    return text === undefined ? place : `${place}: ${code(text)}`;
  });
  const asked = memos.slice(-most).map(({ date, from, to, subject, id, status, says }) => {
    const words = says === undefined ? "" : `. It says: ${code(says)}`;
    return `${day(date)} ${from} wrote to ${to.join(", ")}: ${code(subject)} (memo ${idSuffix(id)}, ${status})${words}`;
  });
  const recorded = decisions.slice(-most).map(({ at, what, agent, model, author, approvedBy, commit }) => {
    const by = agent === "" ? code(author) : `agent ${agent}${model === "" ? "" : ` (${model})`}`;
    const who = approvedBy === "" ? `by ${by}` : `approved by ${code(approvedBy)}`;
    return `${day(at)} ${code(what)}, ${who} (commit ${commit.slice(0, 9)})`;
  });
  const carriedOut = runbooks.slice(-most).map(({ title, file, target, state, gate, steps }) => {
    const concerned = steps.filter((step) => step.concerned);
    const told = (concerned.length > 0 ? concerned : steps).slice(0, most).map((step) => {
      const last = step.approvals.at(-1);
      return `step ${step.number} ${step.state}${last === undefined ? "" : `, approved by ${code(last.by)}`}`;
    });
    const score = gate === undefined ? "" : `, gate ${gate} of 100`;
    return `${code(title)} at ${target}: ${state}${score}; ${told.join("; ")} (${code(file)})`;
  });
  const learned = lessons.slice(0, most).map(({ title, file, line }) => `${code(title)} (${code(`${file}:${line}`)})`);
  const chapters = [
    ["Stands at", [...places, ...notes.map((note) => safeText(note))]],
    ["Asked", asked],
    ["Recorded", recorded],
    ["Carried out", carriedOut],
    ["Learned", learned],
  ] as const;
  const told = chapters.filter(([, lines]) => lines.length > 0);
  return [
    `What the history and the archive tell of ${code(about)}:`,
    ...told.map(([title, lines]) => `${title}:\n\n${lines.map((line) => `- ${line}`).join("\n")}`),
  ].join("\n\n");
}

function code(text: string): string {
  return `\`${safeText(text.replace(/\s+/g, " ").trim()).replaceAll("`", "'") || " "}\``;
}

function day(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}
