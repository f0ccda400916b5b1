import { type Attributes, looksLikeAttributes, readAttributes } from "./attributes.ts";
import { MeshError } from "./error.ts";
import { type Frontmatter, splitFrontmatter } from "./frontmatter.ts";
import { lineAt } from "./line.ts";
import { defaultTimeout, type Fence, type Needs, type Runbook, type Step } from "./runbook.ts";
import { readRunbookHeader } from "./runbook-header.ts";
import { type FencedLines, findLookalike } from "./runbook-scan.ts";
import { sectionsOf } from "./section.ts";
import { type Block, type Code, fenceOf, type Heading, lineOf, parseTree, rangeOf } from "./tree.ts";
import { type Upload, uploadCommands } from "./upload.ts";

/**
 * Reads a runbook, strictly: what looks like a step, like its attributes or like its commands and cannot be read exactly
 * is an error and never skipped.
 *
 * @param file the name that errors give
 * @throws MeshError `runbook.*` with file and line
 * @see docs/formats.md, "A runbook"
 */
export function parseRunbook(source: string, file: string): Runbook {
  const front = splitFrontmatter(source, file, "runbook.header");
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/.exec(source);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).padStart(2, "0");
    throw new MeshError("runbook.character", `a control character (hexadecimal ${code}) stands here; expected none.`, {
      place: { file, line: lineAt(source, control.index) },
    });
  }
  const header = readRunbookHeader(front, file);
  const body = new Body(front, file);
  const title = body.readTitle();
  const steps = body.readSteps();
  const sections = sectionsOf(body.tree, front.body, { offset: front.bodyOffset, line: front.bodyLine }).filter(
    ({ depth, line }) => depth === 2 && !steps.some((step) => step.line === line),
  );
  return { file, source, ...header, title, sections, steps };
}

type Kind = "preview" | "run" | "check" | "undo";

const noNeeds: Needs = { steps: [], env: [], files: [] };

const stepHeading = /^## Step ([1-9]\d{0,3}): (\S.*)$/;
const opening = /^`{3,}(?:sh|bash) (preview|run|check|undo)$/;

/** The Markdown of one runbook while it is read. */
class Body {
  readonly tree: ReturnType<typeof parseTree>;
  readonly #markdown: string;
  readonly #lines: readonly string[];
  readonly #file: string;
  readonly #firstLine: number;

  constructor(front: Frontmatter, file: string) {
    this.#markdown = front.body;
    this.#lines = front.body.split(/\r?\n/);
    this.#file = file;
    this.#firstLine = front.bodyLine;
    this.tree = parseTree(front.body);
  }

  readTitle(): string {
    const [first, second] = this.tree.children.filter(
      (block): block is Heading => block.type === "heading" && block.depth === 1,
    );
    if (first === undefined) throw this.#error("title", "the runbook has no title; expected a heading `# Title`.", 0);
    if (second !== undefined) throw this.#error("title", "this is a second title; expected one.", lineOf(second) - 1);
    return this.#raw(first).replace(/^#\s+/, "").trim();
  }

  /** The steps, after nothing was found that only looks like a part of one. */
  readSteps(): Step[] {
    const blocks = this.tree.children;
    const fences = blocks
      .filter((block): block is Code => block.type === "code")
      .flatMap((code) => this.#fencedLines(code));
    const starts = blocks.flatMap((block, index) => (this.#stepTitle(block) === undefined ? [] : [index]));
    const exact = new Set<number>();
    const steps = starts.map((start, index) => {
      const next = blocks.findIndex((block, at) => at > start && block.type === "heading" && block.depth <= 2);
      const own = blocks.slice(start, next === -1 ? undefined : next);
      return this.#readStep(
        own,
        index + 1,
        next === -1 ? this.#markdown.length : rangeOf(blocks[next] as Block).start,
        exact,
      );
    });
    const firstStep = lineOf(blocks[starts[0] ?? 0] as Block) - 1;
    const lookalike = findLookalike(this.#lines, { exact, fences }, firstStep);
    if (lookalike !== undefined) throw this.#error("lookalike", lookalike.sentence, lookalike.line);
    if (steps.length === 0) {
      throw this.#error(
        "empty",
        "the runbook has no step; expected a heading such as `## Step 1: Keep the current release`.",
        0,
      );
    }
    return steps;
  }

  /** @param exact collects the lines that were read as heading, attributes and openings */
  #readStep(blocks: readonly Block[], expected: number, end: number, exact: Set<number>): Step {
    const [heading, first] = blocks as [Heading, Block | undefined];
    const { number, title } = this.#stepTitle(heading) as { number: number; title: string };
    const line = lineOf(heading) - 1;
    if (number !== expected)
      throw this.#error("number", `this is step ${number}; expected step ${expected} here.`, line);
    exact.add(line);
    const attributes = this.#readAttributes(first, number, exact);
    const commands: Partial<Record<Kind, Fence>> = {};
    const taken = [heading, ...(attributes === undefined ? [] : [first as Block])];
    for (const code of blocks.filter((block): block is Code => block.type === "code")) {
      const kind = this.#kindOf(code);
      if (kind === undefined) continue;
      const at = lineOf(code) - 1;
      if (commands[kind] !== undefined) {
        throw this.#error("fence", `this is a second ${kind} fence in step ${number}; expected one at most.`, at);
      }
      if (code.value.trim() === "") throw this.#error("fence", `this ${kind} fence is empty; expected commands.`, at);
      commands[kind] = { text: code.value.replaceAll("\r\n", "\n"), line: at + 1 + this.#firstLine };
      exact.add(at);
      taken.push(code);
    }
    const { risk, timeout = defaultTimeout, target, upload, needs: told = noNeeds } = attributes ?? {};
    const needs =
      upload === undefined || told.files.includes(upload.from)
        ? told
        : { ...told, files: [...told.files, upload.from] };
    return {
      number,
      title,
      line: line + this.#firstLine,
      ...(risk === undefined ? {} : { risk }),
      timeout,
      ...(target === undefined ? {} : { target }),
      needs,
      prose: this.#between(taken, end),
      ...(upload === undefined ? {} : { upload, ...this.#uploadFences(upload, commands, number, first as Block) }),
      ...commands,
    };
  }

  /** What an upload runs is generated; only what it is checked by may be said otherwise. */
  #uploadFences(
    upload: Upload,
    own: Partial<Record<Kind, Fence>>,
    step: number,
    attributes: Block,
  ): Record<"run" | "check" | "undo", Fence> {
    const second = own.run ?? own.undo;
    if (second !== undefined) {
      const sentence = `step ${step} uploads, and its run and undo are generated; expected a step of its own for these commands.`;
      throw this.#error("upload", sentence, second.line - 1 - this.#firstLine);
    }
    const line = lineOf(attributes) - 1 + this.#firstLine;
    const { run, check, undo } = uploadCommands(upload);
    return { run: { text: run, line }, check: { text: check, line }, undo: { text: undo, line } };
  }

  #readAttributes(first: Block | undefined, step: number, exact: Set<number>): Attributes | undefined {
    if (first?.type !== "paragraph") return undefined;
    const lines = this.#raw(first).split(/\r?\n/);
    if (!looksLikeAttributes(lines[0] as string)) return undefined;
    const at = lineOf(first) - 1;
    const attributes = readAttributes(lines.map((line) => line.trim()).join(" "), step);
    if (typeof attributes === "string") throw this.#error("attribute", attributes, at);
    for (const index of lines.keys()) exact.add(at + index);
    return attributes;
  }

  #stepTitle(block: Block): { number: number; title: string } | undefined {
    if (block.type !== "heading" || block.depth !== 2) return undefined;
    const [, number, title] = stepHeading.exec(this.#lines[lineOf(block) - 1]?.trimEnd() ?? "") ?? [];
    return number === undefined || title === undefined ? undefined : { number: Number(number), title };
  }

  /** The kind of commands that a block holds when it is written exactly as a step's commands are. */
  #kindOf(code: Code): Kind | undefined {
    return opening.exec(this.#lines[lineOf(code) - 1]?.trimEnd() ?? "")?.[1] as Kind | undefined;
  }

  #fencedLines(code: Code): FencedLines[] {
    const fence = fenceOf(code, this.#markdown);
    if (fence === undefined) return [];
    const first = lineOf(code) - 1;
    if (!fence.closed)
      throw this.#error(
        "unclosed",
        `the fence that opens here is not closed; expected ${fence.marks} below it.`,
        first,
      );
    const last = (code.position as NonNullable<Code["position"]>).end.line - 1;
    // The opening line is looked at too, unless it was read exactly.
    return [{ first: first + 1, last, marks: fence.marks }];
  }

  /** The text of a step without the blocks that were read. */
  #between(taken: readonly Block[], end: number): string {
    const ranges = taken.map(rangeOf);
    const pieces = ranges.map(({ end: from }, index) =>
      this.#markdown.slice(from, ranges[index + 1]?.start ?? end).trim(),
    );
    return pieces
      .filter((piece) => piece !== "")
      .join("\n\n")
      .replaceAll("\r\n", "\n");
  }

  #raw(block: Block): string {
    const { start, end } = rangeOf(block);
    return this.#markdown.slice(start, end);
  }

  /** @param line from 0, in the body */
  #error(code: string, sentence: string, line: number): MeshError {
    return new MeshError(`runbook.${code}`, sentence, { place: { file: this.#file, line: line + this.#firstLine } });
  }
}
