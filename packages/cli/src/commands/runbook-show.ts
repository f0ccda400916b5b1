import { findRunbook, judgedRequest, loadMesh } from "@memomesh/mesh";
import { misleadingInStep, openRunbook } from "@memomesh/runbooks";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { overviewLines } from "../runbook-lines.ts";
import { stepLines } from "../step-lines.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh runbook show deploy-shop-1-4-2-staging-7w1xb", "by its name, from anywhere in the mesh"],
    ["memomesh runbook show runbooks/deploy.md --json", "with the digest of every step, as `approve` wants it"],
  ])
    .argument("<runbook>", "a path, or the name of a file in a node's runbooks/")
    .action(async (reference: string) => {
      const mesh = await loadMesh(process.cwd());
      const reviewed = await openRunbook(await judgedRequest(mesh, await findRunbook(mesh, reference, process.cwd())));
      const { runbook, path, steps } = reviewed;
      const { source: _, sections: __, steps: ___, ...facts } = runbook;
      output.data({
        ...facts,
        path,
        opinion: reviewed.opinion,
        verdict: reviewed.gate,
        steps: steps.map(({ step, risk, state, digest, problems, files, sends }) => ({
          ...step,
          files,
          ...(sends === undefined ? {} : { sends }),
          risk: risk.run,
          state: state.state,
          digest,
          problems,
          misleading: misleadingInStep(step),
        })),
      });
      for (const line of overviewLines(reviewed, shown(path))) output.line(line);
      for (const step of steps) {
        output.line();
        for (const line of stepLines(step)) output.line(line);
      }
    });
};
