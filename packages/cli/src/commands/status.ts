import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { showStatus } from "../show-status.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [
    ["memomesh status", "from any folder of the mesh"],
    ["memomesh status --json | jq '.waiting | length'", "how much waits for a person"],
  ]).action(() => showStatus(output));
};
