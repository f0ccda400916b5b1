import { lstatSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { incomingFolder, outgoingFolder, rejectedFolder } from "@memomesh/core";
import { DropScanner, isMemoName, lockHolder } from "@memomesh/mailbox";
import { readBox } from "../box.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { type Finding, findingOf } from "./finding.ts";

/** Findings about mailboxes: missing folders, what is no memo, memos that cannot be read, what dead processes have left. */
export async function checkMailboxes(mesh: Mesh): Promise<Finding[]> {
  const findings = await checkCoordinator(mesh);
  for (const node of mesh.nodes.values()) {
    findings.push(...checkFolders(mesh, node), ...(await checkClaims(mesh, node)));
    for (const box of ["incoming", "outgoing"] as const) {
      findings.push(...(await checkNames(mesh, node, box)), ...(await checkMemos(mesh, node, box)));
    }
  }
  return findings;
}

/** What a coordinator has left that did not end by itself. The next one finishes it, so nothing is removed here. */
async function checkCoordinator(mesh: Mesh): Promise<Finding[]> {
  const advice = "`memomesh run` finishes it";
  try {
    if (lockHolder(mesh.root) !== undefined) return [];
  } catch (error) {
    return [findingOf(error)];
  }
  const findings: Finding[] = [];
  const lock = ".memomesh/coordinator.lock";
  if (lstatSync(join(mesh.root, lock), { throwIfNoEntry: false }) !== undefined) {
    const sentence = "the last coordinator of this mesh did not end by itself; nothing is lost";
    findings.push({ severity: "note", code: "doctor.lock.stale", sentence, place: { file: lock }, advice });
  }
  const changes = await readdir(join(mesh.root, ".memomesh", "journal")).catch(() => []);
  for (const name of changes.filter((each) => each.endsWith(".json"))) {
    const sentence = "a change was interrupted, or is not committed yet";
    findings.push({
      severity: "note",
      code: "doctor.journal",
      sentence,
      place: { file: `.memomesh/journal/${name}` },
      advice,
    });
  }
  return findings;
}

function checkFolders(mesh: Mesh, node: MeshNode): Finding[] {
  const folders = [outgoingFolder, incomingFolder, rejectedFolder].map((folderOf) => folderOf(node.folder));
  return [...folders, join(node.folder, "memos", "archived")]
    .filter((folder) => lstatSync(folder, { throwIfNoEntry: false }) === undefined)
    .map((folder) => ({
      severity: "warning",
      code: "doctor.mailbox.folder",
      sentence: `the folder is missing in the mailbox of ${node.id}`,
      place: { file: relative(mesh.root, folder) },
      repair: { says: "make it", act: async () => void (await mkdir(folder, { recursive: true })) },
    }));
}

/** A look like that of the router, which removes unfinished copies of dead processes on the way. */
async function checkClaims(mesh: Mesh, node: MeshNode): Promise<Finding[]> {
  const { left, problems } = await new DropScanner({ settleMs: 0, maxBytes: 0 }).scan(node, Date.now());
  const claims = left.map(({ name, path }): Finding => {
    const sentence = `the memo ${name} was being delivered by a process that is gone`;
    const place = { file: relative(mesh.root, path) };
    return {
      severity: "warning",
      code: "doctor.mailbox.claim",
      sentence,
      place,
      advice: "`memomesh run` finishes it, once",
    };
  });
  return [...claims, ...problems.map((problem) => findingOf(problem))];
}

async function checkNames(mesh: Mesh, node: MeshNode, box: "incoming" | "outgoing"): Promise<Finding[]> {
  const folder = box === "incoming" ? incomingFolder(node.folder) : outgoingFolder(node.folder);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry): Finding[] => {
    if (entry.name.startsWith(".")) return [];
    const place = { file: relative(mesh.root, join(folder, entry.name)) };
    if (!entry.isFile()) {
      const kind = entry.isDirectory() ? "a folder" : entry.isSymbolicLink() ? "a symbolic link" : "no plain file";
      const sentence = `this is ${kind}; a memo is a plain file`;
      return [{ severity: "warning", code: "doctor.mailbox.no-file", sentence, place, advice: "move it away" }];
    }
    if (isMemoName(entry.name)) return [];
    const sentence = "the name is that of an unfinished file, so it is not taken as a memo";
    const advice = "rename it when it is one, or remove it";
    return [{ severity: "note", code: "doctor.mailbox.no-memo", sentence, place, advice }];
  });
}

async function checkMemos(mesh: Mesh, node: MeshNode, box: "incoming" | "outgoing"): Promise<Finding[]> {
  const advice =
    box === "outgoing" ? "mend it; the router rejects it as it is" : "mend it; nobody can work on it as it is";
  const entries = await readBox(node, box);
  return entries.flatMap(({ path, problem }) => {
    if (problem === undefined || lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
    const finding = findingOf(problem, advice);
    return [{ ...finding, place: { ...finding.place, file: relative(mesh.root, path) } }];
  });
}
