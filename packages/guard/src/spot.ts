import type { Part } from "./shell/argument.ts";

/**
 * Where a path leads, as far as its text says.
 *
 * - work: the folder in which the step runs, by a relative path or below `$SITE`
 * - temporary: below `$TMPDIR`; shared: below /tmp
 * - mesh, home: below `$MESH` or a home folder
 * - system: what the machine itself needs; kernel: /proc and /sys; device: /dev; socket: /dev/tcp and /dev/udp
 * - sink: /dev/null and the program's own streams
 * - outside: any other place that is not below the work folder
 * - unknown: begins with something that only running it would tell
 */
export type Zone =
  | "work"
  | "temporary"
  | "shared"
  | "mesh"
  | "home"
  | "system"
  | "kernel"
  | "device"
  | "socket"
  | "sink"
  | "outside"
  | "unknown";

export interface Spot {
  readonly zone: Zone;
  /** The names below the zone's own folder; all names from the top for absolute paths. */
  readonly names: readonly string[];
  /** Whether it means the zone's whole folder, or all that lies in it. */
  readonly whole: boolean;
  /** Whether one of the names is not known. */
  readonly vague: boolean;
  /** Whether a slash follows the unknown beginning: with an empty value it is the root of the file system. */
  readonly rooted: boolean;
}

// Stand in a name for what is not text: no shell word can hold them, since text with control characters is not read.
const unknownMark = "\u0001";
const globMark = "\u0002";

const system = [
  ...[
    "bin",
    "boot",
    "etc",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "root",
    "run",
    "sbin",
    "snap",
    "usr",
    "var",
    "private/etc",
  ],
  ...["private/var", "library", "system", "applications", "nix", "efi"],
];
/** Below system folders, but meant to be written. */
const ordinary = ["var/www", "usr/local/www", "var/tmp", "private/tmp", "private/var/folders"];
const sinks = /^dev\/(?:null|zero|full|stdin|stdout|stderr|tty|random|urandom|fd\/\d+)$/;

/** @param parts one path; more than one name for it is the caller's matter */
export function spotOf(parts: readonly Part[]): Spot {
  const [first] = parts;
  const text = parts.map(markedText).join("");
  if (first?.kind === "root") return below(first.name, text.slice(1));
  if (first?.kind === "unknown") return { ...spot("unknown", namesOf(text.slice(1)).names), rooted: text[1] === "/" };
  return text.startsWith("/") ? absolute(text) : relative(text);
}

function markedText(part: Part): string {
  if (part.kind === "text") return part.text;
  return part.kind === "glob" ? `${globMark}${part.text}${globMark}` : unknownMark;
}

function below(root: "SITE" | "MESH" | "TMPDIR" | "HOME", rest: string): Spot {
  // `$SITE-old` is another folder, beside the one of that name.
  if (rest !== "" && !rest.startsWith("/")) return spot("outside", [rest]);
  const { names, up } = namesOf(rest);
  if (up > 0) return above(names);
  const zones = { SITE: "work", MESH: "mesh", TMPDIR: "temporary", HOME: "home" } as const;
  return spot(zones[root], names);
}

function relative(text: string): Spot {
  const { names, up } = namesOf(text);
  return up > 0 ? above(names) : spot("work", names);
}

/** Above where it began. Nobody knows how deep that lies, so `../../etc` is taken for `/etc`. */
function above(names: readonly string[]): Spot {
  const path = names.join("/").toLowerCase();
  return [...system, "dev", "proc", "sys"].some((folder) => within(folder, path))
    ? absolute(`/${names.join("/")}`)
    : spot("outside", names);
}

function within(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function absolute(text: string): Spot {
  const { names } = namesOf(text);
  const path = names.join("/").toLowerCase();
  const lies = (folder: string) => within(folder, path);
  const [top = ""] = names;
  if (sinks.test(path)) return spot("sink", names);
  if (lies("dev/tcp") || lies("dev/udp")) return spot("socket", names);
  if (lies("dev")) return lies("dev/shm") ? spot("shared", names.slice(2)) : spot("device", names);
  if (lies("proc") || lies("sys")) return spot("kernel", names);
  if (lies("tmp")) return spot("shared", names.slice(1));
  if (lies("var/tmp") || lies("private/tmp")) return spot("shared", names.slice(2));
  if (lies("home") || lies("users")) return spot("home", names.slice(2));
  if (ordinary.some(lies)) return spot("outside", names);
  // The root itself, and a first name that may be any.
  if (top === "" || /[\u0001\u0002]/.test(top)) return { ...spot("system", names), whole: true };
  return spot(system.some(lies) ? "system" : "outside", names);
}

function spot(zone: Zone, names: readonly string[]): Spot {
  return {
    zone,
    names: names.map((name) => name.replaceAll(globMark, "").replaceAll(unknownMark, "…")),
    whole: names.every((name) => name.includes("*") && /^\.*$/.test(name.replace(/\u0002[^\u0002]*\u0002/g, ""))),
    vague: names.some((name) => name.includes(unknownMark)),
    rooted: false,
  };
}

/** The names of a path without "." and ".."; `up`: how many folders above its beginning it leads. */
function namesOf(text: string): { names: string[]; up: number } {
  const names: string[] = [];
  let up = 0;
  for (const name of text.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) up += 1;
  }
  return { names, up };
}
