import { MeshError } from "@memomesh/core";
import type { Mesh, MeshNode } from "../load.ts";
import { storyMarkdown } from "./story-markdown.ts";
import { why } from "./why.ts";

/**
 * What a node's own files, mailbox and their history tell about what a question asks for; of other nodes nothing is looked
 * at, for a session sees what its node was granted.
 *
 * @returns Markdown; undefined when nothing is known of what it asks about
 */
export async function historyFor(mesh: Mesh, node: MeshNode, question: string): Promise<string | undefined> {
  try {
    return storyMarkdown(await why(mesh, question, node.folder, node));
  } catch (error) {
    if (error instanceof MeshError && /^why\.|\.(?:unknown|line)$/.test(error.code)) return undefined;
    throw error;
  }
}
