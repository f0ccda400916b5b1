import type { Check } from "./check.ts";
import { documentation } from "./checks/documentation.ts";
import { health } from "./checks/health.ts";
import { idempotency } from "./checks/idempotency.ts";
import { lessons } from "./checks/lessons.ts";
import { limits } from "./checks/limits.ts";
import { observability } from "./checks/observability.ts";
import { pinned } from "./checks/pinned.ts";
import { platform } from "./checks/platform.ts";
import { requirementCoverage } from "./checks/requirement-coverage.ts";
import { runbookSteps } from "./checks/runbook-steps.ts";
import { secrets } from "./checks/secrets.ts";
import { validity } from "./checks/validity.ts";

/** Everything that the gate looks at, the heaviest first. */
export const checks: readonly Check[] = [
  runbookSteps,
  requirementCoverage,
  validity,
  pinned,
  limits,
  health,
  secrets,
  platform,
  idempotency,
  lessons,
  observability,
  documentation,
];
