import type { LogEntry } from "@memomesh/mailbox";
import { shownTime } from "./here.ts";
import { paint, type Text, table } from "./text.ts";

/** Commits as aligned lines: when, hash, at which node, what happened, who is behind it. */
export function decisionLines(decisions: readonly LogEntry[], indent = 0): Text[] {
  return table(
    decisions.map(({ date, hash, subject, trailers, author }) => {
      const value = (name: string) => trailers.find(([key]) => key === name)?.[1];
      const who = value("Approved-By") ?? (value("Agent") === undefined ? author.name : `agent ${value("Agent")}`);
      return [
        paint("dim", shownTime(date)),
        paint("yellow", hash.slice(0, 9)),
        value("Node") ?? "",
        subject,
        paint("dim", who),
      ];
    }),
    indent,
  );
}
