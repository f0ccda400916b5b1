import { Exit } from "@memomesh/core";
import { readReadiness } from "@memomesh/mesh";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { paint, text } from "../text.ts";

const styles = { ready: "green", mind: "yellow", missing: "red" } as const;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh check", "ready, or what is missing: policies, keys, hooks, sandbox, budget, git, lessons"],
    ["memomesh check && memomesh watch", "only when nothing is missing"],
  ]).action(async () => {
    const checks = await readReadiness(process.cwd());
    const missing = checks.filter(({ state }) => state === "missing");
    output.data({ ready: missing.length === 0, checks });
    for (const { name, state, says } of checks) {
      const [first = "", ...more] = says;
      output.line(text`${paint(styles[state], state.padEnd(7))}  ${name.padEnd(13)}  ${first}`);
      for (const line of more) output.line(text`${" ".repeat(24)}${line}`);
    }
    output.line();
    if (missing.length === 0) output.line(text`${paint("green", "Ready.")}`);
    else
      output.line(
        text`${paint("red", "Not ready:")} ${missing.map(({ name }) => name).join(", ")}. \`memomesh doctor\` says more.`,
      );
    if (missing.length > 0) exit(Exit.failed);
  });
};
