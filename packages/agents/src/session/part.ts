import { redact } from "@memomesh/guard";
import { foldListing } from "./listing.ts";
import { type BlockKind, marked } from "./marked.ts";
import { estimateTokens, shortened } from "./tokens.ts";

/** A piece of what a model is told at the beginning. */
export interface ContextPart {
  readonly name: string;
  /** Where it comes from: a path, or what it was made of. */
  readonly origin: string;
  /** Estimated. */
  readonly tokens: number;
  /** As it is sent, marked; "" when nothing of it is. */
  readonly text: string;
  /** What of it was left out, and why. */
  readonly left?: string;
}

/** What stays of a part in the first, second and third round of cutting, in tokens. */
export type Floors = readonly [number, number, number];

/** A part before it is known how much room there is for it. */
export interface DraftPart {
  readonly name: string;
  readonly origin: string;
  readonly floors: Floors;
  /** The part in at most so many tokens, and what had to be left out. */
  fit(tokens: number): { readonly text: string; readonly left?: string };
}

/** What a draft is made of beside its content. */
export interface PartFrame {
  readonly name: string;
  readonly origin: string;
  readonly heading: string;
  readonly boundary: string;
  readonly kind?: BlockKind;
  /** Nothing, when absent. */
  readonly floors?: Floors;
}

/** Room for the words that say what was left out. */
const remark = 15;
/** Less than this of a text says nothing. */
const smallest = 40;

/** A part that is sent as it is. */
export function fixedPart(name: string, origin: string, text: string): DraftPart {
  const whole = Number.POSITIVE_INFINITY;
  return { name, origin, floors: [whole, whole, whole], fit: () => ({ text }) };
}

/** One text, of which the end, or the middle, is cut. Like all that leaves the machine, it is freed from secrets. */
export function textPart(part: PartFrame, source: string, keep: "beginning" | "both ends"): DraftPart {
  const clean = redact(source);
  return draft(part, source.trim() === "", (tokens) => {
    const { text, lost } = shortened(clean, tokens, keep);
    return {
      blocks: [marked(part.boundary, part.kind ?? "data", part.origin, text)],
      left: lost === 0 ? "" : `about ${lost} tokens`,
    };
  });
}

/** Several texts with an origin each. Those that stand at the end of `order` are left out first, each as a whole. */
export function textsPart(
  part: PartFrame,
  texts: readonly { readonly origin: string; readonly source: string }[],
  order: readonly number[] = [...texts.keys()],
): DraftPart {
  const blocks = texts.map(({ origin, source }) => marked(part.boundary, "data", origin, redact(source)));
  return draft(part, texts.length === 0, (tokens) => {
    const chosen = new Set<number>();
    let used = 0;
    for (const index of order) {
      used += estimateTokens(blocks[index] ?? "") + 1;
      if (used > tokens) break;
      chosen.add(index);
    }
    const lost = blocks.length - chosen.size;
    return {
      blocks: blocks.filter((_, index) => chosen.has(index)),
      left: lost === 0 ? "" : `${lost} of ${blocks.length}`,
    };
  });
}

/** A listing of files, which shows folders instead when it has to be shorter. */
export function listingPart(part: PartFrame, files: readonly string[], most: number): DraftPart {
  return draft(part, files.length === 0, (tokens) => {
    for (let lines = most; ; lines = Math.floor(lines / 2)) {
      const folded = foldListing(files, Math.max(1, lines));
      const block = marked(part.boundary, "data", part.origin, folded.join("\n"));
      if (lines > 1 && estimateTokens(block) > tokens) continue;
      return {
        blocks: [block],
        left: folded.length < files.length ? `${files.length} files are shown in ${folded.length} lines` : "",
      };
    }
  });
}

function draft(
  { name, origin, heading, boundary, kind = "data", floors = [0, 0, 0] }: PartFrame,
  empty: boolean,
  content: (tokens: number) => { readonly blocks: readonly string[]; readonly left: string },
): DraftPart {
  const around = estimateTokens(`${heading}\n\n${marked(boundary, kind, origin, "")}`) + remark;
  return {
    name,
    origin,
    floors,
    fit(tokens) {
      if (empty) return { text: "", left: "there is none" };
      const room = tokens - around;
      const { blocks, left } = room < smallest ? { blocks: [], left: "all of it" } : content(room);
      if (blocks.length === 0) return { text: "", left: `${left} left out: it did not fit into the budget` };
      const text = `${heading}\n\n${blocks.join("\n")}`;
      return left === "" ? { text } : { text, left: `${left}, so that the rest fits into the budget` };
    },
  };
}
