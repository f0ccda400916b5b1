import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { sha256 } from "@memomesh/core";

/**
 * Names one process among all that ever were: `<machine>.<pid>.<start>`, of lower-case letters and digits. It stands in
 * the names of claims and temporary files, so that whoever finds one can tell whether its owner still works on it.
 */
export type Owner = string;

const shape = /^([0-9a-f]+)\.(\d+)\.([0-9a-f]*)$/;

let own: Owner | undefined;

/** This process. */
export function thisProcess(): Owner {
  own ??= `${machine()}.${process.pid}.${startOf(process.pid) ?? ""}`;
  return own;
}

/** Whether a process with this name could be found here, if it still ran. */
export function isOnThisMachine(owner: Owner): boolean {
  return shape.exec(owner)?.[1] === machine();
}

/**
 * Whether a process is provably gone: its pid is free, or belongs to a process that started at another time. A process
 * of another machine can never be proven to be gone from here.
 */
export function isGone(owner: Owner): boolean {
  const [, , pid, start] = shape.exec(owner) ?? [];
  if (pid === undefined || owner === own || !isOnThisMachine(owner)) return false;
  const found = startOf(Number(pid));
  return found === undefined || (found !== "" && start !== "" && found !== start);
}

/** Process numbers mean something only on one host, and there only within one namespace (containers have their own). */
function machine(): string {
  return short(`${hostname()} ${attempt(() => readlinkSync("/proc/self/ns/pid")) ?? ""}`);
}

/** A token of the time at which a process started; "" when the system does not tell, undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  const found = process.platform === "linux" ? fromProc(pid) : fromPs(pid);
  if (found === undefined) return "";
  // A killed process whose parent has not asked for its exit code is still listed, and does nothing any more.
  return found.state.startsWith("Z") || found.state.startsWith("X") ? undefined : short(found.start);
}

interface Found {
  readonly state: string;
  readonly start: string;
}

function fromProc(pid: number): Found | undefined {
  return attempt(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in brackets and may hold anything; the start time is the 22nd (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Counted from the start of the system, hence only together with the name of this start.
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
    return { state: fields[0] ?? "", start: `${boot.trim()} ${fields[19]}` };
  });
}

function fromPs(pid: number): Found | undefined {
  return attempt(() => {
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    const line = execFileSync("ps", ["-o", "stat=", "-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env,
    }).trim();
    const [state = "", ...start] = line.split(/\s+/);
    return { state, start: start.join(" ") };
  });
}

function short(text: string): string {
  return sha256(text).slice("sha256:".length, "sha256:".length + 8);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
