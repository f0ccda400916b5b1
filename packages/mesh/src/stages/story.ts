import { join, relative } from "node:path";
import { MeshError } from "@memomesh/core";
import { parsePlan } from "@memomesh/core/stages";
import { textOf } from "../create.ts";
import { readDecisions } from "../decisions.ts";
import type { Mesh } from "../load.ts";
import { statePathOf } from "./inventory.ts";
import { lookAtStage } from "./open.ts";

/** Why a stage is as it is. */
export interface StageStory {
  readonly stage: string;
  /** File and line. */
  readonly declared: string;
  readonly purpose: string;
  /** What its plan decided, and why. */
  readonly plan: readonly { readonly heading: string; readonly text: string }[];
  /** The lines of its state file, the oldest first. */
  readonly happened: string;
  /** What was committed about it, the newest first. */
  readonly commits: readonly {
    readonly hash: string;
    readonly date: string;
    readonly subject: string;
    readonly by: string;
  }[];
}

/** Tells a stage's story from its file, its plan and the history. */
export async function stageStory(mesh: Mesh, reference: string, inventory?: string): Promise<StageStory> {
  const { list, stage, record } = await lookAtStage(mesh, reference, inventory);
  const state = (await textOf(statePathOf(list, stage.id))) ?? "";
  const entries = await readDecisions(mesh, { text: stage.id });
  return {
    stage: stage.id,
    declared: `${relative(mesh.root, list.path)}:${stage.line}`,
    purpose: stage.purpose.trim(),
    plan: await planned(mesh, record.plan),
    happened: state.split(/^## What happened\s*$/m)[1]?.trim() ?? "",
    commits: entries.map(({ hash, date, subject, trailers, author }) => ({
      hash,
      date,
      subject,
      by: whoOf(trailers) ?? author.name,
    })),
  };
}

function whoOf(trailers: readonly (readonly [string, string])[]): string | undefined {
  const said = (name: string) => trailers.find(([each]) => each === name)?.[1];
  const agent = said("Agent");
  if (agent === undefined) return said("Approved-By");
  const model = said("Model");
  return model === undefined ? `agent ${agent}` : `agent ${agent}, ${model}`;
}

async function planned(mesh: Mesh, path: string | undefined): Promise<StageStory["plan"]> {
  if (path === undefined) return [];
  try {
    const { strategy, alternatives, unknowns } = parsePlan((await textOf(join(mesh.root, path))) ?? "", path);
    return [
      { heading: "What", text: strategy.what },
      { heading: "Why", text: strategy.why },
      ...alternatives.map(({ what, why_not }) => ({ heading: "Not", text: `${what} ${why_not}` })),
      ...unknowns.map((unknown) => ({ heading: "Not known", text: unknown })),
    ];
  } catch (error) {
    if (error instanceof MeshError) return [{ heading: "Plan", text: error.message }];
    throw error;
  }
}
