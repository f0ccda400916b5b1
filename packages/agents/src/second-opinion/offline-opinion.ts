import { higherRisk, type Opinion, type OpinionFinding, type Risk, risks, type Step } from "@memomesh/core";
import { plain } from "../offline/quote.ts";
import { because, classified, guardRisk } from "../session/guard-risk.ts";
import { absentParts, changesSomething, unnamedFiles } from "../session/step-lacks.ts";
import type { OpinionQuestion } from "./question.ts";
import { unnamedVariables } from "./unnamed-variables.ts";
import { unpinnedImages } from "./unpinned-images.ts";

type Asked = Pick<OpinionQuestion, "runbook" | "targets" | "files">;

const scope =
  "This is a fixed list of checks and no model: it compares risks with the guard's, and looks for checks, undos, needs, images, order and production. It cannot tell whether the runbook does what the memo asks for.";

/** The opinion that needs no key and no network. Pure: the same runbook gives the same opinion. */
export function offlineOpinion(name: string, asked: Asked): Opinion {
  const { steps } = asked.runbook;
  const findings = [
    ...productionFindings(asked),
    ...fileFindings(asked),
    ...orderFindings(steps),
    ...steps.flatMap((step) => stepFindings(step, asked)),
  ];
  const serious = findings.filter(({ severity }) => severity !== "remark").length;
  return {
    agent: name,
    verdict: serious > 0 ? "disagree" : "agree",
    reasons: `${serious === 0 ? "Nothing that these checks look for is missing." : `${counted(serious)} to be weighed.`} ${scope}`,
    risks: steps
      .filter(({ run }) => run !== undefined)
      .map(({ number, run, check }) => ({ step: number, risk: guardRisk(classified(run, check)) })),
    findings,
  };
}

function counted(findings: number): string {
  return findings === 1 ? "One finding has" : `${findings} findings have`;
}

function productionFindings({ runbook, targets }: Asked): OpinionFinding[] {
  const there = runbook.steps.filter((step) => targets[step.target ?? runbook.target]?.production === true);
  const numbers = there.filter(changesSomething).map(({ number }) => number);
  if (numbers.length === 0) return [];
  const which = numbers.length === 1 ? `Step ${numbers[0]} changes` : `Steps ${listed(numbers)} change`;
  return [{ severity: "remark", text: `${which} production.` }];
}

/** What the session has written for the runbook is looked at for images only. */
function fileFindings({ files }: Asked): OpinionFinding[] {
  return files
    .filter(({ file }) => /\.ya?ml$/.test(file))
    .flatMap(({ file, source }) => unpinnedImages(source).map((image) => unpinned(image, ` in ${plain(file)}`)));
}

/** What is easily undone comes first: a riskier step that stands before a change of less risk asks for a reason. */
function orderFindings(steps: readonly Step[]): OpinionFinding[] {
  const rank = (step: Step) =>
    risks.indexOf(higherRisk(step.risk ?? "low", guardRisk(classified(step.run, step.check))));
  const changing = steps.filter(changesSomething);
  return changing.flatMap((step, index) => {
    const later = changing
      .slice(index + 1)
      .filter((each) => rank(each) < rank(step) && !each.needs.steps.includes(step.number));
    const high = rank(step) >= risks.indexOf("high");
    if (!high || later.length === 0) return [];
    const numbers = listed(later.map(({ number }) => number));
    const text = `It is riskier than the changes of step ${numbers}, which come after it and do not need it.`;
    return [{ step: step.number, severity: "remark", text, instead: "Put what is easily undone first." } as const];
  });
}

function stepFindings(step: Step, { runbook, targets }: Asked): OpinionFinding[] {
  const about = (severity: OpinionFinding["severity"], text: string, instead?: string): OpinionFinding => ({
    ...{ step: step.number, severity, text },
    ...(instead === undefined ? {} : { instead }),
  });
  const env = targets[step.target ?? runbook.target]?.env ?? [];
  const commands = [step.run, step.check, step.undo].map((fence) => fence?.text ?? "").join("\n");
  return [
    ...riskFindings(step).map(([severity, text]) => about(severity, text)),
    ...absentParts(step).map((part) =>
      about(
        "concern",
        `It changes something and has no ${part}.`,
        `Give it one, or say in the step why there is none.`,
      ),
    ),
    ...unnamedFiles(step).map((path) =>
      about(
        "concern",
        `It uses ${plain(path)} without naming it in its needs.`,
        "Name it, so that an approval covers it.",
      ),
    ),
    ...unnamedVariables(step, env).map((name) =>
      about("concern", `It uses the variable ${name}, which neither its needs nor its target give it.`),
    ),
    ...unpinnedImages(commands).map((image) => ({ ...unpinned(image, ""), step: step.number })),
  ];
}

function riskFindings({ risk, run, check, undo }: Step): (readonly [OpinionFinding["severity"], string])[] {
  const running = classified(run, check);
  const undoing = classified(undo);
  const author: Risk = risk ?? "low";
  const says = risk === undefined ? "its author does not say it" : `its author says ${risk}`;
  const raised = (found: Risk) => higherRisk(author, found) !== author;
  const found = guardRisk(running);
  const back = guardRisk(undoing);
  return [
    ...([...running, ...undoing].some(({ readable }) => !readable)
      ? [["blocker", "A part of it cannot be read as shell, so that nobody can say what it does."] as const]
      : []),
    ...(raised(found)
      ? [["concern", plain(`Its risk is ${found}: ${because(running, found)}; ${says}.`, 600)] as const]
      : []),
    ...(raised(back) && higherRisk(found, back) !== found
      ? [["remark", plain(`Undoing it has ${back} risk: ${because(undoing, back)}.`, 600)] as const]
      : []),
  ];
}

function unpinned(image: string, where: string): OpinionFinding {
  return {
    severity: "concern",
    text: `The image ${plain(image)}${where} is not pinned: what it means can change between review and run.`,
    instead: "Name a version or a digest.",
  };
}

function listed(numbers: readonly number[]): string {
  const last = numbers.at(-1);
  return numbers.length < 2 ? String(last) : `${numbers.slice(0, -1).join(", ")} and ${last}`;
}
