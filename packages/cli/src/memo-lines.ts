import { idSuffix } from "@memomesh/core";
import type { BoxEntry } from "@memomesh/mesh";
import { shown, shownTime } from "./here.ts";
import { paint, type Text, table } from "./text.ts";

/** What a program gets to know of a memo in a list. */
export function memoData({ node, box, path, header, problem, rejection }: BoxEntry): object {
  return { node, box, path, ...header, problem: problem?.sentence, rejection };
}

/** Memos as aligned lines: short id, date, priority where it matters, from, what, state. */
export function memoLines(entries: readonly BoxEntry[], options: { node: boolean }): Text[] {
  return table(
    entries.map((entry) => {
      const { header } = entry;
      const place = options.node ? [entry.node] : [];
      if (header === undefined)
        return [
          paint("red", "?????"),
          ...place,
          "",
          "",
          "",
          `${shown(entry.path)}: ${entry.rejection ?? entry.problem?.sentence}`,
        ];
      return [
        paint("cyan", header.id === undefined ? "" : idSuffix(header.id)),
        ...place,
        shownTime(header.date ?? ""),
        ["high", "urgent"].includes(header.priority) ? paint("yellow", header.priority) : "",
        `${header.from ?? "operator"} to ${header.to.join(", ")}`,
        header.subject,
        paint("dim", stateOf(entry)),
      ];
    }),
  );
}

function stateOf({ box, header, rejection }: BoxEntry): string {
  if (box === "rejected") return `rejected: ${rejection ?? "see the file beside it"}`;
  if (box === "outgoing") return "not delivered yet";
  return header?.status ?? (box === "incoming" ? "waits" : "");
}
