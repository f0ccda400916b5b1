import { type GateResult, score } from "./score.ts";
import { defaultSettings, type GateSettings } from "./settings.ts";
import type { Subject } from "./subject.ts";
import { runTools } from "./tools/run-tools.ts";

/** Scores a subject after the programs of this machine have looked at it, unless the settings say not to ask them. */
export async function gate(subject: Subject, settings: GateSettings = defaultSettings): Promise<GateResult> {
  if (!settings.tools) return score(subject, { settings });
  const { told, missing } = await runTools(subject, settings);
  return score(subject, { settings, told, missingTools: missing });
}
