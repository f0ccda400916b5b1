import { cost, type Flaw } from "../finding.ts";
import { complaint, refused, silence } from "./answer.ts";
import type { Tool } from "./tool.ts";

export const ansiblePlaybook: Tool = {
  name: "ansible-playbook --syntax-check",
  programs: ["ansible-playbook"],
  kinds: ["playbook"],
  // Lookups in the names of imported files run when the playbook is read.
  acts: true,
  async look(file, { program, place, copy }) {
    const ended = await place.run(program, ["--syntax-check", "-i", "localhost,", copy.locate(file.path)]);
    if (ended.code === undefined) return silence("ansible-playbook", file, ended);
    if (ended.code === 0) return [];
    const said = /(?:ERROR! |\[ERROR\]: )(.*)/.exec(ended.err)?.[1];
    if (said === undefined) return silence("ansible-playbook", file, ended);
    // Roles and collections that only the target's machine has.
    if (/was not found|couldn't resolve module\/action '(?!ansible\.builtin\.)\w+\.\w+\./i.test(said)) return [];
    const line = /(?:: line |\.ya?ml:)(\d+)(?:, column|:\d+)/.exec(ended.err)?.[1];
    return refused(
      "ansible-playbook",
      file,
      complaint(said, copy.locate(file.path)),
      line === undefined ? undefined : Number(line),
    );
  },
};

/** More of them say nothing new. */
const mostRemarks = 10;

export const ansibleLint: Tool = {
  name: "ansible-lint",
  programs: ["ansible-lint"],
  kinds: ["playbook"],
  acts: true,
  async look(file, { program, place, copy }) {
    const ended = await place.run(program, ["--offline", "-q", "-p", "--nocolor", copy.locate(file.path)]);
    // 0: nothing, 2: something to say.
    if (ended.code !== 0 && ended.code !== 2) return silence("ansible-lint", file, ended);
    const remarks = ended.out.split("\n").flatMap((text): Flaw[] => {
      const [, line, said] = /^[^:\s]+:(\d+)(?::\d+)?: (.*)$/.exec(text) ?? [];
      if (line === undefined || said === undefined) return [];
      return [{ file: file.path, line: Number(line), text: `ansible-lint: ${said.slice(0, 200)}`, cost: cost.slight }];
    });
    return remarks.slice(0, mostRemarks);
  },
};
