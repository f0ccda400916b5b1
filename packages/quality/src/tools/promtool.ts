import { complaint, refused, silence } from "./answer.ts";
import type { Tool } from "./tool.ts";

export const promtool: Tool = {
  name: "promtool check rules",
  programs: ["promtool"],
  kinds: ["prometheus-rules"],
  acts: false,
  async look(file, { program, place, copy }) {
    const ended = await place.run(program, ["check", "rules", copy.locate(file.path)]);
    if (ended.code === undefined) return silence("promtool", file, ended);
    // 3: only remarks about style.
    if (ended.code === 0 || ended.code === 3) return [];
    const said = `${ended.err}\n${ended.out}`
      .split("\n")
      .filter((line) => !/^\s*(?:Checking|SUCCESS|FAILED|$)/.test(line));
    const text = complaint(said.join("\n") || ended.err, copy.locate(file.path));
    const line = /\.ya?ml: (\d+):\d+: /.exec(text)?.[1] ?? /^(\d+):\d+: /.exec(text)?.[1];
    return refused("promtool", file, text, line === undefined ? undefined : Number(line));
  },
};
