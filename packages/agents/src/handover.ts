const note = /^- memo ([0-9a-z]{5}): /;

/**
 * The handover notes with what a session leaves to the next one: one line for each memo, the newest first. What a person
 * wrote there stays above them, and the lines about other memos stay below.
 *
 * @param existing the notes as they are
 * @param memo end of the memo's id
 * @param most how many memos have a line
 */
export function handoverWith(existing: string, memo: string, text: string, most = 8): string {
  const lines = existing.split(/\r?\n/).filter((line) => note.exec(line)?.[1] !== memo);
  const others = lines.filter((line) => note.test(line)).slice(0, most - 1);
  const people = lines
    .filter((line) => !note.test(line))
    .join("\n")
    .trim();
  const notes = [`- memo ${memo}: ${text.replace(/\s+/g, " ")}`, ...others].join("\n");
  return people === "" ? notes : `${people}\n\n${notes}`;
}
