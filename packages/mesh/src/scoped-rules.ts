import { lstat, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { type Lesson, lessonsPath, parseLessons, printLesson, sha256 } from "@memomesh/core";
import { safeText } from "@memomesh/guard";
import { writeDurably } from "@memomesh/mailbox";
import { globChoices } from "@memomesh/quality";
import { textOf } from "./create.ts";
import type { InstructionFile } from "./instructions.ts";

/** Lessons for the same files, as instructions that a vendor's program reads when it works on one of them. */
export interface ScopedRule {
  /** Without choices in braces: programs split lists of globs at commas. */
  readonly globs: readonly string[];
  readonly text: string;
}

/** A vendor's own form. Codex and Gemini CLI have none: they read one file a folder, and lessons are no folder's. */
interface Form {
  readonly folder: string;
  readonly suffix: string;
  head(globs: readonly string[], about: string): readonly string[];
}

const forms: readonly Form[] = [
  {
    // https://code.claude.com/docs/en/memory, "Organize rules"
    folder: join(".claude", "rules"),
    suffix: ".md",
    head: (globs) => ["paths:", ...globs.map((glob) => `  - ${JSON.stringify(glob)}`)],
  },
  {
    // https://docs.github.com/en/copilot, "Path-specific custom instructions"
    folder: join(".github", "instructions"),
    suffix: ".instructions.md",
    head: (globs) => [`applyTo: ${JSON.stringify(globs.join(","))}`],
  },
  {
    // https://cursor.com/docs/rules: the globs stand without quotes
    folder: join(".cursor", "rules"),
    suffix: ".mdc",
    head: (globs, about) => [
      `description: ${JSON.stringify(about)}`,
      `globs: ${globs.join(",")}`,
      "alwaysApply: false",
    ],
  },
];

/** What makes a file ours. One without it is never changed and never removed. */
const mark = "<!-- written by `memomesh instructions sync` from docs/ai-lessons.md; edits are lost -->";
const ownName = /^memomesh-[a-z0-9-]+\./;

/** Longer lists of globs apply to everything, which needs no rule. */
const mostGlobs = 30;
/** What has another meaning in some vendor's front matter is not written there. */
const plainGlob = /^[\w.*?/@+-]{1,200}$/;

/**
 * The lessons of a node and those that all nodes share, put together by what they apply to. A lesson that says nothing
 * about files is no rule for some of them; sessions find it by its words. Pure.
 */
export function scopedRules(lessons: readonly Lesson[]): readonly ScopedRule[] {
  const byTitle = new Map(lessons.map((lesson) => [lesson.title, lesson]));
  const scoped = [...byTitle.values()].flatMap((lesson) => {
    const globs = [...new Set(lesson.appliesTo.flatMap((glob) => globChoices(glob) ?? []))].sort();
    const usable = globs.length > 0 && globs.length <= mostGlobs && globs.every((glob) => plainGlob.test(glob));
    return usable ? [{ lesson, globs }] : [];
  });
  return [...Map.groupBy(scoped, ({ globs }) => globs.join(",")).values()].map((group) => ({
    globs: group[0]?.globs ?? [],
    text: group.map(({ lesson }) => ruleText(lesson)).join("\n\n"),
  }));
}

/** A lesson came from an agent's words: it is shown as text, and imports nothing (`@file` does in some programs). */
function ruleText(lesson: Lesson): string {
  return safeText(printLesson({ ...lesson, appliesTo: [] }), { newlines: true }).replace(/(?<!\w)@/g, "(at) ");
}

/** The rules that belong into a node's folder. */
export async function readScopedRules(root: string, folder: string): Promise<readonly ScopedRule[]> {
  const paths = [...new Set([root, folder].map(lessonsPath))];
  const read = await Promise.all(paths.map(async (path) => parseLessons((await textOf(path)) ?? "", path)));
  return scopedRules(read.flat());
}

/**
 * Brings the path-scoped rules of Claude Code, GitHub Copilot and Cursor into step with the lessons. Files that nothing
 * asks for any more are removed; those without our mark are left alone, and said.
 *
 * @param root of the mesh, whose lessons all nodes share; absolute
 * @param options.check says what differs and writes nothing
 */
export async function syncScopedRules(
  root: string,
  folder: string,
  options: { check?: boolean } = {},
): Promise<InstructionFile[]> {
  const rules = await readScopedRules(root, folder);
  const results: InstructionFile[] = [];
  for (const form of forms) {
    const wanted = new Map(rules.map((rule) => [`${nameOf(rule)}${form.suffix}`, print(rule, form)]));
    results.push(...(await syncForm(folder, form, wanted, options.check === true)));
  }
  return results;
}

function nameOf({ globs }: ScopedRule): string {
  const words = globs
    .join("-")
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ["all"];
  return `memomesh-${words.join("-").slice(0, 40).replace(/-$/, "")}-${sha256(globs.join(",")).slice(-6)}`;
}

function print({ globs, text }: ScopedRule, { head }: Form): string {
  const about = `Lessons for ${globs.join(", ")}`;
  return `---\n${head(globs, about).join("\n")}\n---\n${mark}\n\n# ${about}\n\n${text}\n`;
}

async function syncForm(
  folder: string,
  form: Form,
  wanted: ReadonlyMap<string, string>,
  check: boolean,
): Promise<InstructionFile[]> {
  const place = join(folder, form.folder);
  const names = new Set([...wanted.keys(), ...(await ownFiles(place))]);
  if (names.size === 0) return [];
  if (!check && wanted.size > 0) await mkdir(place, { recursive: true });
  if (!(await liesInside(place, folder))) {
    return [outOfStep(form.folder, "leads out of the node's folder; nothing was written there")];
  }
  const results: InstructionFile[] = [];
  for (const name of [...names].sort())
    results.push(await syncFile(folder, join(form.folder, name), wanted.get(name), check));
  return results;
}

async function syncFile(
  folder: string,
  file: string,
  wanted: string | undefined,
  check: boolean,
): Promise<InstructionFile> {
  const path = join(folder, file);
  const isFile = (await lstat(path).catch(() => undefined))?.isFile() ?? true;
  const there = isFile ? await textOf(path) : undefined;
  if (!isFile || (there !== undefined && !there.split(/\r?\n/).includes(mark))) {
    return outOfStep(file, "was not written by `memomesh instructions sync`; it was left alone");
  }
  if (there === wanted) return { file, state: "in step", difference: "" };
  const difference =
    wanted === undefined
      ? "belongs to no lesson any more"
      : there === undefined
        ? "is missing"
        : "is not what the lessons say now";
  if (check) return outOfStep(file, difference);
  if (wanted === undefined) await rm(path);
  else await writeDurably(path, wanted);
  return { file, state: wanted === undefined ? "removed" : "written", difference };
}

function outOfStep(file: string, difference: string): InstructionFile {
  return { file, state: "out of step", difference };
}

/** The files that bear our names and our mark. */
async function ownFiles(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  const named = entries.filter((entry) => entry.isFile() && ownName.test(entry.name));
  const marked = await Promise.all(
    named.map(async ({ name }) => ((await textOf(join(place, name))) ?? "").split(/\r?\n/).includes(mark)),
  );
  return named.filter((_, index) => marked[index]).map(({ name }) => basename(name));
}

/** A folder that is a link could lead anywhere. One that is not there leads nowhere. */
async function liesInside(place: string, folder: string): Promise<boolean> {
  const real = await realpath(place).catch(() => undefined);
  return real === undefined || real.startsWith(`${await realpath(folder)}${sep}`);
}
