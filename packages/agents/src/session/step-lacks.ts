import type { Fence, Step } from "@memomesh/core";
import { classifyCommand, type Effect, type OwnPrograms } from "@memomesh/guard";

/** Effects after which there is something to check and to take back. */
const changing: readonly Effect[] = ["write", "delete", "service", "data", "git-history"];
/** Effects of commands of which the guard cannot tell whether they only look. */
const unclear: readonly Effect[] = ["live-infrastructure", "unknown"];

/** Whether the commands of a step leave anything different from before, as far as the guard can tell. */
export function changesSomething(
  { run }: Pick<Step, "run">,
  programs: OwnPrograms | undefined,
): "yes" | "perhaps" | "no" {
  const effects = run === undefined ? [] : classifyCommand(run.text, programs).effects;
  if (effects.some((effect) => changing.includes(effect))) return "yes";
  return effects.some((effect) => unclear.includes(effect)) ? "perhaps" : "no";
}

/** Which of check and undo a step lacks, although it may change something. */
export function absentParts(
  step: Pick<Step, "run" | "check" | "undo">,
  programs: OwnPrograms | undefined,
): readonly ("check" | "undo")[] {
  if (changesSomething(step, programs) === "no") return [];
  return (["check", "undo"] as const).filter((part) => step[part] === undefined);
}

/** Paths below $MESH that a step writes out and does not name in its needs, each once. */
export function unnamedFiles({ run, check, undo, needs }: Step): readonly string[] {
  const used = new Set([run, check, undo].flatMap(meshPaths));
  return [...used].filter((path) => !needs.files.some((file) => path === file || path.startsWith(`${file}/`)));
}

/** Only a hint: shell text can name a file in many other ways. */
function meshPaths(fence: Fence | undefined): string[] {
  const found = (fence?.text ?? "").matchAll(/\$(?:MESH|\{MESH\})"?\/([\w./@+-]+)/g);
  return [...found].map((match) => (match[1] ?? "").replace(/[/.]+$/, "")).filter((path) => path !== "");
}
