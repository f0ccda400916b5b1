import { higherRisk, type Opinion, type OpinionFinding, type Risk, risks, type Step } from "@memomesh/core";
import type { OwnPrograms } from "@memomesh/guard";
import { plain } from "../quote.ts";
import { because, classified, guardRisk } from "../session/guard-risk.ts";
import { absentParts, changesSomething, unnamedFiles } from "../session/step-lacks.ts";
import type { OpinionQuestion } from "./question.ts";
import { unnamedVariables } from "./unnamed-variables.ts";
import { unpinnedImages } from "./unpinned-images.ts";

type Asked = Pick<OpinionQuestion, "runbook" | "targets" | "files" | "programs">;

const scope =
  "These are fixed checks and no model: of risks against the guard's, checks, undos, needs, images, order and production. They cannot tell whether the runbook does what the memo asks for.";

/** The opinion that needs no key and no network. Pure: the same runbook gives the same opinion. */
export function offlineOpinion(name: string, asked: Asked): Opinion {
  const { programs } = asked;
  const { steps } = asked.runbook;
  const findings = [
    ...productionFindings(asked),
    ...fileFindings(asked),
    ...orderFindings(steps, programs),
    ...steps.flatMap((step) => stepFindings(step, asked)),
  ];
  const commanded = steps.filter(({ run }) => run !== undefined);
  const raised = commanded
    .filter((step) => riskOf(step, programs) !== (step.risk ?? "low"))
    .map(({ number }) => number);
  const serious = findings.filter(({ severity }) => severity !== "remark").length;
  const summary = [
    ...(raised.length === 0 ? [] : [`The guard sees more risk in ${named(raised)} than the author.`]),
    ...(serious === 0 ? [] : [serious === 1 ? "One finding is serious." : `${serious} findings are serious.`]),
  ];
  return {
    agent: name,
    verdict: summary.length === 0 ? "agree" : "disagree",
    reasons: [...(summary.length === 0 ? ["Nothing that was looked for is missing."] : summary), scope].join(" "),
    risks: commanded.map((step) => ({ step: step.number, risk: riskOf(step, programs) })),
    findings: findings.map((finding) => ({ ...finding, text: plain(finding.text, 600) })),
  };
}

/** The guard sees commands and not what hangs on them: where the author sees more risk, the author is right. */
function riskOf({ risk, run, check }: Step, programs: OwnPrograms | undefined): Risk {
  return higherRisk(risk ?? "low", guardRisk(classified(programs, run, check)));
}

function productionFindings({ runbook, targets, programs }: Asked): OpinionFinding[] {
  const there = runbook.steps.filter((step) => targets[step.target ?? runbook.target]?.production === true);
  const numbers = there.filter((step) => changesSomething(step, programs) === "yes").map(({ number }) => number);
  if (numbers.length === 0) return [];
  return [{ severity: "remark", text: `Production is changed by ${named(numbers)}.` }];
}

/** What the session has written for the runbook is looked at for images only. */
function fileFindings({ files }: Asked): OpinionFinding[] {
  return files
    .filter(({ file }) => /\.ya?ml$/.test(file))
    .flatMap(({ file, source }) => unpinnedImages(source).map((image) => unpinned(image, ` in ${file}`)));
}

/** What is easily undone comes first: a riskier step that stands before a change of less risk asks for a reason. */
function orderFindings(steps: readonly Step[], programs: OwnPrograms | undefined): OpinionFinding[] {
  const rank = (step: Step) => risks.indexOf(riskOf(step, programs));
  const changing = steps.filter((step) => changesSomething(step, programs) === "yes");
  return changing.flatMap((step, index) => {
    const later = changing
      .slice(index + 1)
      .filter((each) => rank(each) < rank(step) && !each.needs.steps.includes(step.number));
    if (rank(step) < risks.indexOf("high") || later.length === 0) return [];
    const others = named(later.map(({ number }) => number));
    const text = `It is riskier than ${others}, before which it stands without being needed there.`;
    return [{ step: step.number, severity: "remark", text, instead: "Put what is easily undone first." } as const];
  });
}

type Said = Omit<OpinionFinding, "step">;

function stepFindings(step: Step, { runbook, targets, programs }: Asked): OpinionFinding[] {
  const env = targets[step.target ?? runbook.target]?.env ?? [];
  const commands = [step.run, step.check, step.undo].map((fence) => fence?.text ?? "").join("\n");
  const found: Said[] = [
    ...shellFindings(step, programs),
    ...wayBack(step, programs),
    ...unnamedFiles(step).map((path): Said => {
      const text = `It uses ${path} without naming it in its needs.`;
      return { severity: "concern", text, instead: "Name it, so that an approval covers it." };
    }),
    ...unnamedVariables(step, env).map((name): Said => {
      return { severity: "concern", text: `It uses ${name}, which neither its needs nor its target give it.` };
    }),
    ...unpinnedImages(commands).map((image) => unpinned(image)),
  ];
  return found.map((each) => ({ step: step.number, ...each }));
}

function shellFindings({ risk = "low", run, check, undo }: Step, programs: OwnPrograms | undefined): Said[] {
  const all = classified(programs, run, check, undo);
  const undoing = classified(programs, undo);
  const back = guardRisk(undoing);
  const dangerous = risks.indexOf(back) >= risks.indexOf("high") && higherRisk(risk, back) !== risk;
  return [
    ...(all.every(({ readable }) => readable)
      ? []
      : [{ severity: "blocker", text: "A part of it cannot be read as shell: nobody can say what it does." } as const]),
    ...(dangerous
      ? [{ severity: "concern", text: `Undoing it has ${back} risk: ${because(undoing, back)}.` } as const]
      : []),
  ];
}

function wayBack(step: Step, programs: OwnPrograms | undefined): Said[] {
  const absent = absentParts(step, programs).join(" and no ");
  if (absent === "") return [];
  if (changesSomething(step, programs) === "perhaps") {
    return [{ severity: "remark", text: `It has no ${absent}, and the guard cannot tell that it changes nothing.` }];
  }
  const instead = "Give it one, or say in the step why there is none.";
  return [{ severity: "concern", text: `It changes something and has no ${absent}.`, instead }];
}

function unpinned(image: string, where = ""): Said {
  return {
    severity: "concern",
    text: `The image ${image}${where} is not pinned: another one may run than was reviewed.`,
    instead: "Name a version or a digest.",
  };
}

/** "step 3", "steps 3, 4 and 6". */
function named(numbers: readonly number[]): string {
  const last = numbers.at(-1);
  return numbers.length < 2 ? `step ${last}` : `steps ${numbers.slice(0, -1).join(", ")} and ${last}`;
}
