import { dirname } from "node:path/posix";
import type { ShellText } from "../material.ts";
import { calledBy } from "../shell/called.ts";
import { readCommands } from "../shell/read-commands.ts";
import { at, textOf, type YamlNode } from "../yaml/node.ts";
import { hold } from "./condition.ts";
import type { Deadline } from "./deadline.ts";
import type { LessonDetector, Matcher } from "./detector.ts";
import { follow, type Standpoint } from "./path.ts";

/** A file as detectors look at it. */
export interface Searched {
  readonly path: string;
  readonly lines: readonly string[];
  readonly documents: readonly YamlNode[];
  /** Its shell text, where it has some, and the line at which each part begins. */
  readonly shell: readonly Pick<ShellText, "line" | "text">[];
}

export interface Hit {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** More hits in one file say nothing new. */
const mostHits = 20;

/**
 * Where a detector's mistake stands in these files.
 *
 * @throws TimeUp when the deadline is over
 */
export function findHits({ matchers }: LessonDetector, files: readonly Searched[], deadline: Deadline): readonly Hit[] {
  return files.flatMap((file) => {
    const lines = matchers.flatMap((matcher) => matchedLines(matcher, file, files, deadline));
    return [...new Set(lines)]
      .sort((a, b) => a - b)
      .slice(0, mostHits)
      .map((line) => ({ path: file.path, line }));
  });
}

function matchedLines(matcher: Matcher, file: Searched, files: readonly Searched[], deadline: Deadline): number[] {
  if (matcher.kind === "value") return matchedValues(matcher, file, files, deadline);
  if (matcher.kind === "command") return matchedCalls(matcher, file, deadline);
  const { regex, unless } = matcher;
  const matching = (pattern: typeof regex) =>
    file.lines.flatMap((line, index) => {
      deadline.ask();
      return pattern.test(line) ? [index + 1] : [];
    });
  const found = matching(regex);
  return found.length > 0 && unless !== undefined && matching(unless).length > 0 ? [] : found;
}

function matchedCalls(
  { programs, args, unless }: Extract<Matcher, { kind: "command" }>,
  { shell }: Searched,
  deadline: Deadline,
): number[] {
  return shell.flatMap(({ line, text }) => {
    deadline.ask();
    return (readCommands(text) ?? []).flatMap((command) => {
      deadline.ask();
      const called = calledBy(command);
      if (!programs.includes(called.program)) return [];
      const said = called.args.join(" ");
      const meant = args.every((pattern) => pattern.test(said)) && !unless.some((pattern) => pattern.test(said));
      return meant ? [line + command.line - 1] : [];
    });
  });
}

function matchedValues(
  { each, when }: Extract<Matcher, { kind: "value" }>,
  file: Searched,
  files: readonly Searched[],
  deadline: Deadline,
): number[] {
  return file.documents.flatMap((document) => {
    const folder = neighbours(file, document, files);
    const from: Standpoint = { node: document, document, folder };
    return follow(each, from, deadline).flatMap((node) => {
      let line = node.line;
      for (const condition of when) {
        const held = hold(condition, { ...from, node }, deadline);
        if (held === undefined) return [];
        // What the last condition holds for says most exactly where it is; only what stands in this very document.
        if (held[0] !== undefined && condition.path.scope === "node") line = held[0].line;
      }
      return [line];
    });
  });
}

/** The documents of the file's folder that lie in the same namespace. */
function neighbours(file: Searched, document: YamlNode, files: readonly Searched[]): readonly YamlNode[] {
  const folder = dirname(file.path);
  const namespace = textOf(at(document, "metadata", "namespace"));
  return files
    .filter(({ path }) => dirname(path) === folder)
    .flatMap(({ documents }) => documents)
    .filter((other) => textOf(at(other, "metadata", "namespace")) === namespace);
}
