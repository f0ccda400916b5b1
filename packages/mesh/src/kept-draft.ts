import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256 } from "@memomesh/core";
import { writeDurably } from "@memomesh/mailbox";
import type { Gated } from "./improve-session.ts";
import { checkChangeset } from "./intake.ts";
import type { Work } from "./knowledge.ts";
import type { Mesh } from "./load.ts";

// While a second agent reads what a session has prepared, nothing of it is applied. It is kept meanwhile, so that a
// coordinator that is killed then asks for the opinion again, and does not pay for the session again.

interface Kept extends Gated {
  /** Digest of all that the session was held on. */
  readonly about: string;
}

/** Keeps what a session has prepared until {@link dropDraft}. */
export async function keepDraft({ root }: Mesh, work: Work, agent: string, draft: Gated): Promise<void> {
  const kept: Kept = { ...draft, about: aboutOf(work, agent) };
  const file = fileOf(root, work);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeDurably(file, JSON.stringify(kept));
}

/**
 * What an earlier session on this memo has prepared when its coordinator was killed; undefined when there is none, or the
 * memo, its answers or its agent are others now.
 *
 * @throws MeshError `changeset.refused` when the node may not do that any more
 */
export async function keptDraft(mesh: Mesh, work: Work, agent: string): Promise<Gated | undefined> {
  const kept = readKept(await readFile(fileOf(mesh.root, work), "utf8").catch(() => ""));
  if (kept?.about !== aboutOf(work, agent)) return undefined;
  checkChangeset(kept.changeset, mesh, work.node);
  return kept;
}

export async function dropDraft({ root }: Mesh, work: Pick<Work, "node" | "memo">): Promise<void> {
  await rm(fileOf(root, work), { force: true });
}

function readKept(text: string): Kept | undefined {
  try {
    return JSON.parse(text) as Kept;
  } catch {
    return undefined;
  }
}

function aboutOf({ node, memo, answers, refusals }: Work, agent: string): string {
  const read = [memo, ...answers].map((each) => each.memo.source);
  return sha256(JSON.stringify([node.id, agent, read, refusals]));
}

function fileOf(root: string, { node, memo }: Pick<Work, "node" | "memo">): string {
  return join(root, ".memomesh", "drafts", `${node.id}-${memo.memo.header.id}.json`);
}
