import { basename, relative } from "node:path";
import { Exit, idSuffix, MeshError, parseLessons } from "@memomesh/core";
import { checkProposalPath, unsafeCharacters } from "@memomesh/guard";
import type { Mesh, MeshNode } from "../load.ts";
import { refuseSecrets } from "../secrets.ts";
import type { WaitingFile, WaitingProposal } from "./waiting.ts";

/**
 * Refuses what a proposal would break or hide: a base that has changed, a path out of its node's reach, configuration that
 * cannot be read, a detector that does not work, a secret, a character that nobody sees.
 *
 * @throws MeshError `proposal.*` and those of the files' own readers, for the first file that cannot be taken
 */
export async function refuseUnacceptable(mesh: Mesh, { id, node, files }: WaitingProposal): Promise<void> {
  for (const file of files) {
    const name = relative(mesh.root, file.place);
    const decision = checkProposalPath(file.path);
    if (!decision.allowed) throw refused(`${file.path}: ${decision.reason}`, name);
    const owner = innerNode(mesh, node, file.place);
    if (owner !== undefined) throw refused(`it lies in the folder of ${owner}, and ${node.id} has proposed it.`, name);
    if (file.standing === "changed") throw refused(outdated(file, id), name, "proposal.outdated");
    if (file.after === null) {
      if (file.path === "node.yml") throw refused("a node cannot be without its node.yml; reject the proposal.", name);
      continue;
    }
    const hidden = hiddenIn(file.after);
    if (hidden.length > hiddenIn(file.now ?? "").length) {
      throw refused(`it brings ${hidden[0]?.name}, which a reader cannot see; reject the proposal.`, name);
    }
    await refuseSecrets(file.after, name, mesh.guard);
    await refuseUnreadable(file.after, file.path, name);
  }
}

async function refuseUnreadable(source: string, path: string, name: string): Promise<void> {
  const { parseNodeConfig, parseMeshConfig, lineOfSetting } = await import("@memomesh/core/config");
  if (basename(path) === "node.yml") parseNodeConfig(source, name);
  if (basename(path) === "mesh.yml") {
    const { readGuardRules } = await import("@memomesh/guard/config");
    readGuardRules(parseMeshConfig(source, name).guard, (setting) => lineOfSetting(source, name, setting));
  }
  if (basename(path).toLowerCase() !== "ai-lessons.md") return;
  const { brokenDetectors } = await import("@memomesh/quality");
  const [broken] = brokenDetectors(parseLessons(source, name));
  if (broken !== undefined) throw new MeshError("proposal.detector", broken.text, { place: broken });
}

/** The node, usable or not, whose folder within this one's holds a file. */
function innerNode({ nodes, problems }: Mesh, { id, folder: outer }: MeshNode, place: string): string | undefined {
  const others = [...nodes.values(), ...problems].filter((each) => each.id !== id);
  return others.find(({ folder }) => folder.startsWith(`${outer}/`) && place.startsWith(`${folder}/`))?.id;
}

function outdated({ before, now }: WaitingFile, id: string): string {
  const found = now === undefined ? "no file" : "other bytes";
  return `it was changed since this was proposed: expected ${before ?? "no file"}, found ${found}. Nothing was changed: reject the proposal with \`memomesh proposal reject ${idSuffix(id)} --reason "…"\`, and ask for a new one.`;
}

function hiddenIn(text: string): ReturnType<typeof unsafeCharacters> {
  return unsafeCharacters(text.replaceAll("\r\n", "\n"));
}

function refused(sentence: string, file: string, code = "proposal.refused"): MeshError {
  return new MeshError(code, sentence, { place: { file }, exit: Exit.notPermitted });
}
