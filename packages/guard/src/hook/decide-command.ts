import type { Risk } from "@memomesh/core";
import type { Effect, Finding } from "../classification.ts";
import { inspectCommand } from "../classify.ts";
import { guessShell } from "../shell/read-shell.ts";
import { AgentInspection } from "./agent-inspection.ts";
import type { Ground } from "./ground.ts";
import { insteadOf } from "./instead.ts";
import { allow, deny, type ToolDecision } from "./tool-decision.ts";

/** What an agent may do by itself, in its own folder. */
const permitted: ReadonlySet<Effect> = new Set(["read", "write", "delete"]);
const permittedRisks: ReadonlySet<Risk> = new Set(["low", "medium"]);

/**
 * Whether an agent may run a command itself: it reads, lints, tests and builds in its node's folder. Everything that the
 * text would start is looked at, however it is wrapped; what cannot be read is refused.
 *
 * This is an early and explained refusal, not a wall: a test that was allowed can do anything.
 *
 * @param command shell text, at most 8 KiB
 * @param cwd the absolute path of the folder in which it would run
 * @see docs/security.md
 */
export function decideCommand(command: string, cwd: string, ground: Ground): ToolDecision {
  // In zsh, `${(e)NAME}` runs commands that the variable's value holds; bash takes it for an error.
  if (/\$\{\(/.test(command)) return unreadable("the text holds ${(, which some shells run");
  // The second parser's grammar takes longer to load than all else. It can only take back what the first one would allow.
  const first = decided(command, ground, new AgentInspection(ground, cwd, guessShell));
  return first.allowed ? decided(command, ground, new AgentInspection(ground, cwd)) : first;
}

function decided(command: string, ground: Ground, inspection: AgentInspection): ToolDecision {
  const { findings, readable } = inspectCommand(command, inspection);
  if (!readable) return unreadable(findings[0]?.text ?? "the text cannot be read");
  const refused = findings.filter(
    ({ risk, effects }) => !permittedRisks.has(risk) || !effects.every((each) => permitted.has(each)),
  );
  const [worst] = refused.toSorted((a, b) => severity(a) - severity(b));
  if (worst !== undefined) return deny(worst.text, insteadOf(worst.effects, ground.node.folder));
  const writes = findings.some(({ effects }) => effects.includes("write") || effects.includes("delete"));
  return allow(`It ${writes ? "works" : "reads"} in the folder of ${ground.node.id}.`, writes);
}

function unreadable(text: string): ToolDecision {
  return deny(`It cannot be read for certain: ${text}`, "Write it as one plain command, or as several calls.");
}

/** The order in which people want to hear of it. */
function severity({ effects }: Finding): number {
  const order: readonly Effect[] = [
    "privilege",
    "live-infrastructure",
    "service",
    "data",
    "secret",
    "network",
    "git-history",
    "unknown",
  ];
  const first = order.findIndex((effect) => effects.includes(effect));
  return first < 0 ? order.length : first;
}
