import { checks } from "./checks.ts";
import { defaultSettings, type GateSettings, weightOf } from "./settings.ts";

/** What a check is about, for a person. */
export interface Explanation {
  readonly id: string;
  readonly title: string;
  /** 0: it is off. */
  readonly weight: number;
  readonly about: string;
}

/** All checks as they count in these settings. */
export function explainChecks(settings: GateSettings = defaultSettings): readonly Explanation[] {
  return checks.map(({ id, title, about }) => ({ id, title, about, weight: weightOf(id, settings) }));
}
