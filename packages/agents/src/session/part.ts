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
  /** What a part of several texts was chosen from, in order, when it is known why. */
  readonly items?: readonly ContextItem[];
}

/** A text that was chosen for a part. */
export interface ContextItem {
  readonly origin: string;
  readonly title: string;
  /** Parts of a sentence. */
  readonly why: string;
  /** Estimated. */
  readonly tokens: number;
  /** false: there was no room for it. */
  readonly told: boolean;
}

/** What stays of a part in the first, second and third round of cutting, in tokens. */
export type Floors = readonly [number, number, number];

/** A part before it is known how much room there is for it. */
export interface DraftPart {
  readonly name: string;
  readonly origin: string;
  readonly floors: Floors;
  /** The part in at most so many tokens, and what had to be left out. */
  fit(tokens: number): { readonly text: string; readonly left?: string; readonly items?: readonly ContextItem[] };
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
  /** The most that it may take, however much room there is, in tokens. */
  readonly most?: number;
}

/** One of several texts of a part. */
export interface PartText {
  readonly origin: string;
  readonly source: string;
  /** Its name and why it was chosen, for a person. */
  readonly chosen?: Pick<ContextItem, "title" | "why">;
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

/** Several texts with an origin each. Those that stand at the end of `order` are left out first, each as a whole; one too long for the room that is left keeps no shorter one out. */
export function textsPart(
  part: PartFrame,
  texts: readonly PartText[],
  order: readonly number[] = [...texts.keys()],
): DraftPart {
  const blocks = texts.map(({ origin, source }) => marked(part.boundary, "data", origin, redact(source)));
  return draft(part, texts.length === 0, (tokens) => {
    const chosen = new Set<number>();
    let used = 0;
    for (const index of order) {
      const size = estimateTokens(blocks[index] ?? "") + 1;
      if (used + size > tokens) continue;
      used += size;
      chosen.add(index);
    }
    const lost = blocks.length - chosen.size;
    return {
      blocks: blocks.filter((_, index) => chosen.has(index)),
      left: lost === 0 ? "" : `${lost} of ${blocks.length}`,
      items: texts.flatMap(({ origin, chosen: why }, index) =>
        why === undefined
          ? []
          : [{ origin, ...why, tokens: estimateTokens(blocks[index] ?? ""), told: chosen.has(index) }],
      ),
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
  { name, origin, heading, boundary, kind = "data", floors = [0, 0, 0], most = Number.POSITIVE_INFINITY }: PartFrame,
  empty: boolean,
  content: (tokens: number) => {
    readonly blocks: readonly string[];
    readonly left: string;
    readonly items?: readonly ContextItem[];
  },
): DraftPart {
  const around = estimateTokens(`${heading}\n\n${marked(boundary, kind, origin, "")}`) + remark;
  return {
    name,
    origin,
    floors,
    fit(tokens) {
      if (empty) return { text: "", left: "there is none" };
      const room = Math.min(tokens, most) - around;
      const { blocks, left, items: all = [] } = content(room < smallest ? 0 : room);
      const items = all.length === 0 ? {} : { items: all };
      if (blocks.length === 0 || room < smallest)
        return { text: "", left: "all of it left out: it did not fit into the budget", ...items };
      const text = `${heading}\n\n${blocks.join("\n")}`;
      return left === ""
        ? { text, ...items }
        : { text, left: `${left}, so that the rest fits into the budget`, ...items };
    },
  };
}
