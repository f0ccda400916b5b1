import type { Fence, Step } from "@memomesh/core";
import { unsafeCharacters } from "@memomesh/guard";
import { refusedVariable } from "./environment.ts";
import { longestFence } from "./shell.ts";

/** Why a step cannot be approved as it is written, in sentences. */
export function stepProblems(step: Step): readonly string[] {
  const { title, prose, needs, preview, run, check, undo } = step;
  return [
    ...textProblems("its title", title),
    ...textProblems("its text", prose),
    ...needs.files.flatMap((path) => textProblems("the name of a file that it needs", path)),
    ...needs.env.flatMap((name) => refusedVariable(name) ?? []),
    ...fenceProblems("preview", preview),
    ...fenceProblems("run", run),
    ...fenceProblems("check", check),
    ...fenceProblems("undo", undo),
  ];
}

function fenceProblems(name: string, fence: Fence | undefined): string[] {
  if (fence === undefined) return [];
  const bytes = Buffer.byteLength(fence.text);
  if (bytes > longestFence)
    return [`its ${name} commands are ${bytes} bytes long; at most ${longestFence} can be run.`];
  return textProblems(`its ${name} commands`, fence.text, fence.line);
}

/** Invisible and direction-changing characters make a reviewer approve something else than they read. */
function textProblems(where: string, text: string, firstLine?: number): string[] {
  return unsafeCharacters(text).map(({ offset, name }) => {
    const line = text.slice(0, offset).split("\n").length;
    const place = firstLine === undefined ? `line ${line} of ${where}` : `line ${firstLine + line - 1} (${where})`;
    return `${place} holds ${name}; text with such characters cannot be approved.`;
  });
}
