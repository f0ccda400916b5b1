import { isId, type Memo, type MemoHeader, MeshError } from "@memomesh/core";
import { maySend } from "@memomesh/guard";
import type { Mesh } from "./load.ts";

/** Where a memo was dropped: in whose folder, and in which box. */
export interface DropPlace {
  readonly node: string;
  readonly box: "outgoing" | "incoming";
}

/** What the mesh adds to the header of a memo on its way. */
export interface Route {
  readonly from: string;
  readonly to: readonly string[];
  readonly hops: number;
  readonly thread: string | undefined;
}

/**
 * Decides who receives a memo. Touches nothing.
 *
 * Identity is the folder: a memo in a node's `outgoing/` is from that node, whatever it says. A memo put straight into
 * an inbox is from the operator, unless the policy `drops: named` lets it name its sender.
 *
 * @param parent the header of the memo that this one answers, when the sender's mailbox holds it
 * @throws MeshError `memo.*` with the sentence that goes into `rejected/` and into the notice
 * @see docs/formats.md, "A memo"
 */
export function route(memo: Memo, drop: DropPlace, mesh: Mesh, parent?: MemoHeader): Route {
  const { header } = memo;
  const from = senderOf(memo, drop, mesh);
  const to = recipientsOf(memo, from, mesh);
  if (header.id !== undefined && !isId(header.id)) {
    throw refusal(
      memo,
      "memo.header.id",
      "id",
      `id "${header.id}" is no ULID; leave the line out and delivery gives one`,
    );
  }
  if (header.re !== undefined && !isId(header.re)) {
    throw refusal(
      memo,
      "memo.header.re",
      "re",
      `re "${header.re}" is no memo id; expected the 26 characters of the id of the memo that this one answers`,
    );
  }
  const hops = Math.max(header.hops, parent ? parent.hops + 1 : header.re === undefined ? 0 : 1);
  if (hops > mesh.config.policy.maxHops) {
    throw refusal(
      memo,
      "memo.hops",
      "re",
      `this is answer number ${hops} in a row and the mesh allows ${mesh.config.policy.maxHops} (policy.maxHops); a person has to decide how this conversation goes on`,
    );
  }
  return { from, to, hops, thread: header.thread ?? parent?.thread ?? parent?.id ?? header.re };
}

function senderOf(memo: Memo, drop: DropPlace, mesh: Mesh): string {
  const claimed = memo.header.from;
  if (drop.box === "outgoing") {
    if (claimed === undefined || claimed === drop.node) return drop.node;
    throw refusal(
      memo,
      "memo.from.forged",
      "from",
      `from "${claimed}" is not ${drop.node}, in whose folder this memo was dropped; a node can only write in its own name`,
    );
  }
  if (claimed === undefined || claimed === "operator") return "operator";
  if (mesh.config.policy.drops === "named" && mesh.nodes.has(claimed)) return claimed;
  throw refusal(
    memo,
    "memo.from.unproven",
    "from",
    `from "${claimed}" cannot be believed of a file that was put straight into an inbox; drop it into that node's memos/outgoing/, or leave the from line out to send it as operator`,
  );
}

function recipientsOf(memo: Memo, from: string, mesh: Mesh): string[] {
  const sender =
    from === "operator"
      ? { id: from, grants: { send: ["*"], read: [] } }
      : { id: from, grants: mesh.nodes.get(from)?.config.grants ?? { send: [], read: [] } };
  const known = [...mesh.nodes.keys()];
  if (memo.header.to.includes("*")) {
    const everyone = known.filter((id) => id !== from && maySend(sender, id).allowed);
    if (everyone.length > 0) return everyone;
    throw refusal(memo, "memo.to.nobody", "to", `to "*" reaches nobody: ${from} has no grant to write to any node`);
  }
  const to = [...new Set(memo.header.to)];
  for (const id of to) {
    if (!mesh.nodes.has(id)) {
      const broken = mesh.problems.find((problem) => problem.id === id);
      throw broken
        ? refusal(memo, "memo.to.unavailable", "to", `${id} cannot receive memos now: ${broken.error.sentence}`)
        : refusal(
            memo,
            "memo.to.unknown",
            "to",
            `to "${id}" is no node of this mesh; expected ${known.filter((each) => each !== from).join(", ")} or "*"`,
          );
    }
    if (id === from && id !== "operator") {
      throw refusal(
        memo,
        "memo.to.self",
        "to",
        `${from} writes to itself; notes for the next session belong in STATE.md`,
      );
    }
    const decision = maySend(sender, id);
    if (!decision.allowed) throw refusal(memo, "memo.to.not-granted", "to", decision.reason);
  }
  return to;
}

function refusal(memo: Memo, code: string, key: string, sentence: string): MeshError {
  const line = lineOfKey(memo, key);
  return new MeshError(code, sentence, { place: line === undefined ? { file: memo.file } : { file: memo.file, line } });
}

function lineOfKey(memo: Memo, key: string): number | undefined {
  const pattern = new RegExp(`^(?:${key}|\\*\\*${key}:\\*\\*)[ \\t]*:?`, "i");
  const index = memo.source.split(/\r?\n/, 40).findIndex((line) => pattern.test(line));
  return index < 0 ? undefined : index + 1;
}
