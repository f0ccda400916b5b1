import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { written } from "./memo-text.ts";
import { ofKind, type Watched, Workspace } from "./workspace.ts";

const text = written("beta", "Saved", { priority: "high" });
const draft = "---\nto: beta\n---\n# Sav";

/** Ways to save `text` as `path`; some save a draft first. */
const editors: Readonly<Record<string, (path: string, desk: string) => void>> = {
  "cp of a file": (path, desk) => {
    writeFileSync(join(desk, "memo.md"), text);
    execFileSync("cp", [join(desk, "memo.md"), path]);
  },
  "cp that keeps the time of an old file": (path, desk) => {
    writeFileSync(join(desk, "memo.md"), text);
    execFileSync("touch", ["-d", "2020-01-01", join(desk, "memo.md")]);
    execFileSync("cp", ["-p", join(desk, "memo.md"), path]);
  },
  "mv from another folder": (path, desk) => {
    writeFileSync(join(desk, "memo.md"), text);
    renameSync(join(desk, "memo.md"), path);
  },
  "a hidden temporary file that is renamed over a draft": (path) => {
    writeFileSync(path, draft);
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
  },
  // VS Code writes in place; with atomic saving it renames <name>.vsctmp over the file.
  "VS Code, in place": (path) => {
    writeFileSync(path, draft);
    writeFileSync(path, text, { flush: true });
  },
  "VS Code, atomically": (path) => {
    writeFileSync(path, draft);
    writeFileSync(`${path}.vsctmp`, text, { flush: true });
    renameSync(`${path}.vsctmp`, path);
  },
  // nano puts a lock file beside the file, truncates it and writes it line by line; with -B it first copies it to <name>~.
  "nano, with a backup": (path) => {
    writeFileSync(path, draft);
    writeFileSync(join(path, "..", ".memo.md.swp"), "b0nano");
    cpSync(path, `${path}~`);
    const file = openSync(path, "w");
    for (const line of text.split(/(?<=\n)/)) writeSync(file, line);
    closeSync(file);
    execFileSync("rm", [join(path, "..", ".memo.md.swp")]);
  },
};

async function savedOnce(mesh: Workspace, watched: Watched): Promise<void> {
  await watched.told("delivered");
  await watched.stop();
  const after = await mesh.run();
  expect(mesh.inbox("beta").map((letter) => letter.text.slice(letter.text.indexOf("# ")))).toEqual([
    "# Saved\n\nText of Saved.\n",
  ]);
  expect(mesh.inbox("beta")[0]?.text).toContain("priority: high\n");
  expect([watched.all("rejected"), ofKind(after, "rejected"), ofKind(after, "delivered")]).toEqual([[], [], []]);
}

describe("takes one memo, once, from", () => {
  for (const [editor, save] of Object.entries(editors)) {
    test(editor, async () => {
      const mesh = Workspace.open({ nodes: { alpha: {}, beta: {} }, policy: { settleMs: 150 } });
      mkdirSync(mesh.path("desk"));
      const watched = await mesh.watch();
      save(join(mesh.box("alpha", "outgoing"), "memo.md"), mesh.path("desk"));
      await savedOnce(mesh, watched);
    });
  }

  const hasVim = spawnSync("vim", ["--version"]).status === 0;
  for (const setting of ["backupcopy=auto writebackup", "backupcopy=no backup", "backupcopy=yes nobackup"]) {
    test.skipIf(!hasVim)(`vim with ${setting}`, async () => {
      const mesh = Workspace.open({ nodes: { alpha: {}, beta: {} }, policy: { settleMs: 400 } });
      const source = mesh.write("desk/text.md", text);
      const watched = await mesh.watch();
      const put = (lines: string) => `call setline(1, readfile('${source}', '', ${lines}))`;
      const commands = [`set swapfile ${setting}`, put("4"), "write", put("100"), "write", "quit"];
      const file = join(mesh.box("alpha", "outgoing"), "memo.md");
      execFileSync("vim", ["-N", "-u", "NONE", "-i", "NONE", "-es", ...commands.flatMap((each) => ["-c", each]), file]);
      await savedOnce(mesh, watched);
    });
  }
});
