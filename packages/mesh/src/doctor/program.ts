import { openRepository } from "@memomesh/mailbox";
import type { Mesh } from "../load.ts";
import { type Finding, findingOf } from "./finding.ts";

/** The oldest Node that this program supports. */
const oldest = [22, 22] as const;

/** Findings about what the program itself needs: Node, git, an identity for commits. */
export async function checkProgram(mesh: Mesh): Promise<Finding[]> {
  return [...checkNode(process.versions.node), ...(await checkGit(mesh))];
}

/** @param version as `process.versions.node` has it */
export function checkNode(version: string): Finding[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return [];
  const sentence = `this is Node ${version}; Memomesh needs ${oldest.join(".")} or newer`;
  return [{ severity: "error", code: "doctor.node-version", sentence, advice: "install a newer Node" }];
}

async function checkGit(mesh: Mesh): Promise<Finding[]> {
  try {
    const repository = await openRepository(mesh.root);
    if (repository === undefined) {
      const sentence = "the mesh is in no git repository, so there is no history of memos and decisions";
      return [{ severity: "warning", code: "doctor.git.no-repository", sentence, advice: "`git init`" }];
    }
    if ((await repository.identity()) !== undefined) return [];
  } catch (error) {
    return [findingOf(error)];
  }
  const sentence = "git does not know who you are, so commits are made in the name of memomesh";
  const advice = "`git config user.name 'Your Name'` and `git config user.email you@example.com`";
  return [{ severity: "warning", code: "doctor.git.identity", sentence, advice }];
}
