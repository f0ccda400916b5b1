import type { SessionJournal } from "@memomesh/agents";
import type { Mesh } from "./load.ts";
import type { JournalSubject } from "./session-journal.ts";
import { recordSpending } from "./spending.ts";

/** A journal that also keeps the account book. */
export function paidJournal(mesh: Mesh, journal: SessionJournal, agent: string, about: JournalSubject): SessionJournal {
  return {
    earlier: journal.earlier,
    write: async (entry) => {
      if (entry.kind === "spent") {
        const { cost = null, ...spending } = entry.spending;
        await recordSpending(mesh.root, { at: new Date().toISOString(), ...about, agent, ...spending, cost });
      }
      await journal.write(entry);
    },
  };
}
