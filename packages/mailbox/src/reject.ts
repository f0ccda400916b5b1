import { readFileSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { type MeshError, type NodeFolder, rejectedFolder } from "@memomesh/core";
import { type Claim, letGo, releaseClaim } from "./claim.ts";
import { fileError } from "./fault.ts";
import { isSameFile, look, moveToFreeName, syncFolder, writeNew } from "./files.ts";
import { ensureFolder } from "./folder.ts";
import { variantName } from "./name.ts";

/** What was rejected, and where a person finds it. */
export interface Rejection {
  /** Absolute path of what was dropped, in `memos/rejected/`. */
  readonly path: string;
  /** Absolute path of the text that says why, beside it. */
  readonly reasonPath: string;
}

const reasonEnding = ".reason.md";

/**
 * Moves what cannot be delivered to `memos/rejected/` of the node in whose mailbox it was dropped, under its own name,
 * with the reason beside it. Anything can be moved: a link itself and not what it points to, a folder with all it holds.
 *
 * The reason is written first, and names the claim: a process that dies in between is continued, not repeated.
 *
 * @param node the node in whose mailbox it was dropped
 * @param announce tells those concerned, once the reason is written and before the drop is moved, so that nothing is
 * rejected in silence; after a crash it is called again for the same claim
 * @throws MeshError `mailbox.*` when it cannot be moved there; it is put back where it was dropped
 */
export async function rejectClaim(
  claim: Claim,
  node: NodeFolder,
  reason: MeshError,
  announce: (rejection: Rejection) => Promise<void> = async () => {},
): Promise<Rejection> {
  try {
    const folder = await ensureFolder(node, rejectedFolder(node.folder));
    const rejection = await moveAway(claim, folder, printReason(claim, node, reason), announce);
    await syncFolder(folder);
    letGo(claim);
    return rejection;
  } catch (error) {
    const problem = fileError(
      error,
      `moving ${claim.drop.name} to ${relative(node.folder, rejectedFolder(node.folder))}`,
    );
    // A claim that cannot be put back either stays, and scanning finds it again; the first problem is the one to tell.
    await releaseClaim(claim).catch(() => {});
    throw problem;
  }
}

async function moveAway(
  claim: Claim,
  folder: string,
  reason: string,
  announce: (rejection: Rejection) => Promise<void>,
): Promise<Rejection> {
  for (let attempt = 1; ; attempt += 1) {
    const path = join(folder, variantName(claim.drop.name, attempt, reasonEnding.length));
    const reasonPath = path + reasonEnding;
    const begun = isReasonOf(claim, reasonPath);
    if (isSameFile(claim.path, path) && begun) {
      await unlink(claim.path);
      return { path, reasonPath };
    }
    if (look(path) !== undefined || !(begun || (await writeNew(reasonPath, reason)))) continue;
    let moved = false;
    try {
      await announce({ path, reasonPath });
      moved = await moveToFreeName(claim.path, path);
    } finally {
      if (!moved) await unlink(reasonPath);
    }
    if (moved) return { path, reasonPath };
  }
}

/** Whether this text was written for this claim, by a process that died before it could move what was dropped. */
function isReasonOf(claim: Claim, reasonPath: string): boolean {
  return look(reasonPath)?.isFile() === true && readFileSync(reasonPath, "utf8").includes(claimLine(claim));
}

function printReason(claim: Claim, node: NodeFolder, reason: MeshError): string {
  const { drop } = claim;
  const box = relative(node.folder, drop.folder);
  return [
    `# Not delivered: ${inline(drop.name)}`,
    "",
    // Indented, so that nothing in it is read as Markdown: it may quote what a stranger wrote.
    `    ${oneLine(reason.message)}`,
    "",
    `It was dropped into \`${box}/\` of ${drop.node} and lies beside this text, unchanged.`,
    "Correct it and move it back to send it, or delete both files.",
    "",
    `- Reason: \`${reason.code}\``,
    `- Rejected: ${new Date(claim.at).toISOString()}`,
    claimLine(claim),
    "",
  ].join("\n");
}

function claimLine(claim: Claim): string {
  return `- Claim: ${claim.id}`;
}

function inline(name: string): string {
  return `\`${oneLine(name).replaceAll("`", "'")}\``;
}

/** Without characters that break or reverse a line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}
