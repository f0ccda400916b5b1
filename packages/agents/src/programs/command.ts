import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Listener, Program, Report, Start } from "./program.ts";
import type { ProgramEnd } from "./run-program.ts";

/** The most of its output that is kept as its last words, in UTF-16 units. */
const longestAnswer = 65_536;

/**
 * Any program that works in a folder. It gets the prompt on its standard input, or in place of `{prompt}` in its arguments;
 * `{folder}` is where it works. MEMOMESH_MCP is the path of a file that describes the memo tools in the form `mcpServers`,
 * for programs that can use them. It has done its work when it ends with 0, and what it printed are its notes. The guard
 * is no hook of such a program: what it may do, it was trusted with.
 */
export const command: Program = {
  title: "the command",
  command: "",
  install: "Install it, or correct `command` of the agent in mesh.yml.",
  oldest: undefined,
  system: "command",
  vendor: undefined,
  modelUrl: undefined,
  reckons: false,
  keyVariables: [],
  doneByEnding: true,

  async prepare({ options, places, system, prompt, memoTools }): Promise<Start> {
    const [server, ...args] = memoTools ?? [];
    const servers = join(places.home, "memomesh-mcp.json");
    await writeFile(
      servers,
      JSON.stringify({ mcpServers: server === undefined ? {} : { memomesh: { command: server, args } } }),
    );
    const whole = `${system}\n${prompt}`;
    const named = options.args.some((arg) => arg.includes("{prompt}"));
    const filled = { "{prompt}": whole, "{folder}": places.folder };
    return {
      args: options.args.map((arg) =>
        arg.replace(/\{(?:prompt|folder)\}/g, (name) => filled[name as keyof typeof filled]),
      ),
      env: { MEMOMESH_MCP: servers },
      input: named ? "" : whole,
      fixed: [servers],
    };
  },

  listen: () => new CommandListener(),
};

class CommandListener implements Listener {
  #output = "";

  hear(line: string): undefined {
    this.#output = `${this.#output}${line}\n`.slice(-longestAnswer);
  }

  report(end: ProgramEnd | undefined): Report {
    const answer = this.#output.trim();
    const failed = end !== undefined && end.code !== 0;
    return { answer, used: undefined, ...(failed ? { failure: { kind: "other", text: end.errors || answer } } : {}) };
  }
}
