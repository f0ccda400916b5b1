import { lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { instructionsPath, putSection, withoutSectionMarks } from "@memomesh/core";
import { writeDurably } from "@memomesh/mailbox";
import { textOf } from "./create.ts";

/** How one vendor's instruction file stands to AGENTS.md. */
export interface InstructionFile {
  /** Relative to the node's folder. */
  readonly file: string;
  /**
   * `written`, `removed`: it was out of step and is in step now. `out of step`: found with `check`, or nothing we may
   * change.
   */
  readonly state: "in step" | "written" | "removed" | "out of step";
  /** What differs; empty when it is in step. */
  readonly difference: string;
}

/** Tools that follow an import line, seen with Claude Code 2.1.329 and Gemini CLI 0.61. */
const importing = ["CLAUDE.md", "GEMINI.md"];
/** GitHub Copilot follows no import, hence the copy. */
const copying = join(".github", "copilot-instructions.md");
const importLine = "@AGENTS.md";
const section = "instructions";

/**
 * Brings the vendors' instruction files into step with AGENTS.md, which is canonical. In each file only one marked
 * section is ours; the rest is left alone.
 *
 * @param options.check says what differs and writes nothing
 */
export async function syncInstructions(folder: string, options: { check?: boolean } = {}): Promise<InstructionFile[]> {
  const canonical = await textOf(instructionsPath(folder));
  if (canonical === undefined) {
    return [{ file: "AGENTS.md", state: "out of step", difference: "is missing; `memomesh node add` makes it" }];
  }
  const copy = withoutSectionMarks(canonical).trim();
  const wanted = [...importing.map((file) => ({ file, text: importLine })), { file: copying, text: copy }];
  const results: InstructionFile[] = [];
  for (const { file, text } of wanted) results.push(await bringIntoStep(folder, file, text, options.check === true));
  return results;
}

async function bringIntoStep(folder: string, file: string, text: string, check: boolean): Promise<InstructionFile> {
  const path = join(folder, file);
  const link = await lstat(path).catch(() => undefined);
  if (link?.isSymbolicLink()) return linkState(folder, file);
  const source = await textOf(path);
  const imports = text === importLine && source?.split(/\r?\n/).some((line) => line.trim() === importLine);
  const next = imports ? source : putSection(source ?? "", section, text);
  if (source !== undefined && next === source) return { file, state: "in step", difference: "" };
  const difference =
    source === undefined
      ? "is missing"
      : text === importLine
        ? "does not import AGENTS.md"
        : "is not what AGENTS.md says now";
  if (check) return { file, state: "out of step", difference };
  await mkdir(dirname(path), { recursive: true });
  await writeDurably(path, next ?? "");
  return { file, state: "written", difference };
}

/** A link to AGENTS.md is a common way to share it, and in step for ever; another link is not ours to change. */
async function linkState(folder: string, file: string): Promise<InstructionFile> {
  const [target, canonical] = await Promise.all([
    realpath(join(folder, file)).catch(() => undefined),
    realpath(instructionsPath(folder)),
  ]);
  if (target === canonical) return { file, state: "in step", difference: "" };
  return {
    file,
    state: "out of step",
    difference: "is a symbolic link to something else than AGENTS.md; it was left alone",
  };
}
