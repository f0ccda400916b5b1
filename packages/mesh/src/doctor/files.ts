import { execFile } from "node:child_process";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { openRepository } from "@memomesh/mailbox";
import { checkRunbook } from "@memomesh/runbooks";
import { extendIgnore } from "../init.ts";
import { syncInstructions } from "../instructions.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { readRunbooks } from "../runbook-files.ts";
import { syncScopedRules } from "../scoped-rules.ts";
import { type Finding, findingOf } from "./finding.ts";

/** Findings about the files of nodes that are no memos: instructions, runbooks, what git must not see. */
export async function checkFiles(mesh: Mesh): Promise<Finding[]> {
  const findings = await checkIgnored(mesh);
  for (const node of mesh.nodes.values()) {
    if (!node.operator) findings.push(...(await checkInstructions(mesh, node)));
    findings.push(...(await checkRunbooks(mesh, node)));
  }
  return findings;
}

async function checkIgnored(mesh: Mesh): Promise<Finding[]> {
  if ((await openRepository(mesh.root).catch(() => undefined)) === undefined) return [];
  const check = ["-c", "core.fsmonitor=false", "-C", mesh.root, "check-ignore", "--quiet", ".memomesh/"];
  const ignored = await promisify(execFile)("git", check).then(
    () => true,
    () => false,
  );
  if (ignored) return [];
  return [
    {
      severity: "warning",
      code: "doctor.ignore",
      sentence: ".memomesh/ is not ignored by git; it holds working files that belong to this machine",
      place: { file: ".gitignore" },
      repair: { says: "add it to .gitignore", act: async () => void (await extendIgnore(mesh.root)) },
    },
  ];
}

async function checkInstructions(mesh: Mesh, node: MeshNode): Promise<Finding[]> {
  const files = [
    ...(await syncInstructions(node.folder, { check: true })),
    ...(await syncScopedRules(mesh.root, node.folder, { check: true })),
  ];
  const sync = async () => {
    await syncInstructions(node.folder);
    await syncScopedRules(mesh.root, node.folder);
  };
  return files
    .filter(({ state }) => state === "out of step")
    .map(({ file, difference }) => ({
      severity: "warning",
      code: "doctor.instructions",
      sentence: `this file of ${node.id} ${difference}`,
      place: { file: relative(mesh.root, join(node.folder, file)) },
      repair: { says: "bring it into step", act: sync },
    }));
}

async function checkRunbooks(mesh: Mesh, node: MeshNode): Promise<Finding[]> {
  const entries = await readRunbooks(mesh, [node]);
  return entries.flatMap(({ path, reviewed, problem }) => {
    if (problem !== undefined) return [findingOf(problem, "mend it; until then nothing of it can be approved")];
    const file = relative(mesh.root, path);
    const errors = reviewed === undefined ? [] : checkRunbook(reviewed).filter(({ severity }) => severity === "error");
    return errors.map(
      ({ code, sentence, line }): Finding => ({ severity: "error", code, sentence, place: { file, line } }),
    );
  });
}
