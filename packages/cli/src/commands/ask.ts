import { text as readAll } from "node:stream/consumers";
import { loadMesh } from "@memomesh/mesh";
import { Conversation } from "@memomesh/mesh/ask";
import { attendanceOf, exitOf, sayAndShow } from "../asking.ts";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";

interface Options {
  node?: string;
  continue?: boolean;
}

/** Ctrl-C stops the work; the request waits. */
export const ownInterrupt = true;
export const holdsSessions = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    [
      'memomesh ask "deploy vLLM optimised for throughput with the GPUs that are free"',
      "what it found, what it recommends, a runbook",
    ],
    ['memomesh ask --continue "use two GPUs only"', "go on from there, or answer what it asked back"],
    ["memomesh ask --node writer - < request.md", "a longer request, to a node of your choice"],
  ])
    .argument("<request...>", "what you want, in your words; - for standard input")
    .option("--node <id>", "whom to ask (default: the sysadmin, or the only node with an agent)")
    .option("-c, --continue", "go on with the last conversation")
    .action(async (words: string[], { node, continue: goOn = false }: Options) => {
      const mesh = await loadMesh(process.cwd());
      const conversation = goOn ? await Conversation.last(mesh, node) : Conversation.begin(mesh, node);
      const request = words.join(" ") === "-" ? await readAll(process.stdin) : words.join(" ");
      const stop = new AbortController();
      const abort = () => stop.abort();
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, abort);
      const answer = await sayAndShow(conversation, request, output, attendanceOf(output, "ask", stop.signal));
      exit(stop.signal.aborted ? 130 : exitOf(answer));
    });
};
