import { type Call, finding } from "../call.ts";
import type { Finding } from "../classification.ts";
import { parseOptions } from "../options.ts";
import { textOf } from "../shell/argument.ts";

/** Subcommands that print what files hold or held, of the whole repository unless they are told which. */
const printing = new Set([
  "show",
  "diff",
  "log",
  "whatchanged",
  "diff-tree",
  "diff-index",
  "diff-files",
  "range-diff",
  "shortlog",
]);

/**
 * What `git` shows of others in a repository that several projects share. Which paths are meant must stand behind `--`;
 * that they lie in the node's folder is looked at as with any argument.
 */
export function gitShows(call: Call, shared: boolean): readonly Finding[] {
  const { operands } = parseOptions(call.args, { valued: "-c -C --git-dir --work-tree --namespace", strict: true });
  const [command = "", ...rest] = operands.map((operand) => textOf(operand) ?? "");
  if (!shared) return [];
  const revisions = printing.has(command) || command === "cat-file" ? /^:|^[^-].*:(?!\.\/)/ : /^:/;
  if (rest.some((text) => revisions.test(text)))
    return [finding(call, "high", ["read"], "names a file by its place in the whole repository, which others share")];
  if (command === "cat-file")
    return [finding(call, "high", ["read"], "prints any file of a repository that others share")];
  const dashes = rest.indexOf("--");
  const named = dashes >= 0 && rest.slice(dashes + 1).some((path) => path !== "");
  return printing.has(command) && !named
    ? [
        finding(
          call,
          "high",
          ["read"],
          `shows all of a repository that others share; \`git ${command} … -- .\` shows this folder`,
        ),
      ]
    : [];
}
