import { cost, type Flaw } from "../finding.ts";
import type { ReadFile } from "../material.ts";

/** A `FROM` of a Dockerfile. */
export interface BuildStage {
  readonly image: string;
  readonly line: number;
  /** Whether it is an image, and not an earlier stage of the file. */
  readonly external: boolean;
}

export function buildStages(lines: readonly string[]): readonly BuildStage[] {
  const names = new Set<string>();
  return lines.flatMap((text, index) => {
    const [, image, name] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(text) ?? [];
    if (image === undefined) return [];
    const external = !names.has(image.toLowerCase());
    if (name !== undefined) names.add(name.toLowerCase());
    return [{ image, line: index + 1, external }];
  });
}

const instructions =
  /^(?:FROM|RUN|CMD|LABEL|MAINTAINER|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL)$/i;

/** What the builder would refuse: an unknown instruction, and anything but ARG before the first FROM. */
export function dockerfileFlaws({ path, lines }: ReadFile): Flaw[] {
  const flaws: Flaw[] = [];
  let started = false;
  for (const { line, word } of instructionsOf(lines)) {
    if (!instructions.test(word)) {
      flaws.push({ file: path, line, text: `${word} is no instruction`, cost: cost.serious, blocks: true });
    } else if (/^FROM$/i.test(word)) started = true;
    else if (!started && !/^ARG$/i.test(word)) {
      flaws.push({ file: path, line, text: `${word} stands before the first FROM`, cost: cost.serious, blocks: true });
      started = true;
    }
  }
  if (!started) flaws.push({ file: path, line: 1, text: "the Dockerfile has no FROM", cost: cost.whole, blocks: true });
  return flaws;
}

/** The first word of each instruction: not of lines that continue one, nor of here-documents. */
function instructionsOf(lines: readonly string[]): readonly { line: number; word: string }[] {
  const found: { line: number; word: string }[] = [];
  let continued = false;
  let end: string | undefined;
  for (const [index, text] of lines.entries()) {
    if (end !== undefined) {
      if (text.trim() === end) end = undefined;
      continue;
    }
    if (/^\s*(?:#|$)/.test(text)) continue;
    if (!continued) {
      found.push({ line: index + 1, word: /^\s*(\S+)/.exec(text)?.[1] ?? "" });
      end = /^\s*(?:RUN|COPY|ADD)\b.*<<-?["']?(\w+)["']?/i.exec(text)?.[1];
    }
    continued = /[\\`]\s*$/.test(text);
  }
  return found;
}
