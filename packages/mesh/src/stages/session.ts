import { readBody } from "@memomesh/core/markdown";
import type { StageTask } from "@memomesh/core/stages";
import { readStageTask } from "@memomesh/core/stages";
import type { Answer } from "../ask/answer.ts";
import { type Attendance, attend } from "../ask/attend.ts";
import { sendRequest } from "../ask/request.ts";
import { chooseAgent } from "../choose-agent.ts";
import { readInbox } from "../inbox.ts";
import type { Mesh, MeshNode } from "../load.ts";
import type { FoundStage } from "./inventory.ts";
import { castFor, type Part } from "./part.ts";
import { stageMemo } from "./stage-memo.ts";

/** Whether a part is played by the offline agent, which neither decides nor improves. */
export function isOffline(
  mesh: Mesh,
  node: MeshNode,
  { stage }: Pick<FoundStage, "stage">,
  role: Part["role"],
): boolean {
  const cast = castFor(mesh, node, { role });
  const header = { type: "stage", priority: stage.priority } as const;
  const name = chooseAgent(cast.mesh.config, cast.node, { header, risk: stage.riskLevel, refused: 0 });
  return cast.mesh.config.agents[name]?.provider === "offline";
}

/**
 * Has a node work on one step of a stage: a memo, a session, a changeset. One that was asked for already and waits, for an
 * answer or for its turn, is taken up instead of being asked for again.
 *
 * @param improvement see {@link stageMemo}
 */
export async function stageSession(
  mesh: Mesh,
  { list, stage, record, node }: FoundStage & { readonly node: MeshNode },
  { step, improvement }: { readonly step: StageTask["step"]; readonly improvement?: string },
  attendance: Attendance,
): Promise<Answer> {
  const open =
    step === "improve"
      ? undefined
      : await openMemo(node, record.memos, { stage: stage.id, inventory: list.name, step });
  const last = record.memos.at(-1);
  const re = last === undefined ? {} : { re: last, thread: record.memos[0] ?? last };
  const request = { ...stageMemo(list, stage, step, improvement), to: node, ...re };
  const id = open ?? (await sendRequest(mesh, request, new Date())).id;
  return attend(mesh, { node, id }, attendance);
}

/** Id of a memo of the inbox that asks for the same step and has come to nothing yet. */
async function openMemo(
  node: MeshNode,
  counted: readonly string[],
  { stage, inventory, step }: Omit<StageTask, "plan">,
): Promise<string | undefined> {
  for (const { memo } of await readInbox(node)) {
    const { id = "", type, status } = memo.header;
    if (type !== "stage" || status === "failed" || counted.includes(id)) continue;
    const task = readStageTask(readBody(memo));
    if (task?.stage === stage && task.inventory === inventory && task.step === step) return id;
  }
  return undefined;
}
