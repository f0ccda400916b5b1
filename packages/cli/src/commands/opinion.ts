import { Exit } from "@memomesh/core";
import { findRunbook, History, loadMesh, opinionAgain, readRunbook } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { eventLine } from "../event-line.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { opinionLines, stepOpinionLines } from "../opinion-lines.ts";
import { paint, text } from "../text.ts";

export const ownInterrupt = true;
export const holdsSessions = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh opinion 7w1xb", "ask again, for instance after the runbook was edited"],
    ["memomesh opinion 7w1xb --agent gemini", "ask this one"],
  ])
    .option("--agent <name>", "an agent of mesh.yml (default: the one that is asked after a session)")
    .argument("<runbook>", "a path, or the name of a file in a node's runbooks/")
    .action(async (reference: string, { agent }: { agent?: string }) => {
      const mesh = await loadMesh(process.cwd());
      const file = await findRunbook(mesh, reference, process.cwd());
      const stop = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
      const history = await History.open(mesh, (event) => {
        const line = event.kind === "warning" ? eventLine({ at: new Date().toISOString(), ...event }) : undefined;
        if (line !== undefined) output.line(line);
      });
      try {
        const { opinion } = await opinionAgain(mesh, history, file, {
          ...(agent !== undefined && { agent }),
          signal: stop.signal,
          progress: (says) => output.line(paint("dim", says)),
        });
        output.data({ runbook: shown(file.path), ...opinion });
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        output.line(text`Stopped; nothing was changed.`);
        return exit(130);
      } finally {
        await history.close();
      }
      const { reviewed, problem } = await readRunbook(mesh, file);
      if (reviewed === undefined) throw problem;
      const layout = { width: output.columns };
      for (const line of opinionLines(reviewed, layout)) output.line(line);
      for (const step of reviewed.steps) {
        const lines = stepOpinionLines(step, layout);
        if (lines.length > 0) output.line(paint("bold", text`Step ${step.step.number}: ${step.step.title}`));
        for (const line of lines) output.line(line);
      }
      exit(Exit.done);
    });
};
