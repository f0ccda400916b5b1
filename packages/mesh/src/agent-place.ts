import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MeshError, type Place } from "@memomesh/core";

/** Where mesh.yml begins to speak of an agent; without a line when that is not to be found. */
export function agentPlace(source: string, name: string): Place {
  const file = "mesh.yml";
  const section = /^agents:.*(?:\n(?:[ \t#].*)?)*/m.exec(source);
  const found =
    section === null ? undefined : new RegExp(`(?:^[ \\t]+|[{,:]\\s*)["']?${name}["']?\\s*:`, "m").exec(section[0]);
  if (section === null || !found) return { file };
  const at = section.index + found.index + found[0].indexOf(name);
  return { file, line: source.slice(0, at).split("\n").length };
}

/** The same error with the line of mesh.yml that it is about; what is no MeshError, or has a place, stays as it is. */
export async function withAgentPlace(root: string, name: string, error: unknown): Promise<unknown> {
  if (!(error instanceof MeshError) || error.place !== undefined) return error;
  const source = await readFile(join(root, "mesh.yml"), "utf8").catch(() => "");
  const { code, sentence, exit } = error;
  return new MeshError(code, sentence, { place: agentPlace(source, name), exit, cause: error });
}
