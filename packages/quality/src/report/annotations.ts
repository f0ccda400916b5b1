import { checks } from "../checks.ts";
import { findingsOf, type GateResult } from "../score.ts";
import { levelOf } from "./sarif.ts";

/**
 * A result as lines that GitHub's runner turns into annotations of a pull request.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations(result: GateResult): readonly string[] {
  return findingsOf(result).map((finding) => {
    const { file, line, text, fix, check } = finding;
    const level = levelOf(finding) === "note" ? "notice" : levelOf(finding);
    const title = checks.find(({ id }) => id === check)?.title ?? check;
    const properties = [
      `file=${property(file)}`,
      ...(line === undefined ? [] : [`line=${line}`]),
      `title=${property(`memomesh gate: ${title}`)}`,
    ];
    return `::${level} ${properties.join(",")}::${data(fix === undefined ? text : `${text}. To mend it: ${fix}`)}`;
  });
}

/** Without this a file's name could begin another command. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
