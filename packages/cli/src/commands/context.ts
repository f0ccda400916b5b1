import { dollars } from "@memomesh/core";
import { type ContextPreview, findMemoEntry, loadMesh, previewContext, requireNode } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { block, paint, type Text, table, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh context sysadmin", "what a session on its next memo would be told"],
    [
      "memomesh context sysadmin 7w1xb --parts",
      "only the parts, with their tokens and what was left out, and the lessons, with why each was chosen",
    ],
    ["memomesh context sysadmin --json | jq -r .told.prompt", "exactly what would be sent"],
  ])
    .argument("<node>", "whose session")
    .argument("[memo]", "its id, or the end of it (default: the memo that is next)")
    .option("--parts", "without the texts")
    .action(async (id: string, reference: string | undefined, { parts = false }: { parts?: boolean }) => {
      const mesh = await loadMesh(process.cwd());
      const node = requireNode(mesh, id);
      const path = reference === undefined ? undefined : (await findMemoEntry([node], reference)).path;
      const preview = await previewContext(mesh, node, path);
      output.data(preview);
      for (const line of headLines(preview)) output.line(line);
      for (const line of lessonRows(preview)) output.line(line);
      const { told } = preview;
      if (told === undefined || parts) return;
      const tools = told.tools.map(
        ({ name, description, input }) => `${name}: ${description}\n${JSON.stringify(input)}`,
      );
      for (const [name, value] of [
        ["System", told.system],
        ["First message", told.prompt],
        ["Tools", tools.join("\n\n")],
      ] as const) {
        output.line();
        output.line(paint("bold", name));
        output.line(block(value.trimEnd()));
      }
    });
};

/** What the memory has given, why, and for what there was no room. */
function lessonRows({ lessons, told }: ContextPreview): Text[] {
  if (lessons.length === 0) return [];
  const left = lessons.filter((each) => !each.told).length;
  const heading = [
    told === undefined ? "Lessons that a model would be told, and why" : "Lessons, and why they were chosen",
    ...(left === 0 ? [] : [`${left} of ${lessons.length} left out: no room`]),
  ].join("; ");
  const rows = lessons
    .slice(0, mostLessons)
    .flatMap(({ origin, title, why, tokens, told: sent }) => [
      text``,
      text`${sent ? title : paint("yellow", `left out: ${title}`)}  ${paint("dim", `${origin}, ${tokens} tokens`)}`,
      text`  ${why}`,
    ]);
  const more = lessons.length - mostLessons;
  return [
    text``,
    paint("bold", heading),
    ...rows,
    ...(more > 0 ? [paint("dim", `and ${more} more; --json has them all`)] : []),
  ];
}

/** More lessons are no longer read. */
const mostLessons = 30;

const tainted = "it holds words from outside, so memos to third nodes and lessons become proposals to the operator";

function headLines({ node, subject, agent, model, limits, outside, told, tokens }: ContextPreview): Text[] {
  const who = model === undefined ? agent : `${agent} (${model})`;
  const cost = limits.cost === undefined ? "" : `, ${dollars(limits.cost)}`;
  const lines = [
    text`${paint("bold", node)}  ${subject}`,
    paint(
      "dim",
      `${who}; at most ${limits.turns} turns, ${limits.tokens.toLocaleString("en-US")} tokens${cost}, ${limits.seconds} s`,
    ),
  ];
  if (outside.length > 0) lines.push(paint("yellow", `tainted by ${outside.join(", ")}: ${tainted}`));
  if (told === undefined || tokens === undefined)
    return [...lines, text``, text`Nothing is sent: this agent reads files on this machine and asks no model.`];
  const row = (name: string, count: number, origin: string, left = "") => [
    name,
    `${count.toLocaleString("en-US").padStart(7)} tokens`,
    paint("dim", origin),
    paint("yellow", left),
  ];
  const rows = [
    row("rules", tokens.rules, "the mesh; the same for all sessions"),
    ...told.parts.map((part) => row(part.name, part.tokens, part.origin, part.left)),
    row("tools", tokens.tools, `${told.tools.length} of the mesh`),
    row("total", tokens.total, ""),
  ];
  return [
    ...lines,
    text``,
    ...table(rows),
    paint("dim", "Tokens are estimated; vendors count them in ways of their own."),
  ];
}
