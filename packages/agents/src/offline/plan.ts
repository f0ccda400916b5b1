import type { RunbookDraft, StepDraft } from "@memomesh/core";

/** The order of a deployment: nothing that is in use is touched before all that can be prepared is in place. */
const phases = ["look", "keep", "place", "check", "migrate", "switch", "verify"] as const;
type Phase = (typeof phases)[number];

/** A step that has its place but not yet its number. */
export interface PlannedStep extends Omit<StepDraft, "needs"> {
  readonly phase: Phase;
  /** Files of the mesh that it depends on. */
  readonly files?: readonly string[];
}

/** What one artifact, or one aspect of a release, adds to the work. */
export interface Part {
  /** Sentences for "What this does". */
  readonly does: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** Files for the node's folder: path and content. */
  readonly files: Readonly<Record<string, string>>;
  /** What was not told, with what was assumed instead. */
  readonly unknown: readonly string[];
  /** Markdown: how to go back later, when the runbook is closed. */
  readonly rollback: readonly string[];
}

export const nothingToDo: Part = { does: [], steps: [], files: {}, unknown: [], rollback: [] };

/** All parts as one; steps in the order of their phases, and otherwise as they were. */
export function joinParts(parts: readonly Part[]): Part {
  const steps = parts.flatMap((part) => part.steps);
  return {
    does: parts.flatMap(({ does }) => does),
    steps: phases.flatMap((phase) => steps.filter((step) => step.phase === phase)),
    files: Object.assign({}, ...parts.map(({ files }) => files)),
    unknown: [...new Set(parts.flatMap(({ unknown }) => unknown))],
    rollback: parts.flatMap(({ rollback }) => rollback),
  };
}

/** What has to have run before a phase may begin. */
const after: Readonly<Record<Phase, readonly Phase[]>> = {
  look: [],
  keep: [],
  place: [],
  check: ["place"],
  migrate: ["place"],
  switch: ["keep", "place", "migrate"],
  verify: ["switch"],
};

/** Steps with their dependencies by number. A step that a person does by hand is no dependency: nothing can see it. */
export function numbered(steps: readonly PlannedStep[]): RunbookDraft["steps"] {
  return steps.map(({ phase, files = [], ...step }) => {
    const needed = steps.flatMap((other, index) =>
      (other.run ?? other.upload) !== undefined && after[phase].includes(other.phase) ? [index + 1] : [],
    );
    return { ...step, needs: { steps: needed, files } };
  });
}

/** Lines of shell text. */
export function script(...lines: readonly string[]): string {
  return lines.join("\n");
}
