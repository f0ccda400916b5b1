import { isWithheld, matchesGlob } from "@memomesh/guard";

/** A path as a session writes it, taken apart. */
export interface SessionPath {
  /** Id of another node; undefined: the session's own folder. */
  readonly node: string | undefined;
  /** With "/" between its names, in its shortest form; "" is the folder itself. What leads upwards is left for the files to refuse. */
  readonly inside: string;
  /** The two together, as `SessionFiles` takes it. */
  readonly full: string;
}

/** Reads `docs/notes.md` or `developer:site/dist`; models write `./docs/` and name their own node as well. */
export function readPath(text: string, own: string): SessionPath {
  const [, name, rest] = /^([a-z][a-z0-9-]*):(.*)$/s.exec(text) ?? [];
  const written = (rest ?? text).trim();
  const names = written.split("/").filter((each, index) => each !== "." && (each !== "" || index === 0));
  const inside = names.join("/");
  const node = name === own ? undefined : name;
  return { node, inside, full: node === undefined ? inside : `${node}:${inside}` };
}

/** Whether a file holds secrets by its name, or belongs to git or the mesh; what leads upwards is for the files to refuse. */
export function isSecret(inside: string): boolean {
  return !inside.split("/").includes("..") && isWithheld(inside);
}

/** Whether a path matches a glob as a grant would; a glob without "/" is about names in any folder. */
export function matches(glob: string, path: string): boolean {
  const anywhere = glob.includes("/") ? glob : `**/${glob}`;
  return matchesGlob(path.split("/"), anywhere.replace(/^\/+/, ""));
}
