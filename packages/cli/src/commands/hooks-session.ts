import { sessionStarted, sessionStops, type Whereabouts } from "@memomesh/mesh/hooks";
import { Argument } from "commander";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { readInput } from "../hook-input.ts";
import { jsonText } from "../output.ts";

/** Programs tell a hook little about a session, but the last answer of the agent may be long. */
const longestInput = 8 * 1024 * 1024;

export const define: CommandModule["define"] = (command) => {
  withExamples(command, [
    ["memomesh hooks session start --node shop < session.json", "the node's state and inbox, for its context"],
    ["memomesh hooks session stop --node shop < session.json", "what is left to do, once in a session"],
  ])
    .addArgument(new Argument("<event>", "what happens to the session").choices(["start", "stop"]))
    .option("--node <node>", "the agent's node (default: the one in whose folder it is)")
    .option("--mesh <folder>", "the mesh (default: the one around the agent's folder)")
    .action(async (event: "start" | "stop", where: Whereabouts) => {
      const answer = await (event === "start" ? sessionStarted : sessionStops)(await readInput(longestInput), where);
      if (answer !== undefined) process.stdout.write(`${jsonText(answer)}\n`);
    });
};
