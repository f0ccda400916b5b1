import { higherRisk, MeshError, type Risk } from "@memomesh/core";
import { argumentFindings, decidedByArguments } from "./arguments.ts";
import { launchOf, textOf } from "./launcher.ts";
import { isSecretPath, placeOf, writeRisk } from "./place.ts";
import { type Effect, programs } from "./programs.ts";
import { type Redirection, readShell, type ShellCommand, type ShellText } from "./shell.ts";
import { constantsOf, type ResolvedWord, resolveWord } from "./word.ts";

/** Why a command is as risky as it is, and which part of the text says so. */
export interface Reason {
  readonly text: string;
  readonly risk: Risk;
  /** In UTF-16 units of the classified text. */
  readonly start: number;
  readonly end: number;
}

export interface Classification {
  /** The worst of the reasons; low when there is none. */
  readonly risk: Risk;
  readonly effects: readonly Effect[];
  readonly reasons: readonly Reason[];
  /** false: it is no valid shell, or more than is read; the risk is critical then. */
  readonly readable: boolean;
}

/**
 * Classifies a shell text by the worst thing that any part of it can do.
 *
 * What it cannot resolve before the text runs is unknown, and unknown is high. It gives reasons and a floor for the
 * risk; it is no wall: a program that it knows may do what nobody expects of it.
 *
 * @param source one step's shell text, at most 64 KiB
 * @see docs/security.md, "Risk floor"
 */
export function classifyCommand(source: string): Classification {
  const judge = new Judge();
  try {
    judge.text(source, { offset: 0, root: false, depth: 0 });
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { risk: "critical", effects: ["unknown"], reasons: [{ text: error.sentence, risk: "critical", start: 0, end: source.length }], readable: false };
  }
  const risk = judge.reasons.reduce<Risk>((worst, reason) => higherRisk(worst, reason.risk), "low");
  return { risk, effects: [...judge.effects], reasons: judge.reasons.filter((reason) => reason.risk !== "low"), readable: true };
}

/** Where a text or a command stands: what raises it from outside. */
interface Where {
  /** Of the text in the classified one, when it stands there as it is; places inside of it then lie behind this. */
  readonly offset: number;
  /** Whether it runs with the rights of root. */
  readonly root: boolean;
  readonly depth: number;
}

/** Texts inside of texts are followed so deep; deeper ones are unknown. */
const deepest = 8;

/** Variables that decide which programs run, or what is loaded into them. */
const steering = /^(?:PATH|IFS|ENV|BASH_.*|LD_.*|DYLD_.*|PS4|PROMPT_COMMAND|SHELLOPTS|BASHOPTS|GIT_.*|NODE_OPTIONS|PYTHON.*|PERL5.*|RUBY.*|JAVA_TOOL_OPTIONS|EDITOR|VISUAL|PAGER|MANPAGER|LESSOPEN|SITE|MESH|HOME|TMPDIR)$/;

class Judge {
  readonly reasons: Reason[] = [];
  readonly effects = new Set<Effect>();

  text(source: string, where: Where): void {
    const shell = readShell(source);
    const constants = constantsOf(shell);
    for (const command of shell.commands) this.#command(command, shell, constants, where);
  }

  #command(command: ShellCommand, shell: ShellText, constants: ReadonlyMap<string, string>, where: Where): void {
    const at = (start: number, end: number) => ({ start: start + where.offset, end: end + where.offset });
    for (const { name, pos, end } of command.assignments) {
      if (steering.test(name)) this.#add("high", ["unknown"], `it sets ${name}, which decides what later commands do`, at(pos, end));
    }
    for (const redirect of command.redirects) this.#redirect(redirect, constants, where);
    const words = command.words.map((word) => {
      const resolved = resolveWord(word, constants);
      return { ...resolved, ...at(resolved.start, resolved.end) };
    });
    this.#words(words, command, shell, where);
  }

  #redirect(redirect: Redirection, constants: ReadonlyMap<string, string>, { offset }: Where): void {
    if (redirect.type !== "Redirect" || redirect.target === undefined) return;
    const { operator, target, pos, end } = redirect;
    const word = resolveWord(target, constants);
    const place = { start: pos + offset, end: end + offset };
    if (/^\d+-?$|^-$/.test(word.text) && operator.endsWith("&")) return;
    if (operator === "<" || operator === "<&") {
      if (isSecretPath(word)) this.#add("high", ["secret"], `it reads ${word.text}, where secrets are kept`, place);
      else this.effects.add("read");
      return;
    }
    if (/^\/dev\/(?:tcp|udp)\//.test(word.text)) this.#add("high", ["network"], "bash opens a connection", place);
    else if (placeOf(word) !== "sink") this.#add(isSecretPath(word) ? "high" : writeRisk(word), ["write"], `it writes to ${word.text}`, place);
  }

  #words(words: readonly ResolvedWord[], command: ShellCommand, shell: ShellText, where: Where): void {
    const [program] = words;
    if (program === undefined) return;
    if (!program.known || program.splits || program.text === "") {
      this.#add(where.root ? "critical" : "high", ["unknown"], "which program runs is not known before it does", program);
      return;
    }
    if (shell.functions.has(program.text)) return;
    const name = /^(?:\/usr)?(?:\/local)?\/s?bin\/([^/]+)$/.exec(program.text)?.[1] ?? program.text;
    const known = programs.get(name.toLowerCase() === name ? name : "");
    if (known === undefined) {
      const what = name.includes("/") ? `it runs the file ${name}` : `${name} is no program that this tool knows`;
      this.#add(where.root ? "critical" : "high", ["unknown"], what, program);
      return;
    }
    if (!this.#runs(name, words, command, shell, where)) this.#own(name, words, known);
    if (where.root && known.risk !== "low") this.#add("high", ["privilege"], `${name} runs as another user`, program);
  }

  #own(name: string, words: readonly ResolvedWord[], known: { risk: Risk; effects: readonly Effect[]; does: string }): void {
    const [program] = words as [ResolvedWord];
    if (!decidedByArguments.has(name)) this.#add(known.risk, known.effects, `${name} ${known.does}`, program);
    for (const { risk, effects, text, word } of argumentFindings(name, words)) this.#add(risk, decidedByArguments.has(name) && risk !== "low" ? [...known.effects, ...effects] : effects, text, word);
  }

  /** Follows what a program starts. Returns whether that says all about it. */
  #runs(name: string, words: readonly ResolvedWord[], command: ShellCommand, shell: ShellText, where: Where): boolean {
    const [program] = words as [ResolvedWord];
    if (name === "find") {
      for (const inner of findExecutes(words)) this.#words(inner, command, shell, where);
      return false;
    }
    const text = textOf(name, words);
    if (text !== undefined) {
      this.#inner(text, name, { ...where, root: where.root || name === "su" });
      if (name === "su") this.#add("high", ["privilege"], "it runs as another user", program);
      return true;
    }
    if (/^(?:(?:ba|da|z|k|a)?sh)$/.test(name) && words.length === 1 && this.#fromHereDocument(command, where)) return true;
    const launch = launchOf(name, words);
    if (launch === undefined) return false;
    if (launch.floor !== "low") this.#add(launch.floor, ["privilege"], `${name} runs a command with other rights`, program);
    if (launch.words.length === 0) return name !== "env" && launch.floor === "low";
    const added = launch.adds ? [{ text: "‹?›", known: false, splits: true, start: program.start, end: program.end }] : [];
    this.#words([...launch.words, ...added], command, shell, { ...where, root: where.root || launch.root });
    return true;
  }

  /** A shell that reads its commands from a here-document, or from a text in the command itself. */
  #fromHereDocument({ redirects }: ShellCommand, where: Where): boolean {
    const document = redirects.find(({ type }) => type !== "Redirect");
    if (document === undefined || document.type === "Redirect") return false;
    const { pos: start, end } = document;
    const text = document.type === "HereDoc" ? document.body.text : (document.target?.value ?? "");
    const known = document.type === "HereDoc" ? document.delimiter?.quoted === true || !/[$`]/.test(text) : !text.includes("$");
    this.#inner({ word: { text, known, splits: false, start, end }, text }, "sh", where);
    return true;
  }

  #inner({ word, text }: { word: ResolvedWord; text: string }, name: string, where: Where): void {
    if (!word.known || where.depth >= deepest) {
      this.#add(where.root ? "critical" : "high", ["unknown"], `what ${name} runs is not known before it does`, word);
      return;
    }
    // Quotes and escapes are gone from the inner text, so its own places would be wrong; all of it is named instead.
    const inner = new Judge();
    inner.text(text, { offset: 0, root: where.root, depth: where.depth + 1 });
    for (const reason of inner.reasons) this.#add(reason.risk, [], reason.text, word);
    for (const effect of inner.effects) this.effects.add(effect);
  }

  #add(risk: Risk, effects: readonly Effect[], text: string, { start, end }: { start: number; end: number }): void {
    this.reasons.push({ text, risk, start, end });
    for (const effect of effects) this.effects.add(effect);
  }
}

/** The commands behind `-exec`, `-execdir`, `-ok` and `-okdir`; what find puts for `{}` is not known. */
function findExecutes(words: readonly ResolvedWord[]): ResolvedWord[][] {
  const commands: ResolvedWord[][] = [];
  for (let at = 0; at < words.length; at += 1) {
    if (!/^-(?:exec|ok)(?:dir)?$/.test(words[at]?.text ?? "")) continue;
    const end = words.findIndex(({ text }, index) => index > at && (text === ";" || text === "+"));
    const inner = words.slice(at + 1, end < 0 ? undefined : end);
    commands.push(inner.map((word) => (word.text.includes("{}") ? { ...word, text: word.text.replaceAll("{}", "‹?›"), known: false } : word)));
  }
  return commands;
}
