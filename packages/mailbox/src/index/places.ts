import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import {
  incomingFolder,
  lessonsPath,
  type NodeFolder,
  outgoingFolder,
  platformPath,
  rejectedFolder,
  runbooksFolder,
  statePath,
} from "@memomesh/core";
import { archivedMonths } from "../find.ts";
import { isMemoName } from "../name.ts";
import type { EntryKind } from "./entry.ts";

/** A folder whose files are searched. */
export interface Place {
  readonly node: string;
  /** Absolute. */
  readonly folder: string;
  /** Whether nothing in it is edited in the ordinary course of things: files only come and go. */
  readonly archive: boolean;
  /** What a file of this name is; undefined: it is not searched. */
  kindOf(name: string): EntryKind | undefined;
}

/** The folders of a mesh that hold what can be searched. One that is missing has nothing in it. */
export function placesOf(root: string, nodes: readonly NodeFolder[]): Place[] {
  return [...nodes.flatMap(nodePlaces), ...inventoryPlaces(root)];
}

function nodePlaces(node: NodeFolder): Place[] {
  const { id, folder } = node;
  const place = (path: string, kindOf: Place["kindOf"], archive = false): Place => ({
    node: id,
    folder: path,
    archive,
    kindOf,
  });
  return [
    ...[incomingFolder, outgoingFolder, rejectedFolder].map((box) => place(box(folder), memoKind)),
    ...archivedMonths(node).map((month) => place(month.folder, memoKind, true)),
    place(runbooksFolder(folder), runbookKind),
    place(join(folder, "docs", "plans"), planKind),
    place(folder, named({ [basename(statePath(folder))]: "state" })),
    place(
      join(folder, "docs"),
      named({ [basename(lessonsPath(folder))]: "lesson", [basename(platformPath(folder))]: "reference" }),
    ),
    place(join(folder, "docs", "progress"), markdown("state")),
    place(join(folder, "docs", "lessons"), markdown("lesson")),
  ];
}

/** `inventories/<name>/`: the stages of a platform, and how far each is. */
function inventoryPlaces(root: string): Place[] {
  const all = join(root, "inventories");
  return foldersIn(all).flatMap((name) => {
    const folder = join(all, name);
    const place = { node: "operator", archive: false };
    return [
      { ...place, folder, kindOf: named({ "stages.yml": "stages" }) },
      { ...place, folder: join(folder, "state"), kindOf: markdown("stages") },
    ];
  });
}

function foldersIn(folder: string): string[] {
  try {
    const found = readdirSync(folder, { withFileTypes: true });
    return found.filter((each) => each.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

function memoKind(name: string): EntryKind | undefined {
  return name.endsWith(".md") && isMemoName(name) && !name.endsWith(".reason.md") ? "memo" : undefined;
}

function runbookKind(name: string): EntryKind | undefined {
  if (name.startsWith(".")) return undefined;
  if (/\.plan\.(?:md|json)$/.test(name)) return "plan";
  if (!name.endsWith(".md")) return undefined;
  if (name.endsWith(".record.md")) return "record";
  return name.endsWith(".review.md") ? "opinion" : "runbook";
}

function planKind(name: string): EntryKind | undefined {
  return /^[^.].*\.(?:md|json|ya?ml)$/.test(name) ? "plan" : undefined;
}

function markdown(kind: EntryKind): Place["kindOf"] {
  return (name) => (/^[^.].*\.md$/.test(name) ? kind : undefined);
}

function named(kinds: Readonly<Record<string, EntryKind>>): Place["kindOf"] {
  return (name) => (Object.hasOwn(kinds, name) ? kinds[name] : undefined);
}
