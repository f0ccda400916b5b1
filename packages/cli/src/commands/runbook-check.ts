import { Exit } from "@memomesh/core";
import { findRunbook, loadMesh, type Mesh, type RunbookEntry, readRunbook, readRunbooks } from "@memomesh/mesh";
import { checkRunbook, type Finding } from "@memomesh/runbooks";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    [
      "memomesh runbook check runbooks/deploy.md",
      "silent when nothing is to be said; 1 when a step could not be approved",
    ],
    ["memomesh runbook check", "all runbooks of the mesh"],
  ])
    .argument("[runbooks...]", "paths or names (default: all of the mesh)")
    .action(async (references: string[]) => {
      const mesh = await loadMesh(process.cwd());
      const entries = await readEntries(mesh, references);
      const findings = entries.flatMap(findingsOf);
      output.data({ checked: entries.length, findings });
      for (const { file, line, severity, sentence } of findings) {
        output.line(
          text`${paint("bold", `${file}:${line}`)}: ${paint(severity === "error" ? "red" : "yellow", severity)} ${sentence}`,
        );
      }
      if (findings.some(({ severity }) => severity === "error")) exit(Exit.failed);
    });
};

async function readEntries(mesh: Mesh, references: readonly string[]): Promise<RunbookEntry[]> {
  if (references.length === 0) return readRunbooks(mesh, [...mesh.nodes.values()]);
  return Promise.all(
    references.map(async (reference) => readRunbook(mesh, await findRunbook(mesh, reference, process.cwd()))),
  );
}

interface PlacedFinding extends Omit<Finding, "step"> {
  readonly file: string;
}

function findingsOf({ path, reviewed, problem }: RunbookEntry): PlacedFinding[] {
  const file = shown(path);
  if (problem !== undefined) {
    return [
      { file, line: problem.place?.line ?? 1, severity: "error", code: problem.code, sentence: problem.sentence },
    ];
  }
  return reviewed === undefined ? [] : checkRunbook(reviewed).map((finding) => ({ ...finding, file }));
}
