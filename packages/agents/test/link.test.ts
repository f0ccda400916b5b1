import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uploadCommands } from "@memomesh/core";
import { expect, onTestFinished, test } from "vitest";
import { pointLink } from "../src/offline/link.ts";

/** Folders in which `current` leads to the first of two releases, and an `mv` that has these options only. */
async function place(options?: string) {
  const folder = await mkdtemp(join(tmpdir(), "memomesh-link-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const release of ["releases/1", "releases/2", "tools"]) await mkdir(join(folder, release), { recursive: true });
  await symlink("releases/1", join(folder, "current"));
  if (options !== undefined) {
    // As getopt of BSD refuses what it does not know; `-h` does there what `-T` does here.
    const mv = `#!/bin/bash\nwhile getopts ${options} option; do case $option in f) ;; h) same=-T ;; *) exit 64 ;; esac; done
shift $((OPTIND - 1))\nPATH=\${PATH#*:}\nexec mv -f $same -- "$@"\n`;
    await writeFile(join(folder, "tools/mv"), mv);
    await chmod(join(folder, "tools/mv"), 0o755);
  }
  const env = { PATH: `${join(folder, "tools")}:${process.env.PATH}` };
  return {
    run: (text: string) =>
      spawnSync("bash", ["-p", "-e", "-c", text], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] }).status,
    leadsTo: () => readlink(join(folder, "current")),
    first: () => readdir(join(folder, "releases/1")),
  };
}

const texts = [
  ["a link is pointed", pointLink("current", "releases/2")],
  ["an upload is switched", uploadCommands({ from: "dist", to: "releases/2", link: "current" }).run],
] as const;

test.each(texts)("%s in one rename with the mv of GNU, and with that of FreeBSD and macOS", async (_, text) => {
  for (const options of [undefined, "fh"]) {
    const { run, leadsTo, first } = await place(options);
    expect([run(text), await leadsTo(), await first()]).toEqual([0, "releases/2", []]);
  }
});

test.each(texts)("%s nowhere when mv can neither: what is in use stays", async (_, text) => {
  const { run, leadsTo, first } = await place("f");
  expect(run(text)).not.toBe(0);
  expect([await leadsTo(), await first()]).toEqual(["releases/1", []]);
});
