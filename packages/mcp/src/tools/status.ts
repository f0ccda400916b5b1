import { maySend } from "@memomesh/guard";
import { readDecisions, readStatus } from "@memomesh/mesh";
import * as z from "zod";
import type { Caller } from "../caller.ts";
import { shortly } from "../told.ts";
import { tool } from "../tool.ts";

export const status = tool({
  name: "status",
  title: "How things stand",
  says: "Tells how this node stands: what waits in it and for whom, to which nodes it may write, what it may read of others, whether anybody routes memos now, and what happened last.",
  effect: "reads",
  input: {},
  output: {
    mesh: z.string(),
    node: z.string(),
    role: z.string(),
    routed: z.boolean().describe("whether memos are delivered the moment they are sent"),
    waits: z.int().describe("memos to be worked on"),
    asked: z.int().describe("memos that wait for an answer"),
    prepared: z.int().describe("memos that wait for a person's review"),
    failed: z.int(),
    outgoing: z.int().describe("not delivered yet"),
    rejected: z.int(),
    maySend: z.array(z.string()),
    mayRead: z.array(z.string()).describe("grants: node/pattern"),
    targets: z.array(z.string()).describe("where steps of a runbook can run"),
    forPerson: z.array(z.string()).describe("what only a person can move on, with the command for it"),
    last: z.array(z.string()).describe("the last commits about this node"),
  },
  use: async (caller) => {
    const data = await readData(caller);
    const rows = Object.entries(data).map(([name, value]) => {
      const shown = Array.isArray(value) ? value.map((each) => `\n  - ${each}`).join("") || " nothing" : ` ${value}`;
      return `${name}:${shown}`;
    });
    return { text: rows.join("\n"), data };
  },
});

/** The node's own part only: what goes on in other mailboxes is not its business. */
async function readData({ mesh, node }: Caller) {
  const [whole, decisions] = await Promise.all([
    readStatus(mesh),
    readDecisions(mesh, { limit: 5, ...(node.operator ? {} : { node: node.id }) }),
  ]);
  const counts = whole.nodes.find(({ id }) => id === node.id);
  const party = { id: node.id, grants: node.config.grants };
  const others = [...mesh.nodes.keys()].filter((id) => id !== node.id);
  const waiting = whole.waiting.filter((each) => node.operator || each.node === node.id);
  return {
    mesh: mesh.config.name,
    node: node.id,
    role: node.config.role,
    routed: whole.coordinator !== undefined,
    waits: counts?.waits ?? 0,
    asked: counts?.asked ?? 0,
    prepared: counts?.prepared ?? 0,
    failed: counts?.failed ?? 0,
    outgoing: counts?.outgoing ?? 0,
    rejected: counts?.rejected ?? 0,
    maySend: others.filter((id) => maySend(party, id).allowed),
    mayRead: [...node.config.grants.read],
    targets: Object.keys(mesh.config.targets),
    forPerson: waiting.map(({ what, subject, command }) => `${what} "${shortly(subject)}": ${command}`),
    last: decisions.map(({ date, subject }) => `${date} ${shortly(subject)}`),
  };
}
