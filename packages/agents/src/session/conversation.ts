import { performance } from "node:perf_hooks";
import { type Changeset, MeshError, sha256 } from "@memomesh/core";
import type { SessionContext } from "../agent.ts";
import { type Message, ModelFailure, type ModelProvider, type Reply } from "../model.ts";
import type { Price } from "../providers/price.ts";
import { assembleContext, contextBudget } from "./assemble.ts";
import { Desk } from "./desk.ts";
import { Hands } from "./hands.ts";
import { Meter } from "./meter.ts";
import { replyWithPatience, type Wait, waitForReal } from "./patience.ts";
import { firstWords } from "./progress.ts";
import { earlierConversation, replay } from "./resume.ts";
import { modelStopped, sessionStopped } from "./stop.ts";
import { estimateTokens } from "./tokens.ts";
import { definitionsOf } from "./tool.ts";
import { sessionTools } from "./tools.ts";

/** The model of a session, and what is known of it. */
export interface SessionModel {
  readonly provider: ModelProvider;
  readonly price: Price | undefined;
  readonly maxOutputTokens: number;
  readonly contextTokens: number;
}

/** How often in a row a model may answer without using a tool. */
const mostSilences = 3;
/** How often in a row an answer may be cut off because it is too long. */
const mostCuts = 3;

const tools = definitionsOf(sessionTools);

/**
 * One session: the model is told what there is, uses tools until the session has an outcome, and what lies on the desk then
 * is the changeset. Everything that is said and spent goes into the journal as it happens.
 *
 * @throws MeshError `session.*` when it stopped half-way and can be continued; whatever `context.signal` was aborted with
 */
export async function holdConversation(
  agent: string,
  model: SessionModel,
  context: SessionContext,
  wait: Wait = waitForReal,
): Promise<Changeset> {
  const began = performance.now();
  const conversation = new Conversation(agent, model, context, wait);
  try {
    const desk = await conversation.hold();
    const usage = conversation.meter.usage((performance.now() - began) / 1000);
    return desk.changeset({ agent, model: conversation.model, usage });
  } catch (error) {
    const reason = context.signal.aborted ? "The session was cancelled." : messageOf(error);
    await context.journal.write({ kind: "stopped", reason });
    context.signal.throwIfAborted();
    throw error;
  }
}

class Conversation {
  readonly meter: Meter;
  /** The model that has answered, in the vendor's words. */
  model: string;
  readonly #agent: string;
  readonly #model: SessionModel;
  readonly #context: SessionContext;
  readonly #wait: Wait;
  readonly #late: AbortSignal;
  readonly #signal: AbortSignal;
  readonly #messages: Message[] = [];
  #silences = 0;
  #cuts = 0;

  constructor(agent: string, model: SessionModel, context: SessionContext, wait: Wait) {
    this.meter = new Meter(context.limits, model.price);
    this.model = model.provider.model;
    this.#agent = agent;
    this.#model = model;
    this.#context = context;
    this.#wait = wait;
    this.#late = AbortSignal.timeout(Math.min(context.limits.seconds * 1000, 2 ** 31 - 1));
    this.#signal = AbortSignal.any([context.signal, this.#late]);
  }

  /** Talks until the session has an outcome. */
  async hold(): Promise<Desk> {
    this.#context.signal.throwIfAborted();
    const { system, prompt } = await assembleContext(
      this.#context,
      contextBudget(this.#model.contextTokens, this.#context.limits),
    );
    const hands = await this.#begin(system, prompt);
    while (hands.desk.outcome === undefined) {
      try {
        await this.#goOn(hands, system);
      } catch (error) {
        // The work is done and only the handover notes are missing: that is no reason to lose it.
        const stopped = error instanceof MeshError && !this.#context.signal.aborted;
        if (!stopped || !hands.desk.endAsHeld()) throw error;
      }
    }
    return hands.desk;
  }

  async #goOn(hands: Hands, system: string): Promise<void> {
    const last = this.#messages.at(-1);
    if (last?.role !== "assistant") await this.#listen(system);
    else if (last.calls.length > 0) await this.#act(hands, last);
    else await this.#remind();
  }

  /** Opens the journal, with what an earlier session has left when it can be continued. */
  async #begin(system: string, prompt: string): Promise<Hands> {
    const { journal, progress } = this.#context;
    const { model } = this.#model.provider;
    const start = sha256(JSON.stringify([this.#agent, model, system, prompt, tools]));
    const earlier = earlierConversation(journal.earlier, start);
    const hands = new Hands(new Desk(this.#context));
    const continued = earlier.length > 1 && (await this.#withinTime(replay(earlier, hands, this.#signal)));
    await journal.write({ kind: "opened", agent: this.#agent, model, start });
    if (continued) progress(`goes on where it stopped, after ${earlier.length} messages`);
    const messages: readonly Message[] = continued ? earlier : [{ role: "user", text: prompt }];
    for (const message of messages) await this.#say(message);
    return continued ? hands : new Hands(new Desk(this.#context));
  }

  async #say(message: Message): Promise<void> {
    this.#messages.push(message);
    await this.#context.journal.write({ kind: "message", message });
  }

  async #listen(system: string): Promise<void> {
    const input = estimateTokens(system) + estimateTokens(JSON.stringify(tools)) + conversationTokens(this.#messages);
    const maxOutputTokens = this.meter.allowance(input, this.#model.maxOutputTokens);
    const reply = await this.#withinTime(this.#reply(system, maxOutputTokens));
    this.model = reply.model;
    await this.#context.journal.write({ kind: "spent", spending: this.meter.add(reply, this.#model.provider.system) });
    await this.#say(answered(reply));
    this.#judge(reply, maxOutputTokens);
  }

  async #reply(system: string, maxOutputTokens: number): Promise<Reply> {
    const { progress } = this.#context;
    const request = { system, messages: this.#messages, tools, maxOutputTokens };
    try {
      return await replyWithPatience(this.#model.provider, request, {
        signal: this.#signal,
        wait: this.#wait,
        onText: firstWords(progress),
        progress,
      });
    } catch (error) {
      this.#signal.throwIfAborted();
      throw error instanceof ModelFailure ? modelStopped(error, this.#agent) : error;
    }
  }

  /** @throws MeshError when there is no sense in going on */
  #judge({ stop, message }: Reply, maxOutputTokens: number): void {
    this.#silences = message.calls.length > 0 ? 0 : this.#silences + 1;
    this.#cuts = stop === "length" ? this.#cuts + 1 : 0;
    if (stop === "refused") {
      const what = "The model's vendor refused to go on, by safety rules of its own.";
      throw sessionStopped(
        "refused",
        what,
        "Read the memo for what may have caused it, or give the node another agent.",
      );
    }
    if (this.#cuts >= mostCuts) {
      const what = `Answers of the model were cut off ${mostCuts} times in a row at ${maxOutputTokens} tokens.`;
      throw sessionStopped(
        "length",
        what,
        "Raise maxOutputTokens of the agent in mesh.yml, or give the memo a smaller task.",
      );
    }
    if (this.#silences >= mostSilences) {
      const what = `The model answered ${mostSilences} times in a row without using a tool, although it was reminded.`;
      throw sessionStopped("silent", what, "Give the node an agent whose model can use tools.");
    }
  }

  async #act(hands: Hands, { calls }: Extract<Message, { role: "assistant" }>): Promise<void> {
    const { progress } = this.#context;
    const results = await this.#withinTime(hands.use(calls, progress, this.#signal));
    await this.#say({ role: "results", results });
    if (hands.circling === undefined || hands.desk.outcome !== undefined) return;
    const what = `The model called ${hands.circling} again and again with the same result, although it was told.`;
    throw sessionStopped("loop", what, "Give the node another agent, or make the memo clearer.");
  }

  async #remind(): Promise<void> {
    const cut = this.#cuts > 0 ? "Your answer was cut off because it was too long; work in smaller steps. " : "";
    const text = `${cut}Nobody reads what you only say. Use a tool: go on with the work, or end the session with finish, ask or decline.`;
    await this.#say({ role: "user", text });
  }

  /** @throws MeshError `session.time` when the session's time was over */
  async #withinTime<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#context.signal.throwIfAborted();
      if (!this.#late.aborted) throw error;
      const what = `The session took longer than ${this.#context.limits.seconds} s.`;
      throw sessionStopped("time", what, "Raise policy.sessionSeconds in mesh.yml, or give the memo a smaller task.");
    }
  }
}

/** The answer as it stays in the conversation. Vendors refuse conversations with a message that says nothing. */
function answered({ message }: Reply): Message {
  return message.text.trim() === "" && message.calls.length === 0
    ? { role: "assistant", text: "(no answer)", calls: [] }
    : message;
}

/** Estimated; what a vendor keeps of its own form is not counted twice. */
export function conversationTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => {
    if (message.role === "user") return sum + estimateTokens(message.text);
    const { role, ...said } = message;
    return sum + estimateTokens(JSON.stringify("native" in said ? { ...said, native: undefined } : said));
  }, 0);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
