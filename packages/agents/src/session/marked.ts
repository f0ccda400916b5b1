import { sha256 } from "@memomesh/core";
import type { SessionKnowledge } from "../agent.ts";

/** What a block holds: words to know about, or words to go by. */
export type BlockKind = "data" | "instructions";

/**
 * The word in the tags around the blocks of a session. It is derived from all that the session begins with, so that no
 * memo or file can have been written with it in mind, and it is the same again when the session is continued.
 */
export function boundaryOf(context: SessionKnowledge): string {
  const { memo, thread, instructions, state, lessons, platform, node } = context;
  const told = [node.id, memo.body, instructions, state, platform];
  const others = [...thread, ...lessons].map(({ source }) => source);
  return boundaryFor([...told, ...others]);
}

/** The same for any conversation that begins with these texts. */
export function boundaryFor(texts: readonly string[]): string {
  return sha256(JSON.stringify(texts))
    .replace(/^sha256:/, "")
    .slice(0, 16);
}

/** Characters that a reader, or a model, may overlook between two letters. */
const unseen = String.raw`[\s\p{Default_Ignorable_Code_Point}\p{Cc}]*`;
/** The beginning of one of our tags, however it is written. Linear: no two of the repetitions can match the same text. */
const tag = new RegExp(`[<‹＜﹤](?=${unseen}(?:[/／]${unseen})?${[..."memomesh"].join(unseen)})`, "giu");

/**
 * Somebody's text as a block that says what it is and where it comes from. Nothing inside can close the block or open
 * another one: the boundary is taken out, and a `<` that begins a tag of ours becomes `\<`. All else stays as it is.
 *
 * @param origin for the model: a path, or a memo and its sender
 */
export function marked(boundary: string, kind: BlockKind, origin: string, text: string): string {
  const name = `memomesh-${kind}-${boundary}`;
  const from = JSON.stringify(harmless(boundary, origin).replace(/\s+/g, " "));
  return `<${name} origin=${from}>\n${harmless(boundary, text)}\n</${name}>`;
}

function harmless(boundary: string, text: string): string {
  return text.replace(new RegExp(boundary, "gi"), "[boundary]").replace(tag, "\\$&");
}
