import { cost, type Flaw } from "../finding.ts";
import { silence } from "./answer.ts";
import type { Tool } from "./tool.ts";

/** What breaks or misleads; the rest is taste. */
const rules =
  "{extends: relaxed, rules: {line-length: disable, indentation: disable, new-line-at-end-of-file: disable, trailing-spaces: disable, empty-lines: disable}}";

export const yamllint: Tool = {
  name: "yamllint",
  programs: ["yamllint"],
  kinds: ["compose", "kubernetes", "playbook", "ansible-tasks", "prometheus-rules", "yaml"],
  acts: false,
  async look(file, { program, place }) {
    const ended = await place.run(program, ["-f", "parsable", "-d", rules, "-"], file.text);
    if (ended.code !== 0 && ended.code !== 1) return silence("yamllint", file, ended);
    return ended.out.split("\n").flatMap((text): Flaw[] => {
      const [, line, level, said] = /^stdin:(\d+):\d+: \[(\w+)\] (.*)$/.exec(text) ?? [];
      if (line === undefined || level !== "error") return [];
      return [{ file: file.path, line: Number(line), text: `yamllint: ${said}`, cost: cost.slight }];
    });
  },
};
