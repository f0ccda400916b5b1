import type { Runbook, Step } from "@memomesh/core";
import { type Misleading, misleadingParts } from "@memomesh/guard";

/** Something in a runbook that a person who reads it does not see for what it is. */
export interface MisleadingText {
  /** For people: "its run commands". */
  readonly where: string;
  /** Line in the runbook's file; undefined where the text is written in several lines of it. */
  readonly line?: number;
  readonly kind: Misleading["kind"];
  /** A sentence without its dot. */
  readonly reason: string;
}

/** What lies in a step. Characters that cannot be seen are no part of it: with those it cannot be approved at all. */
export function misleadingInStep({ title, prose, preview, run, check, undo }: Step): readonly MisleadingText[] {
  const fences = Object.entries({ preview, run, check, undo });
  return [
    ...partsOf("its title", title, "markdown"),
    ...partsOf("its text", prose, "markdown"),
    ...fences.flatMap(([name, fence]) =>
      fence === undefined ? [] : partsOf(`its ${name} commands`, fence.text, "command", fence.line),
    ),
  ];
}

/** What lies in the text around the steps. */
export function misleadingInText({ title, sections }: Pick<Runbook, "title" | "sections">): readonly MisleadingText[] {
  return [
    ...partsOf("the title", title, "markdown"),
    ...sections.flatMap(({ heading, text }) => partsOf(`"${heading}"`, text, "markdown")),
  ];
}

function partsOf(where: string, text: string, form: "command" | "markdown", firstLine?: number): MisleadingText[] {
  return misleadingParts(text, form)
    .filter(({ kind }) => kind !== "invisible")
    .map(({ kind, reason, start }) => {
      const line = firstLine === undefined ? {} : { line: firstLine + text.slice(0, start).split("\n").length - 1 };
      return { where, kind, reason, ...line };
    });
}
