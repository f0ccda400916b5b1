import type { InstalledHooks } from "@memomesh/mesh/hooks";
import { paint, type Text, table } from "./text.ts";

const programs = { claude: "Claude Code", codex: "Codex", gemini: "Gemini CLI" } as const;
const styles = { "in step": "dim", written: "green", removed: "yellow", "out of step": "red" } as const;
/** What a program wants before it runs the hooks of a project. */
const conditions = {
  claude: "",
  codex: "Codex runs them once it trusts the folder and you have accepted them with /hooks",
  gemini: "Gemini CLI runs them once it trusts the folder",
} as const;

/** What became of the hooks of nodes, one line for each program. */
export function hooksLines(hooks: readonly (InstalledHooks & { readonly node: string })[]): Text[] {
  return table(
    hooks.map(({ node, vendor, file, state }) => [
      paint(styles[state], state),
      node,
      programs[vendor],
      file,
      paint("dim", state === "written" ? conditions[vendor] : ""),
    ]),
  );
}
