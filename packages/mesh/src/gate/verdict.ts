import { sha256 } from "@memomesh/core";
import { findingsOf, type GateResult, gate, readSettings, type Subject } from "@memomesh/quality";
import type { GateVerdict } from "@memomesh/runbooks";
import type { Mesh } from "../load.ts";
import type { RunbookFile } from "../runbook-files.ts";
import { runbookSubject } from "./runbook-subject.ts";

/** Has the gate score what is there, by the settings of the mesh. */
export function judge(mesh: Mesh, subject: Subject): Promise<GateResult> {
  return gate(subject, readSettings(mesh.config.gate));
}

/**
 * Makes what scores a runbook for a review: always the bytes that are shown, with everything around them as it is then.
 * Programs of the machine take a while, so that what was looked at already is not looked at again.
 */
export function reviewJudge(mesh: Mesh, file: RunbookFile): (source: string) => Promise<GateVerdict> {
  const known = new Map<string, GateVerdict>();
  return async (source) => {
    const subject = await runbookSubject(mesh, file, { source });
    const digest = sha256(JSON.stringify(subject));
    const verdict = known.get(digest) ?? verdictOf(await judge(mesh, subject));
    known.set(digest, verdict);
    return verdict;
  };
}

/** What an approval has to know of a result. */
function verdictOf(result: GateResult): GateVerdict {
  const { score, threshold, passed } = result;
  const findings = [...findingsOf(result)]
    .sort((a, b) => Number(b.blocks ?? false) - Number(a.blocks ?? false) || b.points - a.points)
    .map(
      ({ file, line, text, blocks }) =>
        `${file}${line === undefined ? "" : `:${line}`}: ${text}${blocks ? " (blocks)" : ""}`,
    );
  return { score, threshold, passed, findings };
}
