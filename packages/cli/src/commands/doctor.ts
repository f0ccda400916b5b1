import { Exit } from "@memomesh/core";
import { diagnose } from "@memomesh/mesh/doctor";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh doctor", "find and explain"],
    ["memomesh doctor --fix", "also repair what can be repaired without losing or deciding anything"],
  ])
    .option("--fix", "make the repairs that are offered")
    .action(async ({ fix = false }: { fix?: boolean }) => {
      const diagnoses = await diagnose(process.cwd(), { fix });
      output.data({ findings: diagnoses });
      const styles = { error: "red", warning: "yellow", note: "dim" } as const;
      for (const { severity, sentence, place, advice, repair, repaired } of diagnoses) {
        const where = place === undefined ? "" : `${place.file}${place.line === undefined ? "" : `:${place.line}`}: `;
        output.line(text`${paint(styles[severity], severity.padEnd(7))}  ${where}${sentence}`);
        if (advice !== undefined) output.line(text`         ${paint("dim", advice)}`);
        if (repaired) output.line(text`         ${paint("green", "repaired:")} ${repair ?? ""}`);
        else if (repair !== undefined) output.line(paint("dim", text`         --fix: ${repair}`));
      }
      if (diagnoses.length === 0) output.line(text`${paint("green", "well")}  nothing is wrong with this mesh`);
      if (diagnoses.some(({ severity, repaired }) => severity === "error" && !repaired)) exit(Exit.failed);
    });
};
