import { dollars } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import type { LogEntry } from "@memomesh/mailbox";
import type { Brief, BriefCost } from "./brief.ts";
import type { Pending } from "./pending.ts";

/** The most that is listed of one kind: it is one page. */
const most = 8;

/** A brief as Markdown, with times of this place. Pure. */
export function briefText({ mesh, at, since, pending, moved, cost, problems }: Brief): string {
  const stuck = pending.filter((each) => each.stuck);
  const fresh = pending.filter((each) => !each.stuck);
  const yours = fresh.filter(({ whom }) => whom === "you");
  const others = fresh.filter(({ whom }) => whom !== "you");
  const item = (each: Pending) => pendingLine(each, at);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ["Stuck", listed(stuck, item)],
    ["Waits for you", listed(yours, item)],
    ["Waits for others", listed(others, item)],
    ["Nodes that cannot be used", problems.map(({ node, reason }) => `- ${node}: ${inline(reason)}`)],
    ["Moved", moved.flatMap(({ node, decisions }) => [`**${node}**`, "", ...listed(decisions, decisionLine), ""])],
    ["Cost", [costLine(cost)]],
  ];
  const quiet = pending.length === 0 ? ["", "Nothing waits for anybody."] : [];
  return [
    `# ${briefSubject({ mesh, at })}`,
    "",
    `Since ${clock(since)}.${moved.length === 0 ? " Nothing has moved." : ""}`,
    ...quiet,
    ...sections.flatMap(([title, lines]) => (lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines])),
    "",
  ]
    .join("\n")
    .replace(/\n{3,}/g, "\n\n");
}

/** What a brief is called. */
export function briefSubject({ mesh, at }: Pick<Brief, "mesh" | "at">): string {
  return `Brief of ${inline(mesh)}, ${clock(at)}`;
}

function listed<T>(all: readonly T[], line: (each: T) => string): string[] {
  const rest = all.length - most;
  return [...all.slice(0, most).map(line), ...(rest > 0 ? [`- and ${rest} more`] : [])];
}

const whats: Readonly<Record<Pending["what"], string>> = {
  runbook: "a runbook to decide on",
  answer: "an answer is missing",
  failed: "its sessions failed",
  work: "to be worked on",
  stranded: "not delivered",
};

function pendingLine({ what, node, subject, whom, since, command }: Pending, at: string): string {
  const when = since === "" ? "" : `, since ${clock(since)} (${lasting(Date.parse(at) - Date.parse(since))})`;
  return `- **${inline(subject)}** at ${node}: ${whats[what]}, waits for ${whom}${when}: \`${command}\``;
}

function decisionLine({ date, subject, author, trailers }: LogEntry): string {
  const value = (name: string) => trailers.find(([found]) => found === name)?.[1];
  const agent = value("Agent");
  const who = value("Approved-By")?.replace(/ <[^>]*>$/, "") ?? (agent === undefined ? author.name : `agent ${agent}`);
  return `- ${clock(date)} ${inline(subject)} (${inline(who)})`;
}

function costLine({ month, sinceThen, thisMonth, forecast, budget, unpriced }: BriefCost): string {
  const limit = budget === undefined ? "" : ` of ${dollars(budget)}`;
  const ahead = forecast === undefined ? "" : `, ${dollars(forecast)} by its end if it goes on like this`;
  const left = unpriced === 0 ? "" : `; ${unpriced} calls of unknown price are not counted`;
  return `${dollars(sinceThen)} since then; ${dollars(thisMonth)}${limit} in ${month}${ahead}${left}.`;
}

/** How long something lasts, in the largest unit that says something. */
function lasting(milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  const [count, unit] = hours < 1 ? [hours * 60, "minute"] : hours < 48 ? [hours, "hour"] : [hours / 24, "day"];
  const whole = Math.max(0, Math.floor(count));
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}

function clock(iso: string): string {
  const time = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Words of others on one line, in which no character is Markdown. */
function inline(words: string): string {
  return safeText(words.replace(/\s+/g, " ").trim()).replace(/[\\`*_[\]<>|]/g, "\\$&");
}
