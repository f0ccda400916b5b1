import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { findRunbook, type Mesh, readBox, readDecisions, readRunbook } from "@memomesh/mesh";
import { recordFile, standing, stateWord } from "@memomesh/runbooks";
import { atMost, proseLines } from "../layout.ts";
import type { Output } from "../output.ts";
import { paint, table, text } from "../text.ts";
import { say, usualWidth } from "./tell.ts";
import { tellingDecisions } from "./telling-decisions.ts";

/** Lines of the archived memo. */
const mostOfMemo = 12;

/** Lines of the history that the demo ends with. */
const mostDecisions = 14;

/** What is left of a runbook when all is done: its memo, its record, and the history of the mesh. */
export async function showTrail(mesh: Mesh, runbook: string, output: Output): Promise<void> {
  const { node, path, reviewed } = await readRunbook(mesh, await findRunbook(mesh, runbook, mesh.root));
  const memo = (await readBox(node, "archived")).find(({ header }) => header?.id === reviewed?.runbook.memo);
  if (memo === undefined) {
    say(
      output,
      "The first memo is not archived: it waits in the inbox until its runbook is decided and it is completed.",
    );
  } else {
    const source = await readFile(memo.path, "utf8");
    const end = source.slice(Math.max(0, source.indexOf("## Action items"))).trimEnd();
    output.line(paint("dim", text`   ${relative(mesh.root, memo.path)}`));
    const lines = proseLines(end, { width: (output.columns ?? usualWidth) - 5 });
    for (const line of atMost(lines, mostOfMemo)) output.line(text`   ${paint("dim", "│")} ${line}`);
  }

  output.line();
  output.line(paint("dim", text`   ${relative(mesh.root, recordFile(path))}`));
  const rows = (reviewed?.steps ?? []).map(({ step, state }) => {
    const now = standing(state);
    return [step.number, step.title, stateWord(now), "by" in now ? now.by.name : ""];
  });
  for (const line of table(rows)) output.line(text`   ${paint("dim", "│")} ${line}`);

  const decisions = await readDecisions(mesh, { limit: 100 });
  const told = tellingDecisions(decisions, mostDecisions);
  output.line();
  output.line(paint("dim", text`   git log; ${decisions.length - told.length} more with memomesh log`));
  const history = told.map(({ hash, subject, trailers }) => {
    const value = (name: string) => trailers.find(([key]) => key === name)?.[1];
    const agent = value("Agent");
    const who = value("Approved-By")?.replace(/ <.*>$/, "") ?? (agent === undefined ? "" : `agent ${agent}`);
    return [paint("yellow", hash.slice(0, 7)), subject, paint("dim", who)];
  });
  for (const line of table(history, 3)) output.line(line);
}
