import { type HookEntries, isMeshHook } from "./hook-entries.ts";

/** A vendor's settings as JSON; whatever is not the mesh's is kept as it is. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * Settings with these hooks of the mesh and no others of it.
 *
 * @returns undefined when the settings have something else where hooks stand
 */
export function withHooks(settings: Settings, entries: HookEntries): Settings | undefined {
  const others = withoutHooks(settings);
  if (others === undefined) return undefined;
  const hooks: Record<string, unknown> = { ...(others.hooks as Settings | undefined) };
  // Before all others: what is denied need not be looked at any more.
  for (const [event, entry] of Object.entries(entries))
    hooks[event] = [entry, ...((hooks[event] as unknown[] | undefined) ?? [])];
  return { ...others, hooks };
}

/** Settings without any hook of the mesh. @returns undefined as {@link withHooks} */
export function withoutHooks(settings: Settings): Settings | undefined {
  const { hooks, ...rest } = settings;
  if (hooks === undefined) return settings;
  if (!isSettings(hooks)) return undefined;
  const kept: Record<string, unknown> = {};
  let found = false;
  for (const [event, list] of Object.entries(hooks)) {
    if (!Array.isArray(list)) kept[event] = list;
    else {
      const others = list.flatMap(withoutOurs);
      found ||= others.length < list.length || others.some((each, index) => each !== list[index]);
      if (others.length > 0 || list.length === 0) kept[event] = others;
    }
  }
  if (!found) return settings;
  return Object.keys(kept).length === 0 ? rest : { ...settings, hooks: kept };
}

/** The commands of the mesh's hooks for an event, with their place in the file. */
export function meshHooks(
  settings: Settings,
  event: string,
): readonly { command: string; group: number; index: number }[] {
  const list = isSettings(settings.hooks) ? settings.hooks[event] : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry, group) =>
    hooksOf(entry).flatMap((hook, index) =>
      isMeshHook(hook) ? [{ command: (hook as { command: string }).command, group, index }] : [],
    ),
  );
}

function withoutOurs(entry: unknown): readonly unknown[] {
  const hooks = hooksOf(entry);
  const others = hooks.filter((hook) => !isMeshHook(hook));
  if (others.length === hooks.length) return [entry];
  return others.length === 0 ? [] : [{ ...(entry as Settings), hooks: others }];
}

function hooksOf(entry: unknown): readonly unknown[] {
  return isSettings(entry) && Array.isArray(entry.hooks) ? entry.hooks : [];
}

export function isSettings(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
