import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { GroupTarget, StepTarget } from "@memomesh/core";
import { Connections } from "./connections.ts";
import { endText } from "./end-text.ts";
import { executeRemote } from "./execute-remote.ts";
import { pinnedKeys } from "./host-keys.ts";

/** Whether steps could run on a target now. */
export type TargetProbe =
  | { readonly ready: true; readonly keys: readonly string[] }
  /** `problem`: what a person has to mend, as a sentence without its full stop. */
  | { readonly ready: false; readonly problem: string };

/** Looks whether steps could run on a target: reaches the host, finds bash and timeout there, and a folder to write to. Changes nothing. */
export async function probeTarget(target: StepTarget): Promise<TargetProbe> {
  if (target.kind === "group") return await probeMembers(target);
  if (target.kind === "local") return await probeFolder(target.path);
  const keys = await pinnedKeys(target);
  if (keys.length === 0) return { ready: false, problem: `no key of ${target.host} is pinned in ${target.knownHosts}` };
  const connections = new Connections();
  try {
    const command = { text: "test -w .", folder: target.path, environment: {}, secrets: {}, timeoutSeconds: 20 };
    const { end } = await executeRemote(await connections.to(target), command);
    if (end.kind === "exited" && end.exit === 0) return { ready: true, keys };
    if (end.kind === "exited") return { ready: false, problem: `${target.user} may not write to ${target.path}` };
    return { ready: false, problem: end.kind === "not-started" ? end.reason : endText(end) };
  } finally {
    await connections.close();
  }
}

async function probeMembers({ members }: GroupTarget): Promise<TargetProbe> {
  const keys: string[] = [];
  for (const member of members) {
    const probe = await probeTarget(member);
    if (!probe.ready) return { ready: false, problem: `${member.name}: ${probe.problem}` };
    keys.push(...probe.keys);
  }
  return { ready: true, keys };
}

async function probeFolder(path: string): Promise<TargetProbe> {
  try {
    await access(path, constants.W_OK);
    return { ready: true, keys: [] };
  } catch (error) {
    return { ready: false, problem: `${path} cannot be written to (${(error as NodeJS.ErrnoException).code})` };
  }
}
