import { type Memo, type MeshConfig, MeshError, type Risk } from "@memomesh/core";
import { readBody, readDeployment } from "@memomesh/core/markdown";

/**
 * What a mistake in the work on a memo could do, judged before anything is prepared: something on a production target is
 * high, another deployment and an alert are medium, everything else is low.
 */
export function memoRisk(memo: Memo, targets: MeshConfig["targets"]): Risk {
  const { type } = memo.header;
  if (type !== "deployment" && type !== "alert") return "low";
  const target = targetOf(memo);
  return target !== undefined && targets[target]?.production === true ? "high" : "medium";
}

function targetOf(memo: Memo): string | undefined {
  try {
    return readDeployment(memo, readBody(memo))?.target;
  } catch (error) {
    // The agent will say what is wrong with the facts.
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}
