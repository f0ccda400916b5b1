import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Lesson, parseLessons, parseMemo } from "@memomesh/core";
import { readBody } from "@memomesh/core/markdown";
import { findingsOf, type GateResult, requestOf, type Subject, score } from "../src/index.ts";

/** The shipped lessons. */
export const fieldLessons: readonly Lesson[] = parseLessons(
  readFileSync(join(import.meta.dirname, "../../../templates/ai-lessons-field.md"), "utf8"),
  "ai-lessons-field.md",
);

/** What the gate is given: texts by path, and perhaps a memo that they answer. */
export function subjectOf(
  texts: Readonly<Record<string, string>>,
  { lessons = [], memo }: { lessons?: readonly Lesson[]; memo?: string } = {},
): Subject {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  if (memo === undefined) return { files, lessons };
  const read = parseMemo(memo, "memo.md");
  return { files, lessons, request: requestOf(read, readBody(read)) };
}

export function judge(...given: Parameters<typeof subjectOf>): GateResult {
  return score(subjectOf(...given));
}

/** The findings of one check as `file:line text`, or of all as `check file:line text`. */
export function said(result: GateResult, check?: string): string[] {
  return findingsOf(result)
    .filter((finding) => check === undefined || finding.check === check)
    .map(({ check: id, file, line, text }) => `${check === undefined ? `${id} ` : ""}${file}:${line ?? "-"} ${text}`);
}

/** A runbook with these steps, complete in everything else. */
export function runbook(steps: string, sections = "## Rollback\n\nUndo the steps in reverse order.\n"): string {
  return `---
id: rb-01KAJ0000000000000000SES01
node: sysadmin
target: staging
created: 2026-11-21T10:14:09Z
---
# Deploy the shop

## What this does

Puts the shop in place.

## What is not known

- Nothing that matters here.

${sections}
${steps}`;
}
