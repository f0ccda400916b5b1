import * as z from "zod";
import type { MemoBody } from "./body.ts";
import { readYaml } from "./yaml.ts";

const taskSchema = z.strictObject({
  inventory: z.string(),
  stage: z.string(),
  step: z.enum(["plan", "implement", "improve"]),
  /** Path in the node's folder. */
  plan: z.string().regex(/^docs\/plans\/[\w.-]+\.json$/, "a path such as docs/plans/main-1-1-proxy.json"),
});

/** What a memo about a stage wants: its `yaml stage` block. */
export type StageTask = z.infer<typeof taskSchema>;

/** @returns undefined when the memo has no such block, or one that cannot be used: it is then a memo like all others */
export function readStageTask({ fences }: MemoBody): StageTask | undefined {
  const fence = fences.find(({ lang, meta }) => /^ya?ml$/i.test(lang) && /^stage\b/i.test(meta));
  if (fence === undefined) return undefined;
  try {
    return readYaml(fence.text, taskSchema, { file: "the memo", code: "stage.task" }, "text");
  } catch {
    return undefined;
  }
}

export function stageTaskBlock({ inventory, stage, step, plan }: StageTask): string {
  return `\`\`\`yaml stage\ninventory: ${inventory}\nstage: ${stage}\nstep: ${step}\nplan: ${plan}\n\`\`\``;
}
