import { join, relative } from "node:path";
import { Exit, MeshError, printMemo } from "@memomesh/core";
import type { StageRecord } from "@memomesh/core/stages";
import { completeByHand } from "../complete.ts";
import { textOf } from "../create.ts";
import { readInbox } from "../inbox.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { refuseSecrets } from "../secrets.ts";
import { sendMemo } from "../send.ts";
import type { FoundStage } from "./inventory.ts";
import { openStage } from "./open.ts";
import { transit } from "./transition.ts";

/** Words below which a text documents nothing. */
const fewestWords = 20;

/**
 * Completes a stage: it has passed the gate, its runbook was executed, and it is documented. Its node is told by memo.
 *
 * @param by the person who says so
 * @param waive why its runbook need not run; undefined: it must have
 * @throws MeshError `stage.incomplete` (exit 1) with everything that is missing
 */
export async function completeStage(
  mesh: Mesh,
  {
    reference,
    inventory,
    waive,
  }: { readonly reference: string; readonly inventory: string | undefined; readonly waive: string | undefined },
  by: string,
): Promise<FoundStage> {
  await refuseSecrets(waive ?? "", "the reason", mesh.guard, "stage.secret");
  const opened = await openStage(mesh, reference, inventory);
  const { stage, record, node } = opened;
  const path = join(node.folder, stage.documentation);
  const documentation = relative(mesh.root, path);
  const lacks = [
    ...stateLacks(opened, waive !== undefined),
    ...(isDocumented(await textOf(path))
      ? []
      : [`it is not documented: ${documentation} is absent or says next to nothing`]),
  ];
  if (lacks.length > 0) {
    throw new MeshError("stage.incomplete", `${stage.id} cannot be completed: ${lacks.join("; ")}.`, {
      exit: Exit.failed,
    });
  }
  const waiver = waive === undefined || record.state === "executed" ? {} : { waiver: { by, why: waive } };
  const text = waive === undefined ? "Complete." : `Complete without an executed runbook: ${waive}`;
  if (waive !== undefined)
    await closeMemo(mesh, node, record, `${by} completed the stage without this runbook: ${waive}`);
  const found = await transit(mesh, opened, [
    { event: { kind: "completed", documentation, ...waiver }, by, text, also: [path] },
  ]);
  await tellNode(mesh, node, found, by);
  return found;
}

/** A runbook that need not run does not wait for a review any more. */
async function closeMemo(mesh: Mesh, node: MeshNode, { memos }: StageRecord, notes: string): Promise<void> {
  const open = (await readInbox(node)).filter(
    ({ memo: { header } }) => header.status === "prepared" && memos.includes(header.id ?? ""),
  );
  for (const { memo } of open) await completeByHand(mesh, node, memo.header.id ?? "", { notes, tick: "none" });
}

function stateLacks({ record, stage }: FoundStage, waived: boolean): string[] {
  switch (record.state) {
    case "executed":
      return [];
    case "complete":
      return ["it is complete already"];
    case "gated":
    case "approved":
      return waived
        ? []
        : ["its runbook was not executed (`memomesh review`, or --waive with the reason why it need not be)"];
    default:
      return [`it is ${record.state} and has not passed the gate (\`memomesh stage status ${stage.id}\`)`];
  }
}

function isDocumented(text: string | undefined): boolean {
  return (text?.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) >= fewestWords;
}

async function tellNode(mesh: Mesh, node: MeshNode, { stage, record }: FoundStage, by: string): Promise<void> {
  const body = `${by} has completed it. Plan: \`${record.plan}\`. Documentation: \`${record.documentation}\`.`;
  const source = printMemo({ to: [node.id], type: "notice", subject: `Stage ${stage.id} is complete`, body });
  const operator = mesh.nodes.get("operator") as MeshNode;
  await sendMemo(mesh, operator, source, "the notice", new Date(), "when-required");
}
