import type { Risk } from "@memomesh/core";
import type { Effect } from "../src/index.ts";

/** A risk, exactly; with "+" as a floor. */
export type Expected = Risk | `${Exclude<Risk, "critical">}+`;

/** A command, its risk, and an effect or a part of a reason that has to be there. */
export type Labelled = readonly [command: string, risk: Expected, because?: Effect | RegExp];
