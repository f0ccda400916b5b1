import { idSuffix } from "@memomesh/core";
import type { WaitingProposal } from "@memomesh/mesh/proposals";
import { differenceLines } from "./difference-lines.ts";
import { shown } from "./here.ts";
import { misleadingLines } from "./misleading-lines.ts";
import { paint, type Text, text } from "./text.ts";

/** A proposal for a person: each file as a difference, with what misleads below it. */
export function proposalLines({ id, node, agent, digest, memo, files }: WaitingProposal): Text[] {
  const who = memo.memo.header.origin === "outside" ? `${node.id}, after words from outside` : node.id;
  return [
    text`${paint("bold", idSuffix(id))}  ${memo.memo.header.subject}`,
    paint("dim", text`       ${who}, by ${agent}; ${digest}`),
    ...files.flatMap((file) => {
      const name = shown(file.place);
      const changed = paint("red", text`${name} was changed since this was proposed; it cannot be accepted`);
      const misleading = file.misleading.map(({ line, kind, reason }) => ({ where: name, line, kind, reason }));
      return [
        text``,
        ...(file.executable ? [paint("yellow", text`${name} may be run as a program then`)] : []),
        ...(file.standing === "changed" ? [changed] : []),
        ...differenceLines(name, file.now, file.after ?? undefined),
        ...misleadingLines(misleading),
      ];
    }),
  ];
}

export function proposalData({ id, node, agent, digest, memo, files }: WaitingProposal): object {
  const { subject, date, origin } = memo.memo.header;
  const told = files.map(({ path, before, after, now, standing, executable, misleading }) => {
    return { path, standing, before, after, now: now ?? null, executable: executable ?? false, misleading };
  });
  return { id, node: node.id, agent, subject, date, ...(origin && { origin }), digest, files: told };
}
