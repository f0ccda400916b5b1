import { type FileDigest, printUpload, type SshTarget, type Step, type StepTarget } from "@memomesh/core";
import { diffLines } from "./line-diff.ts";

/**
 * Everything about a step that a reviewer decides on, as lines of text: kept with each review and approval, so that a
 * later difference can be shown in words and not only as another digest.
 */
export function stepText(step: Step, target: StepTarget | undefined, files: readonly FileDigest[]): string {
  return [
    `Step ${step.number}: ${step.title}`,
    ...(step.risk === undefined ? [] : [`Risk: ${step.risk}`]),
    `Timeout: ${step.timeout} s`,
    ...targetLines(target),
    ...step.needs.steps.map((number) => `Needs: step ${number}`),
    ...step.needs.env.map((name) => `Needs: ${name}`),
    ...(step.upload === undefined ? [] : [`Upload: ${printUpload(step.upload)}`]),
    ...files.map(({ path, digest }) => `Needs: ${path} (${digest ?? "absent"})`),
    ...(step.prose === "" ? [] : step.prose.split("\n")),
    ...fenceLines("Preview", step.preview?.text),
    ...fenceLines("Run", step.run?.text),
    ...fenceLines("Check", step.check?.text),
    ...fenceLines("Undo", step.undo?.text),
  ].join("\n");
}

/** Says in one sentence which lines of a step are different; at most `most` of them. */
export function changeSentence(before: string, after: string, most = 6): string {
  const different = diffLines(before, after).filter(({ kind }) => kind !== "same");
  const shown = different
    .slice(0, most)
    .map(({ kind, text }) => `${kind === "removed" ? "was" : "is now"} "${text.trim()}"`);
  const rest = different.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more lines differ`] : [])].join("; ");
}

function targetLines(target: StepTarget | undefined): string[] {
  if (target === undefined) return ["Target: not known"];
  const { name, kind, path, production, env } = target;
  return [
    `Target: ${name} (${kind}${path === "" ? "" : `, ${path}`}${production ? ", production" : ""})`,
    ...(target.kind === "ssh" ? hostLines(target) : []),
    ...(target.kind === "group" ? [`Order: ${target.order}`, ...target.members.flatMap(targetLines)] : []),
    ...Object.entries(env)
      .map(([key, value]) => `Variable: ${key}=${value}`)
      .sort(),
  ];
}

function hostLines({ user, host, port, jump, keys }: SshTarget): string[] {
  const through = jump === undefined ? "" : ` through ${jump}`;
  return [`Host: ${user}@${host}:${port}${through}`, ...keys.map((key) => `Host key: ${key}`)];
}

function fenceLines(label: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`${label}:`, ...text.split("\n").map((line) => `  ${line}`)];
}
