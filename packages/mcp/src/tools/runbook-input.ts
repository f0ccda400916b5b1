import { risks, type StepDraft } from "@memomesh/core";
import * as z from "zod";
import { line, memoReference, prose } from "../wording.ts";

const commands = (says: string) => prose(65_536, says).optional();

const step = z.strictObject({
  title: line(200, "what the step does"),
  risk: z.enum(risks).describe("your opinion; the guard can only raise it"),
  timeout: z.int().min(1).max(86_400).optional().describe("seconds; 300 when absent"),
  target: line(63, "a target of mesh.yml, when it is not the runbook's").optional(),
  needs: z
    .strictObject({
      steps: z.array(z.int().min(1).max(200)).max(200).default([]),
      env: z.array(line(200, "a variable's name")).max(100).default([]),
      files: z.array(line(1000, "relative to the mesh's root")).max(500).default([]),
    })
    .default({ steps: [], env: [], files: [] })
    .describe("what must be there: earlier steps, variables of the person's, files that the approval covers"),
  upload: z
    .strictObject({
      from: line(1000, "the folder with the release, relative to the mesh's root"),
      to: line(1000, "a new folder below the target's, such as releases/1.4.2"),
      link: line(1000, "the link below the target's folder that is to lead to it, such as current"),
    })
    .optional()
    .describe(
      "sends a folder to the target and switches the link to it in one rename; run and undo are generated, leave them out",
    ),
  prose: prose(20_000, "for the person who decides: what happens, what could go wrong"),
  run: commands("shell commands; absent for a step that a person does by hand"),
  check: commands("shell commands that end with 0 when the step did its work"),
  undo: commands("shell commands that take the step back"),
});

/** What a client says to have a runbook written. */
export const draftInput = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "a file name of lower-case letters, digits, dots, dashes")
    .optional()
    .describe("the file's name without .md; made from the title when absent"),
  memo: memoReference("the memo of the inbox that it answers; it then waits for the person's review").optional(),
  target: line(63, "where the steps run: a target of mesh.yml"),
  title: line(200, "what it does"),
  what: prose(50_000, "Markdown for the section What this does"),
  unknown: z.array(line(1000, "something that you could not find out")).max(100).default([]),
  rollback: prose(50_000, "Markdown for the section Rollback"),
  steps: z.array(step).min(1).max(100),
  replace: z
    .boolean()
    .default(false)
    .describe("whether a runbook of this name may be replaced; approvals of changed steps are void"),
};

export type Draft = z.output<z.ZodObject<typeof draftInput>>;

/** A step as runbooks are printed from it: what is absent has no key. */
export function stepDraft({ timeout, target, upload, run, check, undo, ...rest }: z.output<typeof step>): StepDraft {
  return {
    ...rest,
    ...(timeout === undefined ? {} : { timeout }),
    ...(target === undefined ? {} : { target }),
    ...(upload === undefined ? {} : { upload }),
    ...(run === undefined ? {} : { run }),
    ...(check === undefined ? {} : { check }),
    ...(undo === undefined ? {} : { undo }),
  };
}
