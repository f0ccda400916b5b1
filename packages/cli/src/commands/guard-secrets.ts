import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { noRules } from "@memomesh/guard";
import { findMeshRoot, loadMesh, secretsIn } from "@memomesh/mesh";
import { readFiles } from "@memomesh/quality";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shown } from "../here.ts";
import { paint, text } from "../text.ts";

/** Of a file; what is longer was made by a program. */
const mostBytes = 64 * 1024 * 1024;

export const define: CommandModule["define"] = (command, { output, exit }) => {
  withExamples(command, [
    ["memomesh guard secrets", "1 when something below this folder looks like a secret"],
    [
      "memomesh guard secrets $(git diff --cached --name-only)",
      "what is about to be committed, as in a pre-commit hook",
    ],
  ])
    .argument("[paths...]", "files and folders (default: this folder)")
    .action(async (paths: string[]) => {
      const folder = process.cwd();
      const rules = findMeshRoot(folder) === undefined ? noRules : (await loadMesh(folder)).guard;
      const files = await readFiles(existing(paths.length === 0 ? ["."] : paths), shown, mostBytes);
      const findings = [];
      for (const file of files) {
        const found = await secretsIn(file.text, rules);
        findings.push(...found.map(({ line, kind, fingerprint }) => ({ file: file.path, line, kind, fingerprint })));
      }
      output.data({ checked: files.length, findings });
      for (const { file, line, kind, fingerprint } of findings)
        output.line(text`${paint("bold", `${file}:${line}`)}: ${kind}  ${paint("dim", fingerprint)}`);
      if (findings.length === 0) return;
      output.line(
        text`Take them out and change them. One that is no secret: add its fingerprint to guard.allowedSecrets`,
      );
      output.line(
        text`in mesh.yml, such as ${paint("bold", `guard: { allowedSecrets: ["${findings[0]?.fingerprint}"] }`)}`,
      );
      exit(Exit.failed);
    });
};

/** @throws MeshError `guard.missing` when one of the paths is not there */
function existing(paths: readonly string[]): string[] {
  const absent = paths.find((path) => !existsSync(path));
  if (absent === undefined) return paths.map((path) => resolve(path));
  throw new MeshError("guard.missing", `there is no ${absent} here; expected a file or a folder`, { exit: Exit.usage });
}
