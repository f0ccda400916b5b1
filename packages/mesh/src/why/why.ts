import { lstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { Exit, MeshError } from "@memomesh/core";
import { isRunbookName, journalFile } from "@memomesh/runbooks";
import { findMemoEntry } from "../box.ts";
import { type Mesh, type MeshNode, nodeAt } from "../load.ts";
import { findRunbook, type RunbookFile } from "../runbook-files.ts";
import { findStage, readStageLists, statePathOf } from "../stages/inventory.ts";
import { archivedAbout } from "./archive.ts";
import { readLessons, toldLesson } from "./lessons.ts";
import { findPort, portIn } from "./port.ts";
import { subjectsIn } from "./question.ts";
import { type Block, findService } from "./service.ts";
import type { Story } from "./story.ts";
import { type Clues, type Ground, shownPath, tellStory } from "./tell.ts";

/**
 * Tells why something is as it is.
 *
 * @param reference what a person types: a path with or without `:line`, a service, a port, a runbook with or without
 * `#step`, a memo, a stage, words of a lesson's title, or a question in which one of these stands
 * @param from the current folder
 * @param only the node whose files and memos are looked at; all of them when absent
 * @throws MeshError `why.unknown` when nothing is called that, `why.ambiguous` naming all that is
 */
export async function why(mesh: Mesh, reference: string, from: string, only?: MeshNode): Promise<Story> {
  for (const subject of [reference, ...subjectsIn(reference)]) {
    const all = await cluesFor(mesh, subject, from);
    const [first, second, ...others] = only === undefined ? all : all.flatMap((each) => cluesWithin(each, only, mesh));
    if (second !== undefined && first !== undefined) throw ambiguous(mesh, subject, [first, second, ...others]);
    if (first === undefined) continue;
    const story = await tellStory(mesh, first);
    return only === undefined ? story : storyWithin(story, only);
  }
  throw unknown(reference);
}

/** What of some clues lies in a node; [] when nothing does. */
function cluesWithin(clues: Clues, node: MeshNode, mesh: Mesh): Clues[] {
  const grounds = clues.grounds.filter(({ path }) => nodeAt(mesh, path).id === node.id);
  const nothing = grounds.length === 0 && (clues.grounds.length > 0 || (clues.memos ?? []).length === 0);
  return nothing ? [] : [{ ...clues, grounds }];
}

function storyWithin(story: Story, { id }: MeshNode): Story {
  return {
    ...story,
    memos: story.memos.filter(({ node }) => node === id),
    decisions: story.decisions.filter(({ node }) => node === "" || node === id),
    runbooks: story.runbooks.filter(({ node }) => node === id),
  };
}

async function cluesFor(mesh: Mesh, reference: string, from: string): Promise<Clues[]> {
  const port = portIn(reference);
  return [
    ...(await fileClues(mesh, reference, from)),
    ...(await runbookClues(mesh, reference, from)),
    ...(port === undefined ? [] : await portClues(mesh, port)),
    ...(await memoClues(mesh, reference)),
    ...(await stageClues(mesh, reference)),
    ...(await serviceClues(mesh, reference)),
    ...(await lessonClues(mesh, reference)),
  ];
}

async function fileClues(mesh: Mesh, reference: string, from: string): Promise<Clues[]> {
  const [, named = reference, number] = /^(.+?):(\d{1,7})$/.exec(reference) ?? [];
  for (const [name, line] of [[reference, undefined] as const, [named, Number(number)] as const]) {
    if (line !== undefined && number === undefined) continue;
    const path = existing(mesh, name, from);
    if (path !== undefined) return [await partOfFile(mesh, path, line)];
  }
  return [];
}

/** A plain file that a person means: from the current folder, its node's or the mesh's; `<node>:<path>` from the node's. */
function existing(mesh: Mesh, name: string, from: string): string | undefined {
  const [, node = "", inNode = ""] = /^([\w-]+):(.+)$/.exec(name) ?? [];
  const folder = mesh.nodes.get(node)?.folder;
  const candidates = [
    ...[from, nodeAt(mesh, from).folder, mesh.root].map((each) => resolve(each, name)),
    ...(folder === undefined ? [] : [join(folder, inNode)]),
  ];
  return candidates.find((path) => isInMesh(mesh, path) && lstatSync(path, { throwIfNoEntry: false })?.isFile());
}

function isInMesh(mesh: Mesh, path: string): boolean {
  return [...mesh.nodes.values()].some(({ folder }) => !relative(folder, path).startsWith(".."));
}

async function partOfFile(mesh: Mesh, path: string, line: number | undefined): Promise<Clues> {
  const node = nodeAt(mesh, path);
  const place = shownPath(mesh, path);
  const runbook = join(node.folder, "runbooks") === join(path, "..") && isRunbookName(basename(path));
  if (line === undefined) {
    if (runbook) return wholeRunbook(mesh, { node, path });
    return { kind: "file", about: place, grounds: [{ path }], names: [basename(path)] };
  }
  const lines = (await readFile(path, "utf8")).split(/\r?\n/);
  const text = lines[line - 1];
  if (text === undefined) {
    throw new MeshError("why.line", `${place} has ${lines.length} lines; there is no line ${line}`, {
      exit: Exit.usage,
    });
  }
  const ground: Ground = { path, lines: { from: line, to: line }, text };
  const runbooks = runbook ? [{ node, path }] : [];
  const step = runbook ? lines.slice(0, line).findLast((each) => /^## +step +\d/i.test(each)) : undefined;
  const number = Number(/\d+/.exec(step ?? "")?.[0] ?? Number.NaN);
  return {
    kind: "lines",
    about: `${place}:${line}`,
    grounds: [ground],
    names: [basename(path)],
    runbooks,
    ...(Number.isNaN(number) ? {} : { step: number }),
  };
}

async function runbookClues(mesh: Mesh, reference: string, from: string): Promise<Clues[]> {
  const [, name = reference, number] = /^(.+)#(\d{1,4})$/.exec(reference) ?? [];
  const file = await unlessUnknown(findRunbook(mesh, name, from));
  // A path was found as a file already.
  if (file === undefined || (number === undefined && existing(mesh, name, from) !== undefined)) return [];
  const whole = wholeRunbook(mesh, file);
  if (number === undefined) return [whole];
  const about = `step ${number} of ${whole.about}`;
  return [{ ...whole, kind: "step", about, step: Number(number) }];
}

function wholeRunbook(mesh: Mesh, file: RunbookFile): Clues {
  const { path } = file;
  const journal = journalFile(path);
  const recorded = lstatSync(journal, { throwIfNoEntry: false }) === undefined ? [] : [{ path: journal }];
  return {
    kind: "runbook",
    about: shownPath(mesh, path),
    grounds: [{ path }, ...recorded],
    names: [],
    runbooks: [file],
  };
}

async function portClues(mesh: Mesh, port: string): Promise<Clues[]> {
  const blocks = await findPort(mesh, port);
  const memos = await archivedAbout(mesh, port);
  if (blocks.length + memos.length === 0) return [];
  const files = new Set(blocks.map(({ file }) => basename(file.path)));
  const notes = blocks.length > 0 ? [] : [`No file of a node names port ${port} now; these memos of the archive do.`];
  return [
    { kind: "port", about: `port ${port}`, grounds: blocks.map(groundOf), names: [port, ...files], memos, notes },
  ];
}

async function memoClues(mesh: Mesh, reference: string): Promise<Clues[]> {
  if (!/^[0-9A-Za-z]{5,26}$/.test(reference)) return [];
  const entry = await unlessUnknown(findMemoEntry([...mesh.nodes.values()], reference));
  const id = entry?.header?.id;
  if (entry === undefined || id === undefined || entry.header?.runbook?.includes(reference.toLowerCase())) return [];
  return [{ kind: "memo", about: entry.header?.subject ?? id, grounds: [], names: [], memos: [id] }];
}

async function stageClues(mesh: Mesh, reference: string): Promise<Clues[]> {
  const lists = await unlessUnknown(readStageLists(mesh));
  const found = await unlessUnknown(Promise.resolve().then(() => findStage(lists ?? [], reference)));
  if (found === undefined) return [];
  const { list, stage, record } = found;
  const { state, gate, runbook, memos, plan, waiver } = record;
  const after = list.stages.filter(({ line }) => line > stage.line).map(({ line }) => line - 1);
  const declared = { path: list.path, lines: { from: stage.line, to: Math.min(...after, stage.line) } };
  const kept = [statePathOf(list, stage.id), ...(plan === undefined ? [] : [join(mesh.root, plan)])];
  const grounds = kept.filter((path) => lstatSync(path, { throwIfNoEntry: false })).map((path) => ({ path }));
  const path = runbook === undefined ? [] : [join(mesh.root, runbook)];
  return [
    {
      kind: "stage",
      about: `stage ${stage.id}, ${stage.name}`,
      grounds: [declared, ...grounds],
      names: [],
      memos,
      gate,
      runbooks: path.map((each) => ({ node: nodeAt(mesh, each), path: each })),
      notes: [
        `It is ${state}${gate === undefined ? "" : `, with ${gate} points at the gate`}. Its purpose: ${stage.purpose}`,
        ...(waiver === undefined ? [] : [`${waiver.by} let it through without a run: ${waiver.why}`]),
      ],
    },
  ];
}

async function serviceClues(mesh: Mesh, name: string): Promise<Clues[]> {
  return (await findService(mesh, name)).map((block) => ({
    kind: "service",
    about: `service ${name}`,
    grounds: [groundOf(block)],
    names: [name, basename(block.file.path)],
  }));
}

async function lessonClues(mesh: Mesh, reference: string): Promise<Clues[]> {
  const wanted = reference.toLowerCase().trim();
  if (wanted.length < 4) return [];
  const all = await readLessons(mesh, mesh.nodes.values());
  const exact = all.filter(({ lesson }) => lesson.title.toLowerCase() === wanted);
  const found = exact.length > 0 ? exact : all.filter(({ lesson }) => lesson.title.toLowerCase().includes(wanted));
  return found.map(({ path, lesson, end }) => ({
    kind: "lesson",
    about: `lesson "${lesson.title}"`,
    grounds: [{ path, lines: { from: lesson.line, to: end } }],
    names: [],
    lessons: [toldLesson(lesson)],
  }));
}

function groundOf({ file, from, to }: Block): Ground {
  return { path: file.path, lines: { from, to }, text: file.lines[from - 1] ?? "" };
}

/** That nothing is called so in one place says nothing about the others; that several are, and that a file is broken, do. */
async function unlessUnknown<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof MeshError && /\.(?:unknown|unknown-id|reference|none|line)$/.test(error.code))
      return undefined;
    throw error;
  }
}

function ambiguous(mesh: Mesh, reference: string, all: readonly Clues[]): MeshError {
  const names = all.map(({ kind, about, grounds: [ground] }) => {
    const line = ground?.lines === undefined ? "" : `:${ground.lines.from}`;
    return ground === undefined ? `${kind} "${about}"` : `${kind} ${shownPath(mesh, ground.path)}${line}`;
  });
  const sentence = `"${reference}" is the name of ${all.length} things: ${names.join(", ")}; ask about one of these places`;
  return new MeshError("why.ambiguous", sentence, { exit: Exit.usage });
}

function unknown(reference: string): MeshError {
  const sentence = `no file, service, port, runbook, memo, stage or lesson is called "${reference}"; \`memomesh search\` finds it by words`;
  return new MeshError("why.unknown", sentence, { exit: Exit.usage });
}
