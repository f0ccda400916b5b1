import { higherRisk, type Risk } from "@memomesh/core";
import { classifyCommand, type Effect, unsafeCharacters } from "@memomesh/guard";
import { quoted } from "../quote.ts";
import { fits } from "./fitness.ts";
import { indented } from "./link.ts";
import { nothingToDo, type Part, type PlannedStep } from "./plan.ts";
import type { Release } from "./release.ts";

/** A verification looks; it changes nothing. What only a person can judge ("unknown") is left to the review. */
const looking: ReadonlySet<Effect> = new Set<Effect>(["read", "network", "unknown"]);

/** A verification as shell text. */
interface Proof {
  readonly text: string;
  readonly risk: Risk;
  /** Whether it can be asked of files that nobody is served from yet. */
  readonly ofFiles: boolean;
}

/**
 * The checks that the memo asks for, as steps: of the files before the switch where that is possible, of everything
 * after it.
 *
 * @param files folder of the new files before the switch, relative to the target; undefined when there is none
 * @param place folder in which a command runs after the switch
 */
export function verification(release: Release, place: string, files?: string): Part {
  const unknown: string[] = [];
  const proofs = release.verify.flatMap((each): Proof[] => {
    const proof = "http" in each ? requestProof(each.http, each.expect) : commandProof(each.command);
    if (typeof proof !== "string") return [proof];
    unknown.push(proof);
    return [];
  });
  if (proofs.length === 0) {
    return {
      ...nothingToDo,
      unknown: [
        ...unknown,
        "How to see that it works: the memo names no check that can be used, so nothing is verified after the switch.",
      ],
    };
  }
  const steps: PlannedStep[] = [];
  const early = proofs.filter(({ ofFiles, risk }) => ofFiles && risk === "low");
  if (files !== undefined && early.length > 0) {
    const prose =
      "Changes nothing. What the memo wants to hold for the files, asked before anybody is served from them.";
    steps.push({ phase: "check", title: "Check the new release before the switch", ...proofStep(early, files), prose });
  }
  const prose = "Changes nothing. What the memo wants to hold when the release is in use.";
  steps.push({ phase: "verify", title: "Verify", ...proofStep(proofs, place), prose });
  return { ...nothingToDo, steps, unknown };
}

function proofStep(proofs: readonly Proof[], folder: string): { run: string; risk: Risk; timeout: number } {
  const lines = proofs.map(({ text, ofFiles }, index) => {
    const asked = ofFiles ? `(\n${indented(`cd ${folder} || exit 1\n${text}`)}\n)` : text;
    const which = proofs.length === 1 ? "the check" : `check ${index + 1} of ${proofs.length}`;
    return `${asked} || { echo "${which} failed" >&2; exit 1; }`;
  });
  return { run: lines.join("\n"), risk: proofs.map(({ risk }) => risk).reduce(higherRisk, "low"), timeout: 120 };
}

function requestProof(address: string, expect: number): Proof | string {
  if (!fits("address", address) || !Number.isInteger(expect)) {
    return `Whether ${quoted(address)} answers: the address cannot be used in a step; expected one such as \`http://127.0.0.1:8080/healthz\`.`;
  }
  const strict = expect < 400 ? "-fsS" : "-sS";
  const text = `curl ${strict} --max-time 10 -o /dev/null -w '%{http_code}\\n' '${address}' | grep -x ${expect}`;
  return { text, risk: "low", ofFiles: false };
}

/** @returns a sentence when the command does not go into the runbook */
function commandProof(command: string): Proof | string {
  const { readable, effects, risk } = classifyCommand(command);
  // A here-document or a line that goes on would take in the text behind it.
  const open = /<<|\\$|[\r\n]/.test(command);
  if (!readable || open || command.length > 500 || unsafeCharacters(command).length > 0) {
    return `Whether ${quoted(command)} succeeds: this cannot be read as one command, so it is not part of the runbook.`;
  }
  const changes = effects.filter((effect) => !looking.has(effect));
  if (changes.length > 0) {
    return `Whether ${quoted(command)} succeeds: it does more than look (${changes.join(", ")}), so it is not part of the runbook.`;
  }
  return { text: command, risk, ofFiles: true };
}
