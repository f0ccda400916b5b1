import type { SshTarget, Step, StepTarget } from "@memomesh/core";

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The programs of the system, whatever the operator has put into a PATH of their own. */
export const systemPath = [
  ...(process.platform === "darwin" ? ["/opt/homebrew/bin"] : []),
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
].join(":");

/** The same on a host, whatever this machine is. */
export const remotePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const given: ReadonlySet<string> = new Set(["PATH", "HOME", "LANG", "TMPDIR", "MESH", "SITE"]);

/** What may ask for the operator's variables. */
type Needing = Pick<Step, "needs">;

/**
 * Names that change how the shell or the loader works instead of telling a command something. With SSH_CLIENT bash takes
 * itself for started by a server and reads its start-up files, even with `-p` (seen with 5.2).
 */
const steering =
  /^(?:SSH2?_CLIENT$|LD_|DYLD_|BASH|SHELLOPTS$|IFS$|ENV$|PS4$|GLOBIGNORE$|CDPATH$|POSIXLY_CORRECT$|NODE_OPTIONS$|PYTHON(?:PATH|STARTUP)$|PERL5)/;

/** Why a step may not ask for the operator's variable of this name; undefined when it may. */
export function refusedVariable(name: string): string | undefined {
  if (given.has(name)) return `${name} is given to every step and cannot be taken from the operator.`;
  if (steering.test(name)) return `${name} changes how programs are loaded or the shell works; no step may have it.`;
  return undefined;
}

/** The variables of a step that the operator has not set. */
export function missingVariables(step: Needing, environment: Environment): readonly string[] {
  return step.needs.env.filter((name) => environment[name] === undefined);
}

/** The operator's variables that a step is given. Their values must not show in a record. */
export function namedVariables(step: Needing, environment: Environment): Readonly<Record<string, string>> {
  const entries = step.needs.env.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** All that a command on a host sees besides its HOME there. The mesh is not there; therefore no MESH. */
function remoteEnvironment(
  step: Needing,
  target: SshTarget,
  environment: Environment,
): Readonly<Record<string, string>> {
  const fixed = { PATH: remotePath, LANG: "C.UTF-8", TMPDIR: "/tmp" };
  return { ...fixed, ...target.env, ...namedVariables(step, environment), SITE: target.path };
}

/**
 * All that a command sees: a fixed PATH; the operator's HOME, LANG and TMPDIR; the target's variables; those that the
 * step names; and MESH and SITE, the folders of the mesh and of the target. On a host: see `remoteEnvironment`.
 */
export function stepEnvironment(
  step: Needing,
  target: StepTarget,
  meshRoot: string,
  environment: Environment,
): Readonly<Record<string, string>> {
  if (target.kind === "ssh") return remoteEnvironment(step, target, environment);
  return {
    PATH: systemPath,
    HOME: environment.HOME ?? "/",
    LANG: environment.LANG ?? "C.UTF-8",
    TMPDIR: environment.TMPDIR ?? "/tmp",
    ...target.env,
    ...namedVariables(step, environment),
    MESH: meshRoot,
    SITE: target.path,
  };
}
