import type { ActionItem } from "@memomesh/core";

const prepared =
  /^(?:prepare|plan|draft)\b.*\b(?:deployment|deploy|release|roll-?out|roll-?back|runbook|steps|configuration|config|migrations?)\b/i;
const written = /^(?:write|create|make)\b.*\b(?:runbook|configuration|config|compose file|caddyfile|site block)\b/i;

/**
 * The open action items that are done when files and a runbook are prepared, by their index.
 *
 * "Prepare the staging deployment" is done then; "Keep the previous release" is done by a step of the runbook, after a
 * person has approved it, and "Prepare the production deployment" is another deployment.
 *
 * @param target the one that the runbook is for
 * @param targets names of all targets of the mesh
 */
export function itemsDoneByPreparing(
  items: readonly ActionItem[],
  target: string,
  targets: readonly string[],
): readonly number[] {
  const others = targets.filter((name) => name !== target);
  const done = items.filter(({ text, done }) => {
    const words: readonly string[] = text.toLowerCase().match(/[a-z0-9-]+/g) ?? [];
    return !done && (prepared.test(text) || written.test(text)) && !others.some((name) => words.includes(name));
  });
  return done.map(({ index }) => index);
}
