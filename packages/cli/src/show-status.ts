import { type NodeStatus, readStatusAt } from "@memomesh/mesh";
import { decisionLines } from "./decision-lines.ts";
import { shown, shownTime } from "./here.ts";
import type { Output } from "./output.ts";
import { paint, type Text, table, text } from "./text.ts";

/** The mesh around the current folder at a glance. */
export async function showStatus(output: Output): Promise<void> {
  const status = await readStatusAt(process.cwd(), 5);
  output.data(status);
  for (const line of statusLines(status)) output.line(line);
}

function statusLines(status: Awaited<ReturnType<typeof readStatusAt>>): Text[] {
  const { name, root, coordinator, nodes, waiting, decisions } = status;
  const works =
    coordinator === undefined
      ? "nobody routes memos now (memomesh watch)"
      : `routed by process ${coordinator.pid} since ${shownTime(coordinator.since)}`;
  const lines = [text`${paint("bold", name)}  ${paint("dim", `${shown(root)}, ${works}`)}`];
  if (waiting.length > 0) {
    lines.push(text``, paint("bold", "For you"));
    const styles = { runbook: "magenta", memo: "cyan", proposal: "yellow", failed: "red" } as const;
    lines.push(
      ...table(
        waiting.map(({ what, node, subject, command }) => [
          paint(styles[what], what),
          node,
          subject,
          paint("dim", command),
        ]),
        2,
      ),
    );
  }
  lines.push(text``, paint("bold", "Nodes"), ...table(nodes.map(nodeRow), 2));
  if (decisions.length > 0) lines.push(text``, paint("bold", "Last"), ...decisionLines(decisions, 2));
  return lines;
}

function nodeRow({ id, agent, problem, ...counts }: NodeStatus): (Text | string)[] {
  if (problem !== undefined) return [paint("red", id), "", problem];
  return [id, paint("dim", agent === "none" ? "a person" : agent), countsText(counts)];
}

function countsText({
  waits,
  asked,
  prepared,
  failed,
  outgoing,
  rejected,
}: Omit<NodeStatus, "id" | "agent" | "problem">): Text {
  const counts = [
    waits > 0 ? paint("cyan", `${waits} to do`) : undefined,
    asked > 0 ? text`${asked} asked back` : undefined,
    prepared > 0 ? paint("magenta", `${prepared} to review`) : undefined,
    failed > 0 ? paint("red", `${failed} failed`) : undefined,
    outgoing > 0 ? text`${outgoing} not delivered yet` : undefined,
    rejected > 0 ? paint("yellow", `${rejected} rejected`) : undefined,
  ].filter((count) => count !== undefined);
  if (counts.length === 0) return paint("dim", "nothing waits");
  return counts.reduce((whole, count) => text`${whole}, ${count}`);
}
