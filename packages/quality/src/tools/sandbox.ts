import { basename, dirname } from "node:path";
import { findProgram } from "./find-program.ts";
import type { PrivateCopy } from "./private-copy.ts";
import { type Call, type Ended, runProgram } from "./run-program.ts";

/** What of the system a program may read. */
const visible = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/opt",
  "/etc/alternatives",
  "/etc/ld.so.cache",
  "/etc/passwd",
  "/etc/group",
  "/etc/nginx/mime.types",
  "/etc/nginx/fastcgi_params",
  "/etc/ssl/certs",
];

/** Runs programs on a private copy. */
export interface Workplace {
  /** Whether programs are shut in, without network and with nothing to write but the copy. */
  readonly confined: boolean;
  run(program: string, args: readonly string[], input?: string): Promise<Ended>;
}

/**
 * Shuts programs in with bubblewrap where that is there and works. Where it is not, only programs should be run that
 * look at a file and do nothing else.
 *
 * @param path where programs are looked for
 */
export async function openWorkplace(copy: PrivateCopy, path: string): Promise<Workplace> {
  const plain = workplace(copy, undefined);
  const bubblewrap = await findProgram(["bwrap"], path);
  if (bubblewrap === undefined) return plain;
  const confined = workplace(copy, bubblewrap);
  // It may be there and not be allowed to do its work.
  const { code } = await confined.run("/usr/bin/env", ["true"]);
  return code === 0 ? confined : plain;
}

function workplace(copy: PrivateCopy, bubblewrap: string | undefined): Workplace {
  return {
    confined: bubblewrap !== undefined,
    run(program, args, input) {
      const env = {
        PATH: `${dirname(program)}:/usr/local/bin:/usr/bin:/bin`,
        HOME: copy.home,
        TMPDIR: copy.home,
        LANG: "C.UTF-8",
        NO_COLOR: "1",
        ANSIBLE_NOCOLOR: "1",
        ANSIBLE_LOCALHOST_WARNING: "False",
      };
      const call: Call = { program, args, cwd: copy.folder, env, ...(input === undefined ? {} : { input }) };
      return runProgram(bubblewrap === undefined ? call : shutIn(call, bubblewrap, copy));
    },
  };
}

function shutIn(call: Call, bubblewrap: string, { folder }: PrivateCopy): Call {
  const root = dirname(folder);
  const own = installedIn(call.program);
  const isVisible = own === "/" || visible.some((known) => `${own}/`.startsWith(`${known}/`));
  const args = [
    ...["--unshare-all", "--die-with-parent", "--new-session", "--clearenv"],
    ...Object.entries(call.env).flatMap(([name, value]) => ["--setenv", name, value]),
    ...visible.flatMap((place) => ["--ro-bind-try", place, place]),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run", "--tmpfs", "/var"],
    ...(isVisible ? [] : ["--ro-bind", own, own]),
    ...["--bind", root, root, "--chdir", call.cwd],
    ...["--", call.program, ...call.args],
  ];
  return { ...call, program: bubblewrap, args };
}

/** The folder that holds a program and what belongs to it: `/srv/venv` for `/srv/venv/bin/ansible-lint`. */
function installedIn(program: string): string {
  const folder = dirname(program);
  return ["bin", "sbin"].includes(basename(folder)) ? dirname(folder) : folder;
}
