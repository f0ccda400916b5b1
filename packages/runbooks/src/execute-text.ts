import type { SingleTarget } from "@memomesh/core";
import { namedVariables, stepEnvironment } from "./environment.ts";
import { type Attendance, type Command, type Execution, execute } from "./execute.ts";
import { executeRemote } from "./execute-remote.ts";
import type { Review } from "./review.ts";
import type { ReviewedStep } from "./snapshot.ts";

/** Runs a text where its step runs, with what the step is given. The journal knows nothing of it. */
export async function executeText(
  { reviewed, environment, connections, ...review }: Omit<Review, "lock">,
  { step }: ReviewedStep,
  target: SingleTarget,
  text: string,
  onSpawn?: Attendance["onSpawn"],
): Promise<Execution> {
  const command: Command = {
    text,
    folder: target.path,
    environment: stepEnvironment(step, target, reviewed.meshRoot, environment),
    secrets: namedVariables(step, environment),
    timeoutSeconds: step.timeout,
  };
  const attendance: Attendance = {
    ...(review.signal && { signal: review.signal }),
    ...(review.onOutput && { onOutput: review.onOutput }),
    ...(review.graceMilliseconds !== undefined && { graceMilliseconds: review.graceMilliseconds }),
    ...(onSpawn && { onSpawn }),
  };
  if (target.kind === "local") return await execute(command, attendance);
  return await executeRemote(await connections.to(target), command, attendance);
}
