import { execFile } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve, sep } from "node:path";
import { parseEnv, promisify } from "node:util";
import { Exit, MeshError, type Step } from "@memomesh/core";
import { redact, safeText } from "@memomesh/guard";
import type { Environment } from "@memomesh/runbooks";
import type { Mesh } from "./load.ts";
import { readSecretCommands, type SecretCommand } from "./secret-commands.ts";

/** Seconds that a command for a value may take: a person may have to unlock their store. */
const patience = 120;

/**
 * The operator's variables as far as it is known that they are there: those of this process, and the names that `secrets`
 * in mesh.yml has values for. No command is run, and a file that cannot be used has none.
 */
export function knownVariables(mesh: Mesh): Environment {
  const { files, commands } = mesh.config.secrets;
  const known: Record<string, string | undefined> = {};
  for (const file of files) {
    try {
      Object.assign(known, readSecretFile(mesh, file));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
    }
  }
  for (const name of Object.keys(commands)) known[name] = "";
  return { ...known, ...process.env };
}

/**
 * The values of the operator's variables that steps name: of this process, or else of a command or a file that mesh.yml
 * names under `secrets`. Only commands whose value is needed are run, and only as a person has accepted them.
 *
 * @throws MeshError `secret.file` (exit 77) when a file could be read by others or by agents, `secret.accept` (exit 77)
 *   when nobody has accepted a command, `secret.command` (exit 75) when one prints no value
 */
export async function stepVariables(
  mesh: Mesh,
  steps: readonly Pick<Step, "needs">[],
  own: Environment,
): Promise<Environment> {
  const { files } = mesh.config.secrets;
  const missing = new Set(steps.flatMap(({ needs }) => needs.env).filter((name) => own[name] === undefined));
  const found: Record<string, string | undefined> = {};
  if (missing.size > 0) for (const file of files) Object.assign(found, readSecretFile(mesh, file));
  const needed = (await readSecretCommands(mesh)).filter(({ name }) => missing.has(name));
  for (const each of needed) if (each.acceptance === undefined) throw notAccepted(each);
  for (const { name, command } of needed) found[name] = await printedValue(name, command);
  return { ...Object.fromEntries([...missing].map((name) => [name, found[name]])), ...own };
}

function notAccepted({ name, command }: SecretCommand): MeshError {
  const sentence = `${name} is printed by \`${safeText(command)}\` (secrets.commands), and nobody has accepted that command as it is. Nothing was run; \`memomesh secret accept ${name}\` lets it.`;
  return new MeshError("secret.accept", sentence, { place: { file: "mesh.yml" }, exit: Exit.notPermitted });
}

/** Through one descriptor, so that what is looked at is what is read. */
function readSecretFile(mesh: Mesh, named: string): NodeJS.Dict<string> {
  const path = resolve(mesh.root, named.replace(/^~(?=\/)/, homedir()));
  const where = { place: { file: named }, exit: Exit.notPermitted };
  const refused = (sentence: string) => new MeshError("secret.file", `${sentence}. Nothing was run.`, where);
  const open = [mesh.root, ...[...mesh.nodes.values()].map(({ folder }) => folder)];
  if (open.some((folder) => path.startsWith(`${folder}${sep}`)))
    throw refused("it lies in the mesh, where git and agents read; expected it elsewhere");
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw refused(
      `it cannot be read (${(error as NodeJS.ErrnoException).code}); mesh.yml names it under secrets.files`,
    );
  }
  try {
    const { mode, uid } = fstatSync(descriptor);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw refused("it is no plain file");
    if (uid !== process.getuid?.()) throw refused("it belongs to somebody else; expected a file of yours");
    if ((mode & 0o077) !== 0)
      throw refused(`others may use it (mode ${(mode & 0o777).toString(8)}); expected 600: \`chmod 600 ${named}\``);
    return parseEnv(readFileSync(descriptor, "utf8"));
  } finally {
    closeSync(descriptor);
  }
}

/** The operator's own command, in their own environment. Its value is never part of an error. */
async function printedValue(name: string, command: string): Promise<string> {
  const options = { timeout: patience * 1000, killSignal: "SIGKILL", maxBuffer: 1024 * 1024 } as const;
  const refused = (why: string) => {
    const sentence = `the command that mesh.yml names for ${name} (secrets.commands) ${why}. Nothing was run.`;
    return new MeshError("secret.command", sentence, { place: { file: "mesh.yml" }, exit: Exit.tryAgain });
  };
  const running = promisify(execFile)("bash", ["-p", "-e", "-o", "pipefail", "-c", command], options);
  running.child.stdin?.end();
  const { stdout } = await running.catch((error: { code?: number | string; stderr?: string }) => {
    const said = safeText(
      redact(error.stderr ?? "")
        .trim()
        .split("\n")
        .at(-1) ?? "",
    );
    throw refused(`ended with ${error.code ?? "a signal"}${said === "" ? "" : `: ${said}`}`);
  });
  const value = stdout.replace(/\r?\n$/, "");
  if (value === "" || value.includes("\0")) throw refused("printed no value");
  return value;
}
