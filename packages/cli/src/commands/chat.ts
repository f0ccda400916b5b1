import { Exit } from "@memomesh/core";
import { loadMesh } from "@memomesh/mesh";
import { Conversation } from "@memomesh/mesh/ask";
import { attendanceOf, exitOf, sayAndShow } from "../asking.ts";
import { ChatLines } from "../chat-lines.ts";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { reportError } from "../output.ts";
import { paint, text } from "../text.ts";

interface Options {
  node?: string;
  continue?: boolean;
}

export const ownInterrupt = true;
export const holdsSessions = true;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh chat", "ask one thing after the other; Ctrl-D ends it"],
    ["memomesh chat --continue", "go on with the last conversation"],
    ["printf 'What runs here?\\n' | memomesh chat", "each line is said, one after the other"],
  ])
    .option("--node <id>", "whom to talk to (default: the sysadmin, or the only node with an agent)")
    .option("-c, --continue", "go on with the last conversation")
    .action(async ({ node, continue: goOn = false }: Options) => {
      const mesh = await loadMesh(process.cwd());
      const conversation = goOn ? await Conversation.last(mesh, node) : Conversation.begin(mesh, node);
      const lines = new ChatLines(output.terminal && process.stdin.isTTY === true);
      output.note(
        paint("dim", text`You talk to ${conversation.node.id}. A line that ends in \\ goes on; Ctrl-D ends it.`),
      );
      let code: number = Exit.done;
      try {
        for (let words = await lines.next(); words !== undefined; words = await lines.next()) {
          const stop = new AbortController();
          const done = lines.onInterrupt(() => stop.abort());
          try {
            code = exitOf(await sayAndShow(conversation, words, output, attendanceOf(output, "chat", stop.signal)));
          } catch (error) {
            // One thing that could not be said does not end the conversation.
            code = reportError(error, output);
          } finally {
            done();
          }
        }
      } finally {
        lines.close();
      }
      exit(lines.terminal ? Exit.done : code);
    });
};
