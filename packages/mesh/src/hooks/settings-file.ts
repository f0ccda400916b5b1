import { lstat, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MeshError } from "@memomesh/core";
import { isSettings, type Settings } from "@memomesh/guard";
import { writeDurably } from "@memomesh/mailbox";

/** A vendor's settings file in a project. */
export interface SettingsFile {
  /** Undefined when there is no file. */
  readonly source: string | undefined;
  readonly settings: Settings;
}

/**
 * @param folder the project's, absolute
 * @param file relative to it; its name in errors
 * @throws MeshError `hook.settings` when it cannot be read exactly: what is not understood is not written over
 */
export async function readSettings(folder: string, file: string): Promise<SettingsFile> {
  for (const part of [dirname(file), file]) {
    const found = await lstat(join(folder, part)).catch(() => undefined);
    if (found?.isSymbolicLink())
      throw unusable(file, `${part} is a symbolic link, and where it leads is not looked at`);
    if (part === file && found === undefined) return { source: undefined, settings: {} };
  }
  const source = await readFile(join(folder, file), "utf8");
  if (source.trim() === "") return { source, settings: {} };
  const settings = parsed(source);
  if (isSettings(settings)) return { source, settings };
  const comments = /(?:^|[\s,{[])\/\/|\/\*|,\s*[}\]]/m.test(source);
  throw unusable(
    file,
    comments ? "it is JSON with comments or with commas at the end, which would be lost" : "it is no JSON object",
  );
}

/** Writes settings in the way in which the file was written before. */
export async function writeSettings(
  folder: string,
  file: string,
  before: string | undefined,
  settings: Settings,
): Promise<void> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeDurably(path, printSettings(before, settings));
}

function printSettings(before: string | undefined, settings: Settings): string {
  const [, unit = "  "] = /\n(\t| {1,8})(?=\S)/.exec(before ?? "") ?? [];
  const end = before === undefined || before.endsWith("\n") ? "\n" : "";
  return JSON.stringify(settings, null, unit) + end;
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

export function unusable(file: string, why: string): MeshError {
  return new MeshError("hook.settings", `${why}; nothing was written. Mend it, or add the hooks by hand`, {
    place: { file },
  });
}
