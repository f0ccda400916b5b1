import { idSuffix } from "@memomesh/core";
import { loadMesh } from "@memomesh/mesh";
import { proposalMemos } from "@memomesh/mesh/proposals";
import type { CommandModule } from "../commands.ts";
import { withExamples } from "../help.ts";
import { shownTime } from "../here.ts";
import { paint, table, text } from "../text.ts";

export const define: CommandModule["define"] = (command, { output }) => {
  withExamples(command, [["memomesh proposal list", "what waits for your decision"]]).action(async () => {
    const headers = (await proposalMemos(await loadMesh(process.cwd()))).map(({ memo }) => memo.header);
    output.data({
      proposals: headers.map(({ id, from, date, subject, proposal }) => ({
        id,
        node: from,
        date,
        subject,
        digest: proposal,
      })),
    });
    const rows = headers.map(({ id = "", from = "", date = "", subject }) => [
      paint("bold", idSuffix(id)),
      from,
      subject,
      paint("dim", shownTime(date)),
    ]);
    for (const line of table(rows)) output.line(line);
    if (rows.length === 0) output.note(text`No proposal waits for you.`);
  });
};
