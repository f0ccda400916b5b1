import { MeshError } from "@memomesh/core";
import { decideTool, readHookCall, subjectOf, type Vendor } from "@memomesh/guard";
import { appendAudit } from "./audit.ts";
import { groundOf, type Whereabouts } from "./ground.ts";
import { realPath } from "./real-path.ts";

/** What a hook says to the program that has called it. Silence is consent. */
export interface HookAnswer {
  readonly allowed: boolean;
  /** Why not, and what to do instead; "" when it is allowed. */
  readonly says: string;
}

export interface HookOptions extends Whereabouts {
  /** MCP servers of others whose tools the agent may use. */
  readonly servers?: readonly string[];
}

/**
 * Answers a program that asks before its agent uses a tool. Every decision goes into the audit trail first: what cannot
 * be written down does not happen.
 *
 * @param text the hook's standard input
 */
export async function answerHook(text: string, vendor: Vendor, options: HookOptions): Promise<HookAnswer> {
  const call = readHookCall(text);
  if (typeof call === "string") return { allowed: false, says: call };
  try {
    const { ground, audit, trail } = await groundOf(options, call.cwd);
    const cwd = realPath(call.cwd);
    const decision = decideTool({ ...call, cwd }, { ground, servers: options.servers ?? [] });
    const { allowed, changes, reason, instead } = decision;
    const { tool, session } = call;
    const at = new Date().toISOString();
    const about = { at, node: ground.node.id, program: vendor, session, tool, subject: subjectOf(call) };
    appendAudit(audit, { ...about, allowed, changes, reason });
    // In a private copy the trail is out of reach; there the coordinator takes them when the session has ended.
    if (!allowed && trail !== undefined) (await import("../audit/take-denials.ts")).takeDenials(trail, ground.node.id);
    return { allowed, says: allowed ? "" : `${reason} ${instead}` };
  } catch (error) {
    const why = error instanceof MeshError ? error.message : `the guard has met a bug: ${String(error)}`;
    return { allowed: false, says: `${why}. Nothing is done without a decision of the guard.` };
  }
}
