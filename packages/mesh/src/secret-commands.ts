import { Exit, MeshError, sha256 } from "@memomesh/core";
import { type Acceptance, acceptanceOf, recordAcceptance } from "./acceptance.ts";
import type { Mesh } from "./load.ts";

/** A command of mesh.yml that prints the value of a variable, and how it stands. */
export interface SecretCommand {
  /** Of the variable. */
  readonly name: string;
  readonly command: string;
  readonly digest: string;
  readonly acceptance: Acceptance | undefined;
}

/** The commands under `secrets` of mesh.yml, as they stand now. Nothing runs. */
export async function readSecretCommands(mesh: Mesh): Promise<readonly SecretCommand[]> {
  return Promise.all(
    Object.entries(mesh.config.secrets.commands).map(async ([name, command]) => {
      const digest = `sha256:${sha256(JSON.stringify([name, command]))}`;
      return { name, command, digest, acceptance: await acceptanceOf(mesh.root, "secrets", name, digest) };
    }),
  );
}

/** @throws MeshError `secret.unknown` (exit 2) */
export function findSecretCommand(commands: readonly SecretCommand[], name: string): SecretCommand {
  const found = commands.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = commands.map((each) => each.name).join(", ") || "none yet";
  const sentence = `mesh.yml names no command for "${name}" under \`secrets:\`; it has ${known}.`;
  throw new MeshError("secret.unknown", sentence, { exit: Exit.usage });
}

/**
 * A person accepts a command as they have seen it.
 *
 * @throws MeshError `secret.unknown` (exit 2), `secret.digest` (exit 77) when it is another one by now
 */
export async function acceptSecretCommand(
  mesh: Mesh,
  name: string,
  { by, at, digest }: { readonly by: Acceptance["by"]; readonly at: Date; readonly digest: string },
): Promise<SecretCommand> {
  const found = findSecretCommand(await readSecretCommands(mesh), name);
  if (digest !== found.digest) {
    const sentence = `the command for ${name} is not what was shown: given ${digest}, expected ${found.digest}. Look at it again.`;
    throw new MeshError("secret.digest", sentence, { exit: Exit.notPermitted });
  }
  const acceptance = { name, digest, by, at: at.toISOString() };
  await recordAcceptance(mesh.root, "secrets", acceptance);
  return { ...found, acceptance };
}
