import { mkdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { Exit, MeshError, type NodeFolder } from "@memomesh/core";
import { errnoOf } from "./fault.ts";
import { look, syncFolder } from "./files.ts";

/**
 * Makes sure that a folder of a node's mailbox is a real folder, reached through real folders: a symbolic link, which an
 * agent may have left there, would lead the mail out of the node.
 *
 * @param folder absolute path below the node's folder
 * @returns whether it is there
 * @throws MeshError `mailbox.folder.not-a-folder`, or `mailbox.node-missing` when the node itself is gone
 */
export function checkFolder(node: NodeFolder, folder: string): boolean {
  if (kindOf(node.folder) === "missing") {
    throw new MeshError(
      "mailbox.node-missing",
      `the folder of node ${node.id}, ${node.folder}, is not there; nothing is lost, what is meant for it waits.`,
      { exit: Exit.tryAgain },
    );
  }
  for (const path of between(node.folder, folder)) {
    const kind = kindOf(path, false);
    if (kind === "missing") return false;
    if (kind === "other") {
      throw new MeshError(
        "mailbox.folder.not-a-folder",
        `${path} is no folder, or a symbolic link to one; expected a plain folder. Nothing goes through it until it is replaced.`,
        {
          exit: Exit.notPermitted,
        },
      );
    }
  }
  return true;
}

/** The same, and makes what is missing, durably. The node's own folder is never made. */
export async function ensureFolder(node: NodeFolder, folder: string): Promise<string> {
  if (checkFolder(node, folder)) return folder;
  for (const path of between(node.folder, folder)) {
    try {
      await mkdir(path);
      await syncFolder(dirname(path));
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
  }
  checkFolder(node, folder);
  return folder;
}

function between(top: string, folder: string): string[] {
  const parts = relative(top, folder).split(sep);
  return parts.map((_, index) => join(top, ...parts.slice(0, index + 1)));
}

function kindOf(path: string, follow = true): "folder" | "missing" | "other" {
  const found = look(path);
  if (found === undefined) return "missing";
  return found.isDirectory() || (follow && found.isSymbolicLink()) ? "folder" : "other";
}
