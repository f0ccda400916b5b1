import * as z from "zod";
import { refused, silence } from "./answer.ts";
import { parsedJson } from "./parsed-json.ts";
import type { Tool } from "./tool.ts";

const report = z.object({
  resources: z.array(z.object({ kind: z.string(), name: z.string(), status: z.string(), msg: z.string() })).default([]),
});

export const kubeconform: Tool = {
  name: "kubeconform",
  programs: ["kubeconform"],
  kinds: ["kubernetes"],
  acts: false,
  unusable: async ({ schemas }) =>
    // It would fetch them, and gets no network.
    schemas === undefined ? "has no schemas; name a folder of them as `schemas:` under `gate:`" : undefined,
  async look(file, { program, place, schemas = "" }) {
    const location = `${schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    const args = ["-output", "json", "-ignore-missing-schemas", "-schema-location", location, "-"];
    const ended = await place.run(program, args, file.text);
    const parsed = report.safeParse(parsedJson(ended.out));
    if (!parsed.success) return silence("kubeconform", file, ended);
    return parsed.data.resources
      .filter(({ status }) => status === "statusInvalid")
      .flatMap(({ kind, name, msg }) => refused("kubeconform", file, `${kind} ${name}: ${msg.slice(0, 300)}`));
  },
};
