import type { Program, ProgramTable } from "../program.ts";
import { archives } from "./archives.ts";
import { builtins } from "./builtins.ts";
import { clouds } from "./clouds.ts";
import { code } from "./code.ts";
import { containers } from "./containers.ts";
import { data } from "./data.ts";
import { disks } from "./disks.ts";
import { facts } from "./facts.ts";
import { files } from "./files.ts";
import { git } from "./git.ts";
import { kubernetes } from "./kubernetes.ts";
import { launchers } from "./launchers.ts";
import { network } from "./network.ts";
import { networking } from "./networking.ts";
import { packages } from "./packages.ts";
import { provisioning } from "./provisioning.ts";
import { reading } from "./reading.ts";
import { remote } from "./remote.ts";
import { services } from "./services.ts";
import { system } from "./system.ts";
import { text } from "./text.ts";

/** Every table, by what its programs are for. */
export const tables: Readonly<Record<string, ProgramTable>> = {
  ...{ builtins, launchers, code, packages, git },
  ...{ reading, text, facts, files, archives },
  ...{ data, disks, services, system, networking, network },
  ...{ remote, kubernetes, containers, provisioning, clouds },
};

const programs: ReadonlyMap<string, Program> = new Map(
  Object.values(tables).flatMap((table) =>
    Object.entries(table).flatMap(([names, program]) => names.split(" ").map((name) => [name, program] as const)),
  ),
);

const systemFolder = /^\/(?:usr\/(?:local\/)?)?s?bin\/|^\/opt\/homebrew\/bin\//;

/**
 * What is known of a program by its name as a command gives it.
 *
 * `sure` is false when the name only resembles a known one: another file of that name in some folder, or other case,
 * which means the same program on some file systems. Such a program is unknown, and at least as bad as the one it resembles.
 */
export function findProgram(name: string): { readonly program: Program | undefined; readonly sure: boolean } {
  const base = name.slice(name.lastIndexOf("/") + 1);
  const program = byName(base);
  if (program !== undefined) return { program, sure: base === name || systemFolder.test(name.slice(0, -base.length)) };
  return { program: byName(base.toLowerCase()), sure: false };
}

/** `python3.12` is `python3`, and `mkfs.ext4` is `mkfs`. */
function byName(name: string): Program | undefined {
  const plain = name.replace(/(?<=[a-z])-?\d+(?:\.\d+)*$/, "");
  return programs.get(name) ?? programs.get(plain) ?? programs.get(/^(mkfs|fsck|mount|umount)\./.exec(name)?.[1] ?? "");
}
