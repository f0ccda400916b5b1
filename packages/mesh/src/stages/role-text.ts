import type { SessionKnowledge } from "@memomesh/agents";
import { planJsonSchema } from "@memomesh/core/stages";
import { fillTemplate, readTemplate } from "../templates.ts";
import type { Part } from "./part.ts";

/** What a session knows, with the instructions of its part before those of its node. */
export async function withPart<Knowledge extends SessionKnowledge>(
  root: string,
  knowledge: Knowledge,
  part: Part,
): Promise<Knowledge> {
  const { role, plan, onlyPlan } = part;
  const file = `roles/${role}.md`;
  const values = {
    plan,
    schema: planJsonSchema(),
    otherwise: onlyPlan
      ? "Nothing but the plan is wanted."
      : "When nothing has to be built or changed (somebody only wants to know something), write no plan and answer in `finish`.",
  };
  const text = fillTemplate(await readTemplate(root, file), values, `templates/${file}`);
  return { ...knowledge, instructions: [text.trim(), knowledge.instructions.trim()].join("\n\n") };
}
