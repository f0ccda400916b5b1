import { Exit, MeshError } from "@memomesh/core";
import { readBox } from "../box.ts";
import { completeByHand } from "../complete.ts";
import type { Mesh, MeshNode } from "../load.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { askedNode } from "./asked-node.ts";
import { type Attendance, attend } from "./attend.ts";
import { sendRequest, worded } from "./request.ts";

/** Memos of an archive that are looked through for the last request. */
const mostArchived = 500;

/** A person's conversation with a node: each thing they say is a memo, and so is each answer. */
export class Conversation {
  readonly mesh: Mesh;
  readonly node: MeshNode;
  #last: Answer | undefined;

  private constructor(mesh: Mesh, node: MeshNode, last: Answer | undefined) {
    this.mesh = mesh;
    this.node = node;
    this.#last = last;
  }

  /** @throws MeshError `ask.whom`, `ask.nobody`, `mesh.node.*` */
  static begin(mesh: Mesh, named: string | undefined): Conversation {
    return new Conversation(mesh, askedNode(mesh, named), undefined);
  }

  /**
   * The conversation that was had last, with this node or with any.
   *
   * @throws MeshError `ask.no-thread` when there was none; as `begin`
   */
  static async last(mesh: Mesh, named: string | undefined): Promise<Conversation> {
    const nodes =
      named === undefined ? [...mesh.nodes.values()].filter(({ operator }) => !operator) : [askedNode(mesh, named)];
    const found = await Promise.all(nodes.map((node) => lastRequest(node)));
    const [newest] = found.filter((each) => each !== undefined).sort((a, b) => (a.id < b.id ? 1 : -1));
    if (newest !== undefined) {
      const node = askedNode(mesh, newest.node.id);
      return new Conversation(mesh, node, await readAnswer(mesh, node, newest.id));
    }
    const whom = named === undefined ? "nobody was asked anything" : `${named} was not asked anything`;
    throw new MeshError("ask.no-thread", `${whom} yet; leave --continue away.`, { exit: Exit.usage });
  }

  /** What was said last; undefined at the beginning. */
  get answer(): Answer | undefined {
    return this.#last;
  }

  /**
   * Says something and waits for what comes of it. When the node has asked the operator back, this is the answer.
   *
   * @throws MeshError `ask.empty`, `memo.*`; what the coordinator throws
   */
  async say(text: string, attendance: Attendance): Promise<Answer> {
    if (text.trim() === "") throw new MeshError("ask.empty", "there is nothing to ask.", { exit: Exit.usage });
    const { mesh, node } = this;
    const before = this.#last;
    const to = node;
    const at = new Date();
    const thread = before === undefined ? {} : { thread: await threadOf(node, before.memo) };
    const open = before?.standing === "asked" && before.question?.to.includes("operator") ? before : undefined;
    if (open?.question !== undefined) {
      const subject = `Re: ${open.subject}`;
      await sendRequest(mesh, { to, type: "answer", subject, body: text.trim(), re: open.question.id, ...thread }, at);
      await closeQuestion(mesh, open.question.id);
      this.#last = await attend(mesh, { node, id: open.memo, before: open }, attendance);
    } else {
      const re = before === undefined ? {} : { re: before.memo };
      const { id } = await sendRequest(mesh, { to, type: "ask", ...worded(text), ...re, ...thread }, at);
      this.#last = await attend(mesh, { node, id }, attendance);
    }
    return this.#last;
  }
}

async function lastRequest(node: MeshNode): Promise<{ node: MeshNode; id: string } | undefined> {
  const boxes = await Promise.all([readBox(node, "incoming"), readBox(node, "archived", mostArchived)]);
  const ids = boxes
    .flat()
    .flatMap(({ header }) => (header?.from === "operator" && header.type === "ask" ? (header.id ?? []) : []));
  const id = ids.sort().at(-1);
  return id === undefined ? undefined : { node, id };
}

/** The question does not wait for the operator any more. It may still be on its way, or be closed by somebody else. */
async function closeQuestion(mesh: Mesh, id: string): Promise<void> {
  const operator = mesh.nodes.get("operator") as MeshNode;
  const completion = { notes: "Answered with `memomesh ask`.", tick: "none" } as const;
  await completeByHand(mesh, operator, id, completion).catch((error: unknown) => {
    if (!(error instanceof MeshError)) throw error;
  });
}

async function threadOf(node: MeshNode, id: string): Promise<string> {
  const boxes = await Promise.all([readBox(node, "incoming"), readBox(node, "archived", mostArchived)]);
  return boxes.flat().find(({ header }) => header?.id === id)?.header?.thread ?? id;
}
