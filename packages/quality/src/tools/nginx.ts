import { complaint, refused, silence } from "./answer.ts";
import type { Tool } from "./tool.ts";

export const nginx: Tool = {
  name: "nginx -t",
  programs: ["nginx"],
  kinds: ["nginx"],
  acts: true,
  async look(file, { program, place, copy }) {
    const own = copy.locate(file.path);
    // Most files are parts that the main one includes.
    const whole = /^\s*(?:http|stream|events)\s*\{/m.test(file.text);
    const main = whole ? own : await copy.place("nginx.conf", wrapper(own));
    const settings = `pid ${copy.home}/nginx.pid;`;
    const ended = await place.run(program, ["-t", "-e", "stderr", "-p", copy.folder, "-c", main, "-g", settings]);
    if (ended.code === undefined) return silence("nginx -t", file, ended);
    const said = ended.err.split("\n").find((line) => line.includes("[emerg]"));
    if (ended.code === 0 || said === undefined) return [];
    const [, text = "", line] = /\[emerg\](?: \d+#\d+:)? (.*?)(?: in \S+?:(\d+))?$/.exec(said) ?? [];
    // What only the target has cannot be judged here: names, certificates, files, rights.
    if (/host not found|cannot load certificate|No such file|Permission denied|not permitted|bind\(\)/i.test(text))
      return [];
    return refused("nginx -t", file, complaint(text, own), line === undefined ? undefined : Number(line));
  },
};

function wrapper(path: string): string {
  return `events {}\nhttp {\n  access_log off;\n  include ${path};\n}\n`;
}
