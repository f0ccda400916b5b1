import { performance } from "node:perf_hooks";
import { MeshError, type Opinion, sha256 } from "@memomesh/core";
import { type Message, ModelFailure, type Reply, type ToolResult } from "../model.ts";
import { contextBudget } from "../session/assemble.ts";
import { conversationTokens, type SessionModel } from "../session/conversation.ts";
import { Meter } from "../session/meter.ts";
import { replyWithPatience, type Wait, waitForReal } from "../session/patience.ts";
import { modelStopped, sessionStopped } from "../session/stop.ts";
import { estimateTokens } from "../session/tokens.ts";
import { asking, mostAnswers, noReport, tooLate } from "./asking.ts";
import { questionText } from "./prompt.ts";
import type { OpinionQuestion } from "./question.ts";
import { type Report, readReport, reportTool } from "./report.ts";
import { reviewRules } from "./rules.ts";

type Spoken = Extract<Message, { role: "assistant" }>;

/**
 * Asks a model what it thinks of a runbook: one conversation, in which it can do nothing but report. What is said and
 * spent goes into the journal as it happens.
 *
 * @throws MeshError `opinion.*` when none can be had; whatever `question.signal` was aborted with
 */
export async function askModel(
  agent: string,
  model: SessionModel,
  question: OpinionQuestion,
  wait: Wait = waitForReal,
): Promise<Opinion> {
  const asked = new Asked(agent, model, question, wait);
  const began = performance.now();
  return asking(question, async () => {
    const report = await asked.report();
    const usage = asked.meter.usage((performance.now() - began) / 1000);
    return { agent, model: asked.model, ...report, usage };
  });
}

class Asked {
  readonly meter: Meter;
  /** The model that has answered, in the vendor's words. */
  model: string;
  readonly #agent: string;
  readonly #model: SessionModel;
  readonly #question: OpinionQuestion;
  readonly #wait: Wait;
  readonly #late: AbortSignal;
  readonly #messages: Message[] = [];

  constructor(agent: string, model: SessionModel, question: OpinionQuestion, wait: Wait) {
    this.meter = new Meter(question.limits, model.price);
    this.model = model.provider.model;
    this.#agent = agent;
    this.#model = model;
    this.#question = question;
    this.#wait = wait;
    this.#late = AbortSignal.timeout(Math.min(question.limits.seconds * 1000, 2 ** 31 - 1));
  }

  async report(): Promise<Report> {
    const { limits, journal } = this.#question;
    const prompt = questionText(this.#question, contextBudget(this.#model.contextTokens, limits));
    const start = sha256(JSON.stringify([this.#agent, this.model, reviewRules, prompt, reportTool]));
    await journal.write({ kind: "opened", agent: this.#agent, model: this.model, start });
    await this.#say({ role: "user", text: prompt });
    for (let answer = 1; answer <= mostAnswers; answer += 1) {
      const reply = await this.#listen();
      const report = await this.#take(reply);
      if (report !== undefined) return report;
    }
    throw noReport("The model");
  }

  async #say(message: Message): Promise<void> {
    this.#messages.push(message);
    await this.#question.journal.write({ kind: "message", message });
  }

  async #listen(): Promise<Reply> {
    const { provider, maxOutputTokens: most } = this.#model;
    const input =
      estimateTokens(reviewRules) + estimateTokens(JSON.stringify(reportTool)) + conversationTokens(this.#messages);
    const maxOutputTokens = this.meter.allowance(input, most);
    const { signal, progress, journal, limits } = this.#question;
    const request = { system: reviewRules, messages: this.#messages, tools: [reportTool], maxOutputTokens };
    try {
      const both = AbortSignal.any([signal, this.#late]);
      const options = { signal: both, wait: this.#wait, onText: () => {}, progress };
      const reply = await replyWithPatience(provider, request, options);
      this.model = reply.model;
      await journal.write({ kind: "spent", spending: this.meter.add(reply, provider.system) });
      return reply;
    } catch (error) {
      signal.throwIfAborted();
      if (this.#late.aborted) throw tooLate("The model", limits.seconds);
      throw error instanceof ModelFailure ? modelStopped(error, this.#agent) : error;
    }
  }

  /** The report in an answer; otherwise the model is told what is wrong. */
  async #take({ message, stop }: Reply): Promise<Report | undefined> {
    if (stop === "refused") {
      const what = "The model's vendor refused to answer, by safety rules of its own.";
      throw sessionStopped("refused", what, "Read the runbook for what may have caused it.");
    }
    const said = message.text.trim() !== "" || message.calls.length > 0;
    await this.#say(said ? message : { role: "assistant", text: "(no answer)", calls: [] });
    const cut = stop === "length" ? "Your answer was cut off because it was too long; be shorter. " : "";
    if (message.calls.length === 0) {
      await this.#say({ role: "user", text: `${cut}Nobody reads what you only say. Call report.` });
      return undefined;
    }
    const heard = message.calls.map((call) => this.#hear(call, cut));
    const report = heard.find((each) => "report" in each)?.report;
    if (report !== undefined) return report;
    await this.#say({ role: "results", results: heard.flatMap((each) => ("refused" in each ? [each.refused] : [])) });
    return undefined;
  }

  #hear({ id, name, input }: Spoken["calls"][number], cut: string): { report: Report } | { refused: ToolResult } {
    const refused = (text: string) => ({ refused: { id, name, text: cut + text, failed: true } });
    if (name !== reportTool.name) return refused("There is no such tool; there is report.");
    try {
      return { report: readReport(input, this.#question.runbook) };
    } catch (error) {
      if (error instanceof MeshError) return refused(error.message);
      throw error;
    }
  }
}
