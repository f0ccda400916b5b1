// The deployment memo on which the models and programs of all vendors work, and what each of them does about it.
import { deployment } from "../session.ts";

/** A use of a tool of the session: its name and its arguments. */
export type SessionCall = readonly [name: string, input: object];

export const actionItems = "## Action items\n- [ ] Prepare the staging deployment\n- [ ] Keep the previous release\n";

export const facts = "app: shop\nversion: 1.4.2\ntarget: staging\nartifact: { kind: static, path: site/dist }";

export const source = deployment(facts, { more: actionItems });

/** Files of the mesh that the memo is about, by their paths from its root. */
export const files: Readonly<Record<string, string>> = {
  "projects/developer/site/dist/index.html": "<p>1.4.2</p>\n",
  "projects/sysadmin/docs/box.md": "The box serves shop/current.\n",
};

const book = {
  ...{
    title: "Deploy shop 1.4.2 to staging",
    target: "staging",
    what: "Puts version 1.4.2 of the shop in place, beside the previous release.",
    unknown: ["The port."],
  },
  rollback: "Point the link back.",
  steps: [
    { title: "Look", risk: "low", explanation: "Changes nothing.", run: "df -Pk ." },
    {
      ...{
        title: "Copy",
        risk: "low",
        explanation: "Copies it beside the previous release, which is kept.",
        run: 'cp -R "$MESH/projects/developer/site/dist" shop-1.4.2',
      },
      needs: { steps: [1], files: ["projects/developer/site/dist"] },
      ...{ check: "test -d shop-1.4.2", undo: "rm -r shop-1.4.2" },
    },
  ],
};

/** The runbook, the mail and STATE.md, and the end of the session. */
export const writesRunbook: SessionCall = ["write_runbook", book];
export const tells: readonly SessionCall[] = [
  ["send_memo", { to: ["developer"], subject: "Prepared", type: "notice", body: "It waits for a person." }],
  ["update_state", { progress: ["prepared shop 1.4.2"], handover: "The runbook waits." }],
];
export const finishes: SessionCall = ["finish", { notes: "Prepared the runbook.", done: [0], unknown: ["The port."] }];
