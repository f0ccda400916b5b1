import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { TextFile } from "@memomesh/agents";
import { Exit, type Memo, MeshError, newId, type Opinion, type Runbook } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { isWithheld, redact } from "@memomesh/guard";
import { findMemo } from "@memomesh/mailbox";
import { askForOpinion, knownConfig } from "./ask-for-opinion.ts";
import { allowance } from "./budget.ts";
import { checksOnly, chooseSecond } from "./choose-second.ts";
import type { History } from "./history.ts";
import type { Mesh, MeshNode } from "./load.ts";
import { makeChange } from "./make-change.ts";
import { readMemoFile } from "./memo-file.ts";
import { opinionEdit } from "./opinion-edits.ts";
import type { RunbookFile } from "./runbook-files.ts";
import { sessionFiles } from "./session-files.ts";
import { monthOf, readSpending, spendingFile } from "./spending.ts";

/** Who is asked, and who watches. */
export interface OpinionWish {
  /** Name of an agent of mesh.yml; undefined: the one that would be asked after a session. */
  readonly agent?: string;
  readonly signal: AbortSignal;
  /** Is told in words what is being done. */
  readonly progress: (text: string) => void;
}

/**
 * Asks for a second opinion on a runbook that lies there already, and puts it beside the runbook, in place of an earlier one.
 * It is paid for from the budgets of the runbook's node. When it cannot be had, an earlier one stays.
 *
 * @throws MeshError `runbook.*` when it cannot be read; `mesh.agent.unknown`; `mesh.agent.not-local` when the runbook is
 * sensitive and the agent is not local; `budget.spent`; `agent.*` and `opinion.*` when the opinion cannot be had
 */
export async function opinionAgain(
  mesh: Mesh,
  history: History,
  { node, path }: RunbookFile,
  { agent: wanted, signal, progress }: OpinionWish,
): Promise<{ readonly opinion: Opinion; readonly runbook: Runbook }> {
  const name = relative(node.folder, path);
  const runbook = parseRunbook(await readFile(path, "utf8"), name);
  const memo = await memoOf(node, runbook);
  const agent = whoIsAsked(mesh, node, memo, wanted);
  const month = monthOf(new Date().toISOString());
  const { limits, spent } = allowance(mesh.config, node, await readSpending(mesh.root, month));
  if (limits === undefined) throw new MeshError("budget.spent", `nobody is asked: ${spent}.`, { exit: Exit.tryAgain });
  const config = agent === "offline" ? { provider: "offline" } : knownConfig(agent, mesh.config.agents[agent]);
  const isChecks = wanted === undefined && agent === "offline";
  progress(isChecks ? checksOnly(mesh.config, authorOf(memo)) : `asks ${agent} for a second opinion`);
  const files = await ownFiles(mesh, node, runbook);
  // What the author says stands in the memo's completion and in the runbook itself.
  const subject = { runbook, node, memo, notes: "", unknown: [], files };
  const opinion = await askForOpinion(mesh, agent, config, subject, { limits, signal, progress });
  const at = new Date();
  const change = {
    id: newId(at.getTime()),
    within: node.folder,
    edits: [await opinionEdit(node, runbook, opinion, at)],
    commit: {
      subject: `Get a second opinion on "${runbook.title}"`,
      body: opinion.reasons,
      trailers: [
        ...(runbook.memo === undefined ? [] : [["Memo-Id", runbook.memo] as const]),
        ["Node", node.id] as const,
        ["Agent", agent] as const,
        ...(opinion.model === undefined ? [] : [["Model", opinion.model] as const]),
        ["Runbook", name] as const,
      ],
    },
  };
  await makeChange(mesh.root, history, change, opinion.usage === undefined ? [] : [spendingFile(mesh.root, month)]);
  return { opinion, runbook };
}

async function memoOf(node: MeshNode, { memo: id }: Runbook): Promise<Memo | undefined> {
  const path = id === undefined ? undefined : await findMemo(node, id);
  return path === undefined ? undefined : (await readMemoFile(path)).memo;
}

function whoIsAsked({ config }: Mesh, node: MeshNode, memo: Memo | undefined, wanted: string | undefined): string {
  const sensitive = node.config.sensitive || memo?.header.sensitive === true;
  if (wanted === undefined) return chooseSecond(config, authorOf(memo), sensitive) ?? "offline";
  const known = config.agents[wanted];
  if (known === undefined && wanted !== "offline") {
    const names = [...new Set([...Object.keys(config.agents), "offline"])].join(", ");
    throw new MeshError("mesh.agent.unknown", `mesh.yml has no agent "${wanted}"; expected ${names}`, {
      exit: Exit.usage,
    });
  }
  if (sensitive && wanted !== "offline" && known?.local !== true) {
    const sentence = `this is sensitive, and the agent "${wanted}" is not marked \`local: true\` in mesh.yml; nothing was sent to it. Leave --agent out, or name one that is`;
    throw new MeshError("mesh.agent.not-local", sentence, { exit: Exit.notPermitted });
  }
  return wanted;
}

/** The agent that has prepared a memo's runbook, as the last completion names it; "" when none does. */
function authorOf(memo: Memo | undefined): string {
  const named = [...(memo?.source ?? "").matchAll(/^\*\*By:\*\* [^\n(]*\(agent ([a-z][a-z0-9-]*)/gm)];
  return named.at(-1)?.[1] ?? "";
}

/** The files of the node that the steps need, as the author's session would have been shown them. */
async function ownFiles(mesh: Mesh, node: MeshNode, { steps }: Runbook): Promise<TextFile[]> {
  const files = sessionFiles(mesh, node);
  const wanted = new Set(steps.flatMap(({ needs }) => needs.files));
  const found = await Promise.all(
    [...wanted].map(async (file): Promise<TextFile[]> => {
      const inside = relative(node.folder, resolve(mesh.root, file));
      if (inside.startsWith("..") || isWithheld(inside)) return [];
      const source = await files.read(inside).catch((error: unknown) => {
        // It is no text, or may not be read: the opinion is given without it.
        if (error instanceof MeshError) return undefined;
        throw error;
      });
      return source === undefined ? [] : [{ file, source: redact(source) }];
    }),
  );
  return found.flat();
}
