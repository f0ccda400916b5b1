import type { Changeset } from "@memomesh/core";
import type { Agent, SessionContext } from "../agent.ts";
import { answerQuestion } from "./answer.ts";
import { readAskedFields } from "./asked-fields.ts";
import { leaveToOperator } from "./beyond.ts";
import { prepareDeployment } from "./deployment.ts";
import { tellHistory } from "./history.ts";
import { acknowledge } from "./notice.ts";
import { asksForDeployment, readTold } from "./told.ts";

/**
 * The agent that needs no key and no network. The same context gives the same changeset, byte for byte: what it knows it
 * was told, and what it was not told it asks or leaves open.
 *
 * @param name as mesh.yml has it
 */
export function offlineAgent(name: string): Agent {
  return {
    name,
    async work(context) {
      context.signal.throwIfAborted();
      const changeset = await workOn(name, context);
      context.signal.throwIfAborted();
      return changeset;
    },
  };
}

async function workOn(name: string, context: SessionContext): Promise<Changeset> {
  const { memo, node } = context;
  const { type } = memo.header;
  if (type === "notice" || type === "answer") {
    context.progress("takes note");
    return acknowledge(name, context);
  }
  if (type === "question" && (context.history === undefined || readAskedFields(context.body) !== undefined)) {
    context.progress("looks for the answer in its project");
    return answerQuestion(name, context);
  }
  if (node.role === "sysadmin" && asksForDeployment(context)) {
    context.progress("prepares the deployment");
    return prepareDeployment(name, context, readTold(context));
  }
  if (context.history !== undefined) {
    context.progress("tells what the history knows");
    return tellHistory(name, context, context.history);
  }
  context.progress("asks the operator");
  return leaveToOperator(name, context);
}
