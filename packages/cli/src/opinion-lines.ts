import { higherRisk, type OpinionFinding, severities } from "@memomesh/core";
import type { ReviewedRunbook, ReviewedStep } from "@memomesh/runbooks";
import { labelled } from "./label.ts";
import type { Layout } from "./layout.ts";
import { paint, type Style, type Text, text } from "./text.ts";

const styles: Readonly<Record<OpinionFinding["severity"], Style>> = {
  blocker: ["bold", "red"],
  concern: "yellow",
  remark: "dim",
};

const verdicts = {
  agree: paint("green", "agrees"),
  disagree: paint("red", "disagrees"),
  none: paint("yellow", "gave no opinion"),
} as const;

/** Who has looked at a runbook before the person, what they think of it, and what they say about it as a whole. */
export function opinionLines({ opinion: found }: ReviewedRunbook, layout: Layout): Text[] {
  if (found === undefined) return [];
  const heading = [text``, paint("bold", "Second opinion")];
  if (found.state === "unreadable") return [...heading, ...labelled(paint("red", "error"), found.why, layout)];
  const { agent, model, verdict, reasons, findings } = found.opinion;
  const who = model === undefined ? agent : `${agent} (${model})`;
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
  });
  const general = findings.filter(({ step }) => step === undefined);
  return [
    ...heading,
    text`  ${who} ${verdicts[verdict]}${counts.length === 0 ? "" : `: ${counts.join(", ")}`}`,
    ...(found.state === "stale" ? labelled(paint("yellow", "stale"), stale, layout) : []),
    ...labelled(paint("dim", "why"), reasons, layout),
    ...general.flatMap((finding) => findingLines(finding, "", layout)),
  ];
}

const stale = "It is about another text: the runbook was changed since.";

/** What a second agent says about one step, and where it sees another risk than others. */
export function stepOpinionLines({ opinion, risk: { author, classified } }: ReviewedStep, layout: Layout): Text[] {
  if (opinion === undefined) return [];
  const { agent, risk, findings } = opinion;
  const when = opinion.stale ? "of another text: " : "";
  const guard = higherRisk(classified.run?.risk ?? "low", classified.check?.risk ?? "low");
  const others = [
    author === undefined ? "its author does not say it" : `its author says ${author}`,
    ...(classified.run === undefined ? [] : [`the guard ${guard}`]),
  ];
  return [
    ...(risk === undefined
      ? []
      : labelled(paint("yellow", "second"), `${when}${agent} says ${risk} risk; ${others.join(", ")}`, layout)),
    ...findings.flatMap((finding) => findingLines(finding, when, layout)),
  ];
}

function findingLines({ severity, text: says, instead }: OpinionFinding, when: string, layout: Layout): Text[] {
  const better = instead === undefined ? "" : ` Instead: ${instead}`;
  return labelled(paint(styles[severity], "second"), `${when}${severity}: ${says}${better}`, layout);
}
