import {
  assembleContext,
  type ContextItem,
  estimateTokens,
  type SessionLimits,
  type ToldContext,
} from "@memomesh/agents";
import { Exit, isFromOutside, MeshError, newId } from "@memomesh/core";
import { readInbox } from "./inbox.ts";
import { readKnowledge } from "./knowledge.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { readMemoFile } from "./memo-file.ts";
import { castFor, partOf } from "./stages/part.ts";
import { withPart } from "./stages/role-text.ts";
import { nameOf } from "./taint.ts";
import { agentNamed, termsOf } from "./terms.ts";
import { nextWork } from "./worklist.ts";

/** What a session on a memo would be told now. */
export interface ContextPreview {
  readonly node: string;
  readonly memo: string;
  readonly subject: string;
  readonly agent: string;
  readonly model: string | undefined;
  readonly limits: SessionLimits;
  /** The memos that bring words from outside of the mesh, in words: the session may write to no third node and record no lesson. */
  readonly outside: readonly string[];
  /** Undefined when nobody is told anything: the agent reads files by itself and nothing leaves the machine. */
  readonly told: ToldContext | undefined;
  /** The lessons that were found for it, the likeliest first, and why; also when no model is asked. */
  readonly lessons: readonly ContextItem[];
  /** What is sent besides the parts, and all of it; estimated. */
  readonly tokens: { readonly rules: number; readonly tools: number; readonly total: number } | undefined;
}

/** What a model of the usual kind is told at the beginning, where there is no model; in tokens. */
const usualBudget = 50_000;

/**
 * Assembles what a session would be told, and sends it to nobody.
 *
 * @param path of the memo; undefined: the one that is next
 * @throws MeshError `context.nothing` when nothing waits; `mesh.agent.*`, `agent.config`, `session.budget`
 */
export async function previewContext(mesh: Mesh, node: MeshNode, path: string | undefined): Promise<ContextPreview> {
  const work =
    path === undefined ? nextWork(await readInbox(node), new Set()) : { memo: await readMemoFile(path), answers: [] };
  if (work === undefined) {
    throw new MeshError(
      "context.nothing",
      `nothing waits for ${node.id}; name a memo to see what a session on it would be told`,
      {
        exit: Exit.usage,
      },
    );
  }
  const now = new Date();
  const { header } = work.memo.memo;
  const part = await partOf(mesh, workerOf(node), work.memo);
  const cast = castFor(mesh, workerOf(node), part);
  const terms = await termsOf(cast.mesh, cast.node, work.memo.memo, now);
  if (terms.limits === undefined) throw new MeshError("session.budget", terms.spent, { exit: Exit.tryAgain });
  const { agent: name, limits } = terms;
  const agent = await agentNamed(cast.mesh, name);
  const session = newId(now.getTime());
  const known = await readKnowledge(mesh, { node, ...work, refusals: [] }, { limits, now, session });
  const knowledge = part === undefined ? known : await withPart(mesh.root, known, part);
  const { id: memo = "", subject } = header;
  const told = await agent.told?.(knowledge);
  const { parts } = told ?? (await assembleContext(knowledge, usualBudget));
  const outside = [knowledge.memo, ...knowledge.thread].filter((each) => isFromOutside(each.header)).map(nameOf);
  return {
    node: node.id,
    memo,
    subject,
    agent: name,
    model: agent.model,
    limits,
    outside,
    told,
    lessons: parts.flatMap(({ items = [] }) => items),
    tokens: tokensOf(told),
  };
}

function tokensOf(told: ToldContext | undefined): ContextPreview["tokens"] {
  if (told === undefined) return undefined;
  const rules = estimateTokens(told.system);
  const tools = estimateTokens(JSON.stringify(told.tools));
  return { rules, tools, total: told.parts.reduce((sum, { tokens }) => sum + tokens, rules + tools) };
}

/** Where a person works, it is shown what the rules of mesh.yml would choose. */
function workerOf(node: MeshNode): MeshNode {
  return node.config.agent === "none" ? { ...node, config: { ...node.config, agent: "auto" } } : node;
}
