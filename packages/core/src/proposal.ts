import * as z from "zod/mini";
import { MeshError } from "./error.ts";

const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/));
const schema = z.strictObject({
  node: z.string(),
  memo: z.string(),
  agent: z.string(),
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        before: z.nullable(digest),
        after: z.nullable(z.string()),
        executable: z.optional(z.literal(true)),
      }),
    )
    .check(z.minLength(1)),
});

/** What a session wants to change of the files that steer agents, to the byte. Its file's SHA-256 is what a person accepts. */
export interface Proposal {
  readonly node: string;
  /** Id of the memo that the session worked on. */
  readonly memo: string;
  readonly agent: string;
  readonly files: readonly ProposedFile[];
}

export interface ProposedFile {
  /** Relative to the node's folder, with "/" separators. */
  readonly path: string;
  /** SHA-256 of what the proposal is based on; null: there was no such file. */
  readonly before: string | null;
  /** null: it is deleted. */
  readonly after: string | null;
  readonly executable?: true | undefined;
}

export function printProposal(proposal: Proposal): string {
  return `${JSON.stringify(proposal, undefined, 2)}\n`;
}

/**
 * @param file the name that errors give
 * @throws MeshError `proposal.unreadable`
 */
export function parseProposal(source: string, file: string): Proposal {
  const read = schema.safeParse(jsonOf(source));
  if (read.success) return read.data;
  const sentence = "this is no proposal as the mesh keeps them; it cannot be accepted. Reject it.";
  throw new MeshError("proposal.unreadable", sentence, { place: { file } });
}

function jsonOf(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
