import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type MemoDraft, memoFileName, newId, printMemo, withHeader } from "@memomesh/core";
import { addNode, initMesh, loadMesh } from "@memomesh/mesh";

const run = promisify(execFile);

/**
 * A mesh on the disk, with a history: `shop` writes to `ops`, `ops` reads what `shop` has in `dist/`, and `vault` has
 * granted nothing to anybody.
 */
export interface Studio {
  readonly root: string;
  folder(node: string): string;
  put(path: string, content: string): Promise<string>;
  /** Puts a memo into an inbox as the router would have; gives its id. */
  deliver(to: string, from: string, memo: Partial<MemoDraft> & { readonly subject: string }): Promise<string>;
  git(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

export async function makeStudio(): Promise<Studio> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "memomesh-mcp-")));
  const git = async (...args: string[]) => (await run("git", args, { cwd: root })).stdout;
  const put = async (path: string, content: string) => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  await initMesh(root, { name: "studio", git: true });
  await git("config", "user.name", "Ada");
  await git("config", "user.email", "ada@example.com");
  await addNode(await loadMesh(root), "shop", { role: "developer", send: ["ops"] });
  await addNode(await loadMesh(root), "ops", { role: "sysadmin", send: ["shop"], read: ["shop/dist/**"] });
  await addNode(await loadMesh(root), "vault", {});
  await put("projects/shop/dist/index.html", "<h1>Shop</h1>\n");
  await put("projects/shop/plans.md", "# Secret plans\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "Begin");
  const folder = (node: string) => (node === "operator" ? root : join(root, "projects", node));
  return {
    root,
    folder,
    put,
    git,
    deliver: async (to, from, memo) => {
      const id = newId(Date.now());
      const date = new Date().toISOString();
      const source = printMemo({ id, from, to: [to], date, body: "", ...memo });
      const name = memoFileName(memo.subject, date, id);
      const path = join(folder(to), "memos", "incoming", name).slice(root.length + 1);
      await put(path, withHeader(source, { delivered: date }));
      return id;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
