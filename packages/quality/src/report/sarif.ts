import { checks } from "../checks.ts";
import type { Finding } from "../finding.ts";
import { findingsOf, type GateResult } from "../score.ts";

/**
 * A result as a SARIF 2.1.0 log, which code hosts show beside the lines.
 *
 * @param version of this program
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
 */
export function sarifLog(result: GateResult, version: string): object {
  const { score, threshold, passed } = result;
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "memomesh gate",
            version,
            rules: checks.map(({ id, title, about }) => ({
              id,
              name: title,
              shortDescription: { text: title },
              fullDescription: { text: about },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findingsOf(result).map(resultOf),
        properties: { score, threshold, passed },
      },
    ],
  };
}

function resultOf(finding: Finding): object {
  const { check, file, line, text, fix, points } = finding;
  return {
    ruleId: check,
    ruleIndex: checks.findIndex(({ id }) => id === check),
    level: levelOf(finding),
    message: { text: fix === undefined ? `${text}.` : `${text}. To mend it: ${fix}.` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/") },
          ...(line === undefined ? {} : { region: { startLine: line } }),
        },
      },
    ],
    properties: { points },
  };
}

/** What blocks is an error, what costs points a warning, all else a note. */
export function levelOf({ blocks, points }: Finding): "error" | "warning" | "note" {
  if (blocks) return "error";
  return points > 0 ? "warning" : "note";
}
