import { type HeaderValue, printHeaderValue } from "./header-value.ts";
import type { Needs, Risk } from "./runbook.ts";
import { printUpload, type Upload } from "./upload.ts";

/** A step before it has a number. */
export interface StepDraft {
  /** Markdown on one line. */
  readonly title: string;
  readonly risk: Risk;
  /** Seconds; 300 when absent. */
  readonly timeout?: number;
  readonly target?: string;
  readonly needs?: Partial<Needs>;
  /** Instead of `run` and `undo`, which follow from it. */
  readonly upload?: Upload;
  /** Markdown for the reviewer. */
  readonly prose: string;
  readonly preview?: string;
  readonly run?: string;
  readonly check?: string;
  readonly undo?: string;
}

/** A runbook before it is a file. */
export interface RunbookDraft {
  readonly id: string;
  readonly memo?: string;
  readonly node: string;
  readonly target: string;
  readonly created: string;
  readonly gate?: number;
  readonly title: string;
  /** Markdown for "What this does". */
  readonly what: string;
  /** Items of "What is not known". */
  readonly unknown: readonly string[];
  /** Markdown for "Rollback". */
  readonly rollback: string;
  readonly steps: readonly StepDraft[];
}

/**
 * A runbook as a file. {@link parseRunbook} gives the same steps back; it refuses the text when prose or titles of the
 * draft hold something that looks like a step.
 */
export function printRunbook(draft: RunbookDraft): string {
  const lines: readonly (readonly [string, HeaderValue | undefined])[] = [
    ["id", draft.id],
    ["memo", draft.memo],
    ["node", draft.node],
    ["target", draft.target],
    ["created", draft.created],
    ["gate", draft.gate],
  ];
  const header = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${printHeaderValue(value)}\n`],
  );
  const unknown = draft.unknown.map((each) => `- ${oneLine(each)}`).join("\n");
  const blocks = [
    `# ${oneLine(draft.title)}`,
    "## What this does",
    draft.what.trim(),
    "## What is not known",
    unknown || "Nothing.",
    "## Rollback",
    draft.rollback.trim(),
    ...draft.steps.map((step, index) => printStep(step, index + 1)),
  ];
  return `---\n${header.join("")}---\n${joined(blocks)}\n`;
}

function printStep(step: StepDraft, number: number): string {
  const fences = (["preview", "run", "check", "undo"] as const).flatMap((kind) => {
    const text = step[kind];
    return text === undefined ? [] : [printFence(kind, text)];
  });
  const head = `## Step ${number}: ${oneLine(step.title)}\n${printAttributes(step)}`;
  return joined([head, step.prose.trim(), fences.join("\n")]);
}

function printAttributes({ risk, timeout, target, upload, needs = {} }: StepDraft): string {
  const { steps = [], env = [], files = [] } = needs;
  const needed = [...steps.map((step) => `step ${step}`), ...env, ...files.map((file) => `\`${file}\``)];
  const attributes = [
    `Risk: ${risk}.`,
    timeout === undefined ? "" : `Timeout: ${timeout}s.`,
    target === undefined ? "" : `Target: ${target}.`,
    needed.length === 0 ? "" : `Needs: ${needed.join(", ")}.`,
    upload === undefined ? "" : `Upload: ${printUpload(upload)}.`,
  ];
  return attributes.filter((each) => each !== "").join(" ");
}

/** Commands may hold fences and headings of their own, in a here-document for instance: the marks are always longer. */
function printFence(kind: "preview" | "run" | "check" | "undo", text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((found) => found.length));
  const marks = "`".repeat(Math.max(/^\s*#+\s*step\b/im.test(text) ? 4 : 3, longest + 1));
  return `${marks}sh ${kind}\n${text.replace(/\n+$/, "")}\n${marks}`;
}

function joined(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
