import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  archivedFolder,
  incomingFolder,
  memoFileName,
  newId,
  outgoingFolder,
  printMemo,
  withHeader,
} from "../packages/core/src/index.ts";

/** A generated mesh. Its nodes have no agent, so that nothing but delivery happens in it. */
export interface MeshFolder {
  readonly root: string;
  readonly ids: readonly string[];
  /** Absolute. */
  folderOf(id: string): string;
}

/** Makes a mesh in a folder that does not exist yet. */
export function makeMesh(root: string, nodes: number): MeshFolder {
  const ids = Array.from({ length: nodes }, (_, index) => `node-${index}`);
  const folderOf = (id: string) => join(root, "projects", id);
  mkdirSync(root);
  writeFileSync(join(root, "mesh.yml"), `name: bench\nnodes:\n${ids.map((id) => `  - ${id}\n`).join("")}`);
  for (const folder of [root, ...ids.map(folderOf)]) {
    mkdirSync(outgoingFolder(folder), { recursive: true });
    mkdirSync(incomingFolder(folder), { recursive: true });
  }
  for (const id of ids) {
    writeFileSync(join(folderOf(id), "node.yml"), 'role: worker\nagent: none\ngrants:\n  send: "*"\n');
  }
  return { root, ids, folderOf };
}

/** Commits everything that lies in the mesh to a repository of its own. */
export function commitMesh({ root }: MeshFolder): void {
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { stdio: "pipe" });
  git("init", "--quiet", "--initial-branch=main");
  const settings = {
    "user.name": "bench",
    "user.email": "bench@localhost",
    "gc.auto": "0",
    "maintenance.auto": "false",
  };
  for (const [name, value] of Object.entries(settings)) git("config", name, value);
  writeFileSync(join(root, ".gitignore"), ".memomesh/\n");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Begin");
}

/** Puts completed memos into the archive of this month of every node: the same ones, so that git keeps each only once. */
export function fillArchives({ ids, folderOf }: MeshFolder, each: number): void {
  const at = new Date();
  const memos = Array.from({ length: each }, (_, index) => memoText("operator", "node-0", `Archived ${index}`));
  const completed = memos.map(({ name, text }) => {
    return [name, withHeader(text, { delivered: at.toISOString(), status: "done" })] as const;
  });
  for (const archive of ids.map((id) => archivedFolder(folderOf(id), at))) {
    mkdirSync(archive, { recursive: true });
    for (const [name, text] of completed) writeFileSync(join(archive, name), text);
  }
}

const paragraph = "The release was built and its tests passed; what is new stands in the changelog of the project.\n";

/** A memo of about a kilobyte, as our tools send it: with an id and the digest of its body. */
export function memoText(from: string, to: string, subject: string): { id: string; name: string; text: string } {
  const at = new Date();
  const id = newId(at.getTime());
  const date = at.toISOString();
  const text = printMemo({
    id,
    from,
    to: [to],
    date,
    type: "notice",
    subject,
    body: paragraph.repeat(8),
    digest: true,
  });
  return { id, name: memoFileName(subject, date, id), text };
}

/** A memo of the same size as a person writes it: without an id. */
function handWrittenText(to: string, subject: string): string {
  return `---\nto: ${to}\n---\n# ${subject}\n\n${paragraph.repeat(8)}`;
}

export interface Drops {
  /** How many memos every node sends. */
  readonly each: number;
  readonly by: "tool" | "person";
}

/** Puts memos into the `outgoing/` of every node, each to another node. What a person wrote has been quiet for long. */
export function dropMemos({ ids, folderOf }: MeshFolder, { each, by }: Drops): void {
  const minuteAgo = Date.now() / 1000 - 60;
  for (const [position, from] of ids.entries()) {
    const folder = outgoingFolder(folderOf(from));
    for (let index = 0; index < each; index += 1) {
      const to = ids[(position + 1 + (index % (ids.length - 1))) % ids.length] as string;
      const subject = `Memo ${index} of ${from}`;
      if (by === "tool") {
        const { name, text } = memoText(from, to, subject);
        writeFileSync(join(folder, name), text);
      } else {
        const path = join(folder, `memo-${index}.md`);
        writeFileSync(path, handWrittenText(to, subject));
        utimesSync(path, minuteAgo, minuteAgo);
      }
    }
  }
}

/** The names of all memos that lie in inboxes. */
export function inboxNames({ ids, folderOf }: MeshFolder): string[] {
  return ids.flatMap((id) => readdirSync(incomingFolder(folderOf(id))));
}

/** Whatever still lies in an `outgoing/`, claims and temporary files included. */
export function outgoingNames({ ids, folderOf }: MeshFolder): string[] {
  return ids.flatMap((id) => readdirSync(outgoingFolder(folderOf(id))));
}
