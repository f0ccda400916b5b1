import { openItems, type RunbookReview } from "@memomesh/mesh";
import { recordFile } from "@memomesh/runbooks";
import type { Output } from "./output.ts";
import type { Asker } from "./question.ts";
import { paint, table, text } from "./text.ts";

type Item = ReturnType<typeof openItems>[number];

/**
 * Asks which action items of the memo are done now, completes and archives it, and tells where.
 *
 * @param shown a path as a person would type it
 * @returns whether the memo is completed; a person who breaks the question off leaves it open
 */
export async function completeMemo(
  review: RunbookReview,
  asker: Asker,
  output: Output,
  shown: (path: string) => string,
): Promise<boolean> {
  const waiting = await review.waitingMemo();
  if (waiting === undefined) return false;
  const { fulfilled, total } = await review.progress();
  const { subject } = waiting.memo.header;
  output.line();
  output.line(text`All ${total} steps are decided, ${fulfilled} of them are in place.`);
  const done = await askItems(openItems(waiting.memo), fulfilled === total, asker, output);
  if (done === undefined) {
    output.line(text`The memo stays open; the next review of this runbook asks again.`);
    return false;
  }
  const archived = await review.complete(waiting, done);
  output.line();
  output.line(text`${paint("green", "done")}  "${subject}" is completed, archived and committed`);
  const { path } = review.current.reviewed;
  for (const line of table(
    [
      [paint("dim", "memo"), shown(archived)],
      [paint("dim", "record"), shown(recordFile(path))],
    ],
    2,
  ))
    output.line(line);
  return true;
}

/** @returns indices of the items that are done; undefined when the question was broken off */
async function askItems(
  items: readonly Item[],
  complete: boolean,
  asker: Asker,
  output: Output,
): Promise<readonly number[] | undefined> {
  if (items.length === 0 && complete) return [];
  if (items.length === 0) {
    const sure = await asker.choose("Complete the memo all the same (yes, no)? ", { yes: true, no: false });
    return sure ? [] : undefined;
  }
  output.line(text`Action items of the memo that are not ticked yet:`);
  items.forEach((item, index) => void output.line(text`  ${paint("bold", index + 1)}  ${item.text}`));
  const choices = complete ? "Enter for all, numbers such as 1 3, or none" : "all, numbers such as 1 3, or none";
  for (;;) {
    const answer = await asker.ask(`Which are done? (${choices}) `);
    if (answer === undefined) return undefined;
    const chosen = chosenItems(items, answer === "" && complete ? "all" : answer);
    if (chosen !== undefined) return chosen;
    output.line(text`Type all, none, or numbers from 1 to ${items.length}, then Enter.`);
  }
}

/** @returns undefined when the answer is none */
function chosenItems(items: readonly Item[], answer: string): readonly number[] | undefined {
  if (answer === "all") return items.map(({ index }) => index);
  if (answer === "none") return [];
  const chosen = answer.split(/[\s,]+/).map((number) => items[Number(number) - 1]?.index);
  return chosen.every((index) => index !== undefined) ? chosen : undefined;
}
