import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type AgentConfig, MeshError, type Opinion, sha256 } from "@memomesh/core";
import { redact, safeText } from "@memomesh/guard";
import type { SessionLimits } from "../agent.ts";
import { programKey } from "../programs/environment.ts";
import { explain, loginMissing } from "../programs/failure.ts";
import { type ProgramOptions, readProgramOptions } from "../programs/options.ts";
import type { Program, Task } from "../programs/program.ts";
import { programs } from "../programs/program-agent.ts";
import type { ProgramEnd } from "../programs/run-program.ts";
import { priceBefore, spendingOf } from "../programs/spent.ts";
import { openPlaces, startProgram } from "../programs/start-program.ts";
import { type MachineSandbox, sandboxFor } from "../sandbox/machine.ts";
import { contextBudget } from "../session/assemble.ts";
import { Meter } from "../session/meter.ts";
import { estimateTokens } from "../session/tokens.ts";
import { asking, mostAnswers, noReport, tooLate } from "./asking.ts";
import { questionText } from "./prompt.ts";
import type { OpinionQuestion } from "./question.ts";
import { type Report, reportIn, reportTool } from "./report.ts";
import { reviewRules } from "./rules.ts";

/** What any vendor's program can read, its own instructions included. */
const contextTokens = 200_000;
/** What an answer takes, about. */
const answerTokens = 4000;
/** Calls of the model for one answer: it has no tools that could take more. */
const mostTurns = 4;
const consequence = "there is no opinion";
/** A hook for what a program may want to use all the same. */
const refuseAll = "echo 'A reviewer has no tools.' >&2; exit 2";

/** An agent that is a program, and all that it works with. */
interface Reviewer {
  readonly name: string;
  readonly program: Program;
  readonly options: ProgramOptions;
  readonly key: Readonly<Record<string, string>>;
  readonly sandbox: MachineSandbox;
  /** Absolute; of this question alone. */
  readonly folder: string;
}

/**
 * Asks a program what it thinks of a runbook. It works in an empty folder that it cannot write, without tools of its own or
 * of ours, and is shown what a model would be shown; its last words are the report. What is said and spent goes into the
 * journal as it happens.
 *
 * @param config whose provider is one of the programs'
 * @throws MeshError `agent.*`, `opinion.*` when no opinion can be had; whatever `question.signal` was aborted with
 */
export async function askProgram(name: string, config: AgentConfig, question: OpinionQuestion): Promise<Opinion> {
  const program = programs[config.provider] as Program;
  const options = readProgramOptions(name, config);
  const sandbox = await sandboxFor(question.workshop.sandbox.rule);
  const key = await programKey(name, program, options, question.signal).catch(loginMissing);
  const folder = await question.workshop.folder();
  const asked = new Asked({ name, program, options, key, sandbox, folder }, question);
  return asking(question, () => asked.opinion());
}

class Asked {
  readonly #reviewer: Reviewer;
  readonly #question: OpinionQuestion;
  readonly #meter: Meter;
  readonly #began = performance.now();
  #model: string | undefined;
  /** Whether every answer has said what it took. */
  #counted = true;

  constructor(reviewer: Reviewer, question: OpinionQuestion) {
    this.#reviewer = reviewer;
    this.#question = question;
    this.#meter = new Meter(question.limits, priceBefore(reviewer));
    this.#model = reviewer.options.model;
  }

  async opinion(): Promise<Opinion> {
    const report = await this.#report();
    return {
      agent: this.#reviewer.name,
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...report,
      ...(this.#counted ? { usage: this.#meter.usage(this.#seconds()) } : {}),
    };
  }

  async #report(): Promise<Report> {
    const { limits, journal, runbook } = this.#question;
    const { name, program } = this.#reviewer;
    const system = `${reviewRules}\n${here(program.title)}`;
    const prompt = questionText(this.#question, contextBudget(contextTokens, limits));
    const start = sha256(JSON.stringify([name, system, prompt]));
    await journal.write({ kind: "opened", agent: name, model: this.#model ?? program.title, start });
    await journal.write({ kind: "message", message: { role: "user", text: prompt } });
    let wrong = "";
    for (let number = 1; number <= mostAnswers; number += 1) {
      const answer = await this.#listen(number, system, prompt + wrong);
      try {
        return reportIn(answer, runbook);
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        // It remembers nothing of its last answer: each one comes from a run of its own.
        wrong = `\n\n# Your last answer\n\nIt could not be used: ${error.message}`;
        await journal.write({ kind: "message", message: { role: "user", text: wrong.trim() } });
      }
    }
    throw noReport(program.title);
  }

  /** One run of the program, and its last words. */
  async #listen(number: number, system: string, prompt: string): Promise<string> {
    const { name, program, options, key, sandbox, folder } = this.#reviewer;
    const { signal, workshop } = this.#question;
    const limits = this.#limitsLeft(estimateTokens(system) + estimateTokens(prompt));
    const own = join(folder, `answer-${number}`);
    const reading = join(own, "reading");
    const places = await openPlaces(own, { checkout: reading, folder: reading });
    await mkdir(reading);
    const task: Task = {
      ...{ options, limits, system, prompt, places, confined: sandbox.kind !== "none" },
      memoTools: undefined,
      guard: () => refuseAll,
    };
    const listener = program.listen(task);
    const tell = (doing: string) => this.#question.progress(safeText(redact(doing, key)));
    const hear = (line: string) => {
      const doing = listener.hear(line);
      if (doing !== undefined) tell(doing);
    };
    if (sandbox.kind === "none" && workshop.sandbox.rule !== "off")
      tell(`${program.title} reads without a sandbox: ${sandbox.why}`);
    const ground = { sandbox, hidden: workshop.sandbox.hidden, ...{ read: [], write: [], fixed: [] } };
    const terms = { seconds: limits.seconds, signal, consequence, key, hear, tell };
    let end: ProgramEnd | undefined;
    try {
      end = await startProgram(program, task, ground, terms);
    } finally {
      await this.#writeDown(listener.report(end));
    }
    const { answer, failure } = listener.report(end);
    if (failure !== undefined) throw explain({ name, program, options, limits, consequence }, failure, key);
    return redact(answer, key);
  }

  async #writeDown({ answer, used }: ReturnType<ReturnType<Program["listen"]>["report"]>): Promise<void> {
    const { journal } = this.#question;
    const text = redact(answer, this.#reviewer.key);
    await journal.write({ kind: "message", message: { role: "assistant", text, calls: [] } });
    this.#counted &&= used !== undefined;
    if (used === undefined) return;
    const spending = spendingOf(this.#reviewer, used);
    this.#model = spending.model;
    this.#meter.count(spending, used.turns);
    await journal.write({ kind: "spent", spending });
  }

  /**
   * What is left for one run, when it is enough for one.
   *
   * @param input tokens, estimated
   */
  #limitsLeft(input: number): SessionLimits {
    const { limits } = this.#question;
    const { program } = this.#reviewer;
    this.#meter.allowance(input, answerTokens);
    const seconds = Math.ceil(limits.seconds - this.#seconds());
    if (seconds <= 0) throw tooLate(program.title, limits.seconds);
    const cost = program.reckons ? this.#meter.costLeft() : undefined;
    return { turns: mostTurns, tokens: limits.tokens, seconds, cost };
  }

  #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

function here(title: string): string {
  return `# In this program
Where this differs from the rules above, this holds.
- You run in ${title}, in an empty folder. You have no tools, and there is no tool named report.
- Your answer is the report: one JSON object that fits the schema below, and nothing before or behind it.

${JSON.stringify(reportTool.input)}
`;
}
