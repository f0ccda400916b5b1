import type { ToolCall } from "../model.ts";
import { plain } from "../quote.ts";

/** What each tool does, as a line of progress begins, and the argument that says on what. */
const verbs: Readonly<Record<string, readonly [verb: string, argument: string]>> = {
  list: ["lists", "path"],
  read: ["reads", "path"],
  search: ["searches for", "text"],
  write: ["writes", "path"],
  edit: ["edits", "path"],
  send_memo: ["writes a memo:", "subject"],
  write_runbook: ["writes a runbook:", "title"],
  update_state: ["updates STATE.md", ""],
  propose_change: ["proposes a change of", "path"],
  record_lesson: ["records a lesson:", "title"],
  ask: ["asks", "to"],
  decline: ["declines", ""],
  finish: ["finishes", ""],
};

const longest = 80;

/** One short line about a call, fit for a terminal whatever the model wrote. */
export function callLine({ name, input }: ToolCall): string {
  const [verb, argument] = Object.hasOwn(verbs, name) ? (verbs[name] ?? ["", ""]) : [`calls ${plain(name, 40)}`, ""];
  const value = typeof input === "object" && input !== null ? (input as Record<string, unknown>)[argument] : undefined;
  return typeof value === "string" && value !== "" ? `${verb} ${plain(value, longest)}` : verb;
}

/** Tells the beginning of what a model says, once for each answer, however its text comes in. */
export function firstWords(progress: (text: string) => void): (text: string) => void {
  let said = "";
  let told = false;
  return (text) => {
    if (told) return;
    said = `${said}${text}`.trimStart();
    const line = said.split("\n", 1)[0] ?? "";
    if (line.length <= longest && line.length === said.length) return;
    told = true;
    progress(`says: ${plain(line, longest)}`);
  };
}
