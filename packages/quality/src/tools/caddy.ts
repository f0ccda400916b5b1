import { complaint, refused, silence } from "./answer.ts";
import type { Tool } from "./tool.ts";

export const caddy: Tool = {
  name: "caddy validate",
  programs: ["caddy"],
  kinds: ["caddyfile"],
  acts: true,
  async look(file, { program, place, copy }) {
    const args = ["validate", "--adapter", "caddyfile", "--config", copy.locate(file.path)];
    const ended = await place.run(program, args);
    if (ended.code === undefined) return silence("caddy validate", file, ended);
    if (ended.code === 0) return [];
    const last =
      ended.err
        .trim()
        .split("\n")
        .findLast((line) => /^(?:Error|validate):/i.test(line)) ?? ended.err.trim();
    const line = /:(\d+)(?::| -)/.exec(last)?.[1];
    const text = complaint(last.replace(/^Error: (?:adapting config using caddyfile: )?/i, ""), copy.locate(file.path));
    // What only the target has cannot be judged here: modules, certificates, files.
    if (/module not registered|no such file|certificate/i.test(text)) return [];
    return refused("caddy validate", file, text, line === undefined ? undefined : Number(line));
  },
};
