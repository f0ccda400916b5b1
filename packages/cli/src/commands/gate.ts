import { Exit, MeshError } from "@memomesh/core";
import { findMeshRoot, loadMesh } from "@memomesh/mesh";
import {
  defaultSettings,
  explainChecks,
  type GateResult,
  type GateSettings,
  gate,
  githubAnnotations,
  improvementPlan,
  readSettings,
  sarifLog,
} from "@memomesh/quality";
import { InvalidArgumentError, Option } from "commander";
import type { CommandModule } from "../commands.ts";
import { explanationLines, gateLines } from "../gate-lines.ts";
import { gateSubject } from "../gate-subject.ts";
import { withExamples } from "../help.ts";
import { jsonText, type Output } from "../output.ts";
import { block, text } from "../text.ts";
import { version } from "../version.ts";

interface Options {
  explain?: string | true;
  threshold?: number;
  memo?: string;
  tools: boolean;
  plan?: boolean;
  sarif?: boolean;
  github?: boolean;
}

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh gate deploy-shop", "a runbook, the files that it needs, and the memo that it answers"],
    ["memomesh gate services/shop --threshold 95", "files that people wrote; ends with 1 below the threshold"],
    ["memomesh gate . --github", "annotations of a pull request, in a workflow of GitHub"],
    ["memomesh gate --explain limits", "what a check looks for"],
  ])
    .argument("[subject]", "a runbook, a file or a folder")
    .option("--explain [check]", "say what the checks look for and what they weigh")
    .option("--threshold <points>", "the score to reach (default: that of mesh.yml, else 85)", readPoints)
    .option("--memo <file>", "a memo whose requirements are to be met")
    .option("--no-tools", "do not ask docker compose, shellcheck and other programs of this machine")
    .addOption(new Option("--plan", "print an improvement plan instead").conflicts(["sarif", "github"]))
    .addOption(new Option("--sarif", "print a SARIF 2.1.0 log instead").conflicts("github"))
    .option("--github", "print annotations for GitHub's runner instead")
    .action(async (subject: string | undefined, options: Options) => {
      if (options.explain !== undefined) return explain(options.explain, output);
      if (subject === undefined) {
        throw new MeshError("gate.subject", "expected a runbook, a file or a folder to look at", { exit: Exit.usage });
      }
      const told = await settingsHere();
      const { threshold = told.threshold, tools } = options;
      const settings = { ...told, threshold, tools: tools && told.tools };
      const result = await gate(await gateSubject(subject, options.memo), settings);
      show(result, options, output);
      if (!result.passed) exit(Exit.failed);
    });
};

/** The settings of the mesh around this folder; the usual ones where there is no mesh. */
async function settingsHere(): Promise<GateSettings> {
  const root = findMeshRoot(process.cwd());
  return root === undefined ? defaultSettings : readSettings((await loadMesh(root)).config.gate);
}

function show(result: GateResult, { plan, sarif, github }: Options, output: Output): void {
  output.data(sarif ? sarifLog(result, version) : result);
  if (sarif) output.line(block(jsonText(sarifLog(result, version), 2)));
  else if (github) for (const line of githubAnnotations(result)) output.line(text`${line}`);
  else if (plan) output.line(block(improvementPlan(result).trimEnd()));
  else for (const line of gateLines(result, output.columns)) output.line(line);
}

function explain(id: string | true, output: Output): void {
  const all = explainChecks();
  const chosen = id === true ? all : all.filter((check) => check.id === id);
  if (chosen.length === 0) {
    const known = all.map((check) => check.id).join(", ");
    throw new MeshError("gate.check", `there is no check "${id}"; expected ${known}`, { exit: Exit.usage });
  }
  output.data({ checks: chosen });
  for (const line of explanationLines(chosen, output.columns)) output.line(line);
}

function readPoints(value: string): number {
  const points = Number(value);
  if (Number.isInteger(points) && points >= 0 && points <= 100) return points;
  throw new InvalidArgumentError("Expected a whole number from 0 to 100.");
}
