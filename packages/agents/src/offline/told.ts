import { type Deployment, type Memo, MeshError } from "@memomesh/core";
import { type MemoBody, readBody, readDeployment } from "@memomesh/core/markdown";
import type { SessionContext } from "../agent.ts";
import { answersTo } from "../correspondence.ts";
import { fits } from "./fitness.ts";
import { deploymentSentence } from "./sentence.ts";

/** What a memo and the answers to questions about it say. */
export interface Told {
  readonly facts: Deployment;
  /** Sentences about what could not be read, in the last memo that says something. */
  readonly unreadable: readonly string[];
  /** Whether it is about going back to the previous release. */
  readonly rollback: boolean;
}

const nothing: Deployment = { artifacts: [], env: [], needs: [], verify: [] };

/** Whether a memo asks for a deployment, or for the way back from one. */
export function asksForDeployment(context: Pick<SessionContext, "memo" | "body" | "targets">): boolean {
  const { memo, body } = context;
  const { type } = memo.header;
  if (type === "deployment") return true;
  const told = body.fences.some(({ lang, meta }) => /^ya?ml$/i.test(lang) && /^deploy\b/i.test(meta));
  const named =
    asksToRollBack(memo, undefined) ||
    fromSubject(memo.header.subject).app !== undefined ||
    inWords(context) !== undefined;
  if (type === "stage") return told;
  return (type === "ask" || type === undefined) && (told || named);
}

/** Puts together what the memo says and what was answered since; an answer wins over what stood before it. */
export function readTold(context: SessionContext): Told {
  const { memo, body } = context;
  const first = readFacts(memo, body);
  const rollback = asksToRollBack(memo, first.facts);
  let facts = merge(merge(inWords(context) ?? nothing, fromSubject(memo.header.subject)), first.facts ?? nothing);
  let unreadable = first.unreadable;
  for (const answer of answersTo(context)) {
    const read = readFacts(answer, readBody(answer));
    facts = merge(facts, read.facts ?? bareAnswer(answer, facts, rollback) ?? nothing);
    unreadable = read.unreadable;
  }
  return { facts, unreadable: unreadable === undefined ? [] : [unreadable], rollback };
}

/** Facts of which each is taken from `later` when it is told there. */
function merge(earlier: Deployment, later: Deployment): Deployment {
  const either = <T>(first: readonly T[], second: readonly T[]) => (first.length > 0 ? first : second);
  const resources = { ...earlier.resources, ...later.resources };
  return {
    ...earlier,
    ...later,
    artifacts: either(later.artifacts, earlier.artifacts),
    env: either(later.env, earlier.env),
    needs: either(later.needs, earlier.needs),
    verify: either(later.verify, earlier.verify),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
  };
}

/** Facts of a text, whether its block is called `deploy` or, in an answer, `answer`. */
export function readFacts(memo: Memo, body: MemoBody): { facts?: Deployment; unreadable?: string } {
  const fences = body.fences.map((fence) => ({ ...fence, meta: fence.meta.replace(/^answer\b/i, "deploy") }));
  try {
    const facts = readDeployment(memo, { ...body, fences });
    return facts === undefined ? {} : { facts };
  } catch (error) {
    if (error instanceof MeshError) return { unreadable: error.sentence };
    throw error;
  }
}

function asksToRollBack({ header }: Memo, facts: Deployment | undefined): boolean {
  return facts?.rollback ?? /^roll[ -]?back\b/i.test(header.subject);
}

/** A request is a sentence; its subject is the beginning of it, and the body the whole, when it is long. */
function inWords({ memo, targets }: Pick<SessionContext, "memo" | "targets">): Deployment | undefined {
  if (memo.header.type !== "ask") return undefined;
  const whole = memo.body.replace(/^\s*# .*\n+/, "").trim();
  return deploymentSentence(whole === "" ? memo.header.subject : whole, Object.keys(targets));
}

/** A subject such as `Deploy shop 1.4.2 to staging` or `Roll back shop on staging` is a statement too. */
function fromSubject(subject: string): Deployment {
  const [, app, version, target] =
    /^(?:deploy|roll[ -]?back) ([a-z][a-z0-9-]*)(?: (v?\d[\w.+-]*))? (?:to|on) ([a-z][a-z0-9-]*)$/i.exec(subject) ?? [];
  if (app === undefined || target === undefined) return nothing;
  return {
    ...nothing,
    app: app.toLowerCase(),
    target: target.toLowerCase(),
    ...(version === undefined ? {} : { version }),
  };
}

/** People answer a question for one thing with one word. */
function bareAnswer(answer: Memo, facts: Deployment, rollback: boolean): Deployment | undefined {
  const wanted = (rollback ? (["app", "target"] as const) : (["app", "version", "target"] as const)).filter(
    (field) => facts[field] === undefined,
  );
  const [field] = wanted;
  const word = answer.body
    .replace(/^#.*$/gm, "")
    .trim()
    .replace(/\.$/, "")
    .replace(/^`(.*)`$/, "$1");
  if (wanted.length !== 1 || field === undefined || !fits("version", word)) return undefined;
  return { ...nothing, [field]: word };
}
