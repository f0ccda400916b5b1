import { basename, relative } from "node:path";
import {
  instructionsPath,
  lessonsPath,
  type MemoHeader,
  MeshError,
  parseLessons,
  platformPath,
  statePath,
} from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { listMemos } from "@memomesh/mailbox";
import { type JournalEvent, journalFile, readJournal, runbookProgress } from "@memomesh/runbooks";
import { boxes } from "../box.ts";
import { textOf } from "../create.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { runbookPaths } from "../runbook-files.ts";
import { readSpending } from "../spending.ts";
import type { Facts, MemoFact, NodeFact, RunFact } from "./facts.ts";

/** Reads what a report is made of from the files of a mesh. What cannot be read is left out. */
export async function readFacts(mesh: Mesh): Promise<Facts> {
  const memos: MemoFact[] = [];
  const answered = new Map<string, number>();
  const runs: RunFact[] = [];
  const nodes: NodeFact[] = [];
  for (const node of mesh.nodes.values()) {
    for (const box of boxes) {
      for (const listed of listMemos(node, box)) {
        if (!("header" in listed)) continue;
        const { re, date } = listed.header;
        const written = timeOf(date);
        if (re !== undefined && written !== undefined) answered.set(re, Math.min(written, answered.get(re) ?? written));
        if (box === "incoming" || box === "archived") {
          const fact = await memoFact(node, listed.header, box === "archived" ? listed.path : undefined);
          if (fact !== undefined) memos.push(fact);
        }
      }
    }
    for (const path of await runbookPaths(node)) {
      const fact = await runFact(node, path);
      if (fact !== undefined) runs.push(fact);
    }
    nodes.push(await nodeFact(node));
  }
  return { mesh: mesh.config.name, memos, answered, runs, nodes, spending: await readSpending(mesh.root) };
}

async function memoFact(
  node: MeshNode,
  header: MemoHeader,
  archived: string | undefined,
): Promise<MemoFact | undefined> {
  const { id, type, delivered, date } = header;
  const received = timeOf(delivered) ?? timeOf(date);
  if (id === undefined || received === undefined) return undefined;
  const done = archived === undefined ? undefined : completedAt((await textOf(archived)) ?? "");
  return { id, node: node.id, type, received, done, archived: archived !== undefined };
}

/** The time behind the last `**By:**` of a memo's completion. */
function completedAt(source: string): number | undefined {
  const found = [...source.matchAll(/^\*\*By:\*\* .*, (\d{4}-\d{2}-\d{2}T[\d:.]+Z)\s*$/gm)].at(-1);
  return timeOf(found?.[1]);
}

async function runFact(node: MeshNode, path: string): Promise<RunFact | undefined> {
  try {
    const runbook = parseRunbook((await textOf(path)) ?? "", basename(path));
    const { events } = await readJournal(journalFile(path));
    const { memo, gate } = runbook;
    const created = timeOf(runbook.created) ?? 0;
    return {
      node: node.id,
      memo,
      gate,
      created,
      state: runbookProgress(events, runbook).state,
      ended: endOf(events),
    };
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}

function endOf(events: readonly JournalEvent[]): number | undefined {
  const done = events.findLast(({ type }) => type === "finished" || type === "by-hand" || type === "skipped");
  return timeOf(done?.at);
}

async function nodeFact(node: MeshNode): Promise<NodeFact> {
  const source = (await textOf(lessonsPath(node.folder))) ?? "";
  const lessons = parseLessons(source, "");
  // The operator is a person: nobody has to be told what they are to know.
  const wanted = node.operator ? [] : [instructionsPath, statePath, platformPath].map((path) => path(node.folder));
  const texts = await Promise.all(
    wanted.map(async (path) => ({ path: relative(node.folder, path), text: await textOf(path) })),
  );
  const isWritten = ({ text }: { text: string | undefined }) => text !== undefined && /^[^#\s-]/m.test(text);
  return {
    node: node.id,
    lessons: lessons.length,
    recurrences: lessons.reduce((sum, { seen = 1 }) => sum + seen - 1, 0),
    documented: texts.filter(isWritten).map(({ path }) => path),
    missing: texts.filter((each) => !isWritten(each)).map(({ path }) => path),
  };
}

function timeOf(said: string | undefined): number | undefined {
  const time = Date.parse(said ?? "");
  return Number.isNaN(time) ? undefined : time;
}
