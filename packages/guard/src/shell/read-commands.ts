import {
  type Assignment,
  type Command,
  type CommandNode,
  type CompoundCommand,
  type CompoundList,
  forEachChild,
  type ParsedScript,
  type PipelineNode,
  type Redirection,
  type SyntaxNode,
  type Word,
} from "unbash";
import type { Place } from "../classification.ts";
import { changesOf } from "./changes.ts";
import type { FileRedirect, Input, Piece, ShellWord, SimpleCommand } from "./command.ts";
import { isForkBomb } from "./fork-bomb.ts";
import { isMisread } from "./misread.ts";
import { type Inside, readHidden, readPieces, readQuotedParts } from "./read-word.ts";
import { assign, newScope, type Scope } from "./scope.ts";

/** More than this is no step that a person could review, and what costs time with the square of its length. */
const mostCommands = 1000;
const mostWords = 500;
const mostPieces = 100;
const deepestSubstitution = 40;

/** What is true of the place at which a part of the tree stands. */
interface Around {
  readonly scope: Scope;
  readonly input: Input;
  /** Whether it runs whenever its scope does. */
  readonly certain: boolean;
  /** Where the outermost loop or function around it begins: what happens in there may happen before all of it. */
  readonly repeatedFrom: number | undefined;
  /** A function's body runs at any later time. */
  readonly inFunction: boolean;
  /** Set where positions are those of another text, as inside back-ticks within back-ticks. */
  readonly place: Place | undefined;
}

/** Takes the commands out of unbash's tree. The only module but `read-word.ts` that knows its nodes. */
export class CommandReader {
  readonly commands: SimpleCommand[] = [];
  problem: (Place & { readonly text: string }) | undefined;
  readonly #place: Place | undefined;
  #depth = 0;

  /** @param place that of the whole text in an outer one */
  constructor(place?: Place) {
    this.#place = place;
  }

  read(script: ParsedScript, { scope, input }: Pick<Around, "scope" | "input">): void {
    const place = this.#place;
    this.#script(script, { scope, input, certain: true, repeatedFrom: undefined, inFunction: false, place });
  }

  #script(script: ParsedScript, around: Around): void {
    for (const { message, pos } of script.errors ?? []) this.#fail(message, placeOf({ pos, end: script.end }, around));
    this.#list(script.commands, around);
  }

  #fail(text: string, place: Place): void {
    this.problem ??= { ...place, text };
  }

  #list(statements: ParsedScript["commands"], around: Around): void {
    for (const { command, background } of statements) {
      const here = background ? { ...around, certain: false } : around;
      const parts = command.type === "AndOr" ? command.commands : [command];
      for (const [index, part] of parts.entries())
        this.#pipeline(part, index === 0 ? here : { ...here, certain: false });
    }
  }

  #pipeline(node: PipelineNode, around: Around): void {
    const commands = node.type === "Pipeline" ? node.commands : [node];
    let { input } = around;
    for (const command of commands) {
      const first = this.commands.length;
      this.#command(command, { ...around, certain: around.certain && commands.length === 1, input });
      input = { kind: "pipe", from: this.commands.slice(first) };
    }
  }

  #command(node: CommandNode, around: Around): void {
    if (node.type === "Command") this.#simple(node, around);
    else if (node.type === "Function") this.#function(node, around);
    else if (node.type === "Coproc") this.#body(node.body, { ...around, certain: false });
    else if (node.type === "Redirected") {
      const { files, input } = this.#redirections(node.redirects, around);
      if (files.length > 0) this.#add({ words: [], assignments: [], redirects: files, input }, node, around);
      this.#compound(node.command, { ...around, input });
    } else this.#compound(node, around);
  }

  #function(node: Extract<CommandNode, { type: "Function" }>, around: Around): void {
    const { name, pos, body } = node;
    const { functions } = around.scope;
    if (isForkBomb(name.value, body))
      this.#add(
        { ...{ words: [], assignments: [], redirects: [] }, ...{ input: around.input, forkBomb: name.value } },
        node,
        around,
      );
    if (around.certain && !functions.has(name.value)) functions.set(name.value, pos);
    this.#body(body, { ...around, certain: false, inFunction: true, repeatedFrom: around.repeatedFrom ?? pos });
  }

  #body(node: CommandNode | CompoundList, around: Around): void {
    if (node.type === "CompoundList") this.#list(node.commands, around);
    else this.#command(node, around);
  }

  #compound(node: CompoundCommand, around: Around): void {
    const maybe: Around = { ...around, certain: false };
    const repeated: Around = { ...maybe, repeatedFrom: around.repeatedFrom ?? node.pos };
    switch (node.type) {
      case "BraceGroup":
        this.#list(node.body.commands, around);
        break;
      case "Subshell": {
        const scope = newScope(around.scope, node.pos, around.inFunction);
        this.#list(node.body.commands, { ...around, certain: true, scope });
        break;
      }
      case "If":
        for (const { clause, then } of [node, ...node.elif]) {
          this.#list(clause.commands, maybe);
          this.#list(then.commands, maybe);
        }
        this.#list(node.else?.commands ?? [], maybe);
        break;
      case "While":
        this.#list([...node.clause.commands, ...node.body.commands], repeated);
        break;
      case "For":
      case "Select":
        this.#loopVariable(node, around);
        this.#list(node.body.commands, repeated);
        break;
      case "ArithmeticFor":
        this.#hidden(node, around, node.body);
        this.#list(node.body.commands, repeated);
        break;
      case "Case":
        this.#word(node.word, around);
        for (const { pattern, body } of node.items) {
          for (const word of pattern) this.#word(word, around);
          this.#list(body.commands, maybe);
        }
        break;
      case "TestCommand":
      case "ArithmeticCommand":
        this.#special(node, this.#hidden(node, around), around);
    }
  }

  #loopVariable(node: Extract<CompoundCommand, { type: "For" | "Select" }>, around: Around): void {
    const name = node.name.value;
    const values = (node.wordlist ?? [undefined]).map((word) => word && this.#word(word, around));
    for (const value of values) {
      assign(around.scope, { name, value, list: true, at: node.pos, holds: { from: node.pos, until: node.end } });
    }
    const assignments = values.map((value) => ({ name, value }));
    this.#add({ words: [], assignments, redirects: [], input: around.input }, node.name, around);
  }

  #simple(node: Command, around: Around): void {
    const assignments = node.prefix.filter((each): each is Assignment => each.type === "Assignment");
    const words = [...(node.name ? [node.name] : []), ...node.args].map((word) =>
      word.type === "Word" ? this.#word(word, around) : this.#assignmentWord(word, around),
    );
    const { files, input } = this.#redirections(node.redirects, around);
    const values = assignments.map((assignment) => ({
      name: assignment.name,
      value:
        assignment.append || assignment.index ? this.#unfollowed(assignment, around) : this.#value(assignment, around),
    }));
    const { scope, certain, repeatedFrom } = around;
    const holds = certain ? { from: node.pos, until: Number.POSITIVE_INFINITY } : undefined;
    for (const each of values) {
      assign(scope, { ...each, list: false, at: node.pos, holds: words.length === 0 ? holds : undefined });
    }
    const changes = changesOf(words);
    if (changes.anything) scope.unforeseeable = true;
    for (const each of changes.assigned) {
      assign(scope, { ...each, list: false, at: node.pos, holds: each.certain ? holds : undefined });
    }
    for (const folder of changes.entered) {
      scope.entered.push({ folder, from: repeatedFrom ?? node.pos, repeated: repeatedFrom !== undefined });
    }
    const assigned = [...values, ...changes.assigned.filter(({ value }) => value === undefined)];
    this.#add({ words, assignments: assigned, redirects: files, input }, node, around);
  }

  /** `[[ … ]]` and `(( … ))`, as a program of that name with its text as the argument. */
  #special(
    node: Extract<CompoundCommand, { type: "TestCommand" | "ArithmeticCommand" }>,
    inside: readonly ShellWord[],
    around: Around,
  ): void {
    const text = node.type === "TestCommand" ? "[[" : "((";
    const name: ShellWord = { pieces: [{ kind: "text", text }], ...placeOf(node, around) };
    this.#add({ words: [name, ...inside], assignments: [], redirects: [], input: around.input }, node, around);
  }

  #add(
    parts: Pick<SimpleCommand, "words" | "assignments" | "redirects" | "input" | "forkBomb">,
    node: Positioned,
    around: Around,
  ): void {
    const { scope, inFunction: late } = around;
    const place = placeOf(node, around);
    if (this.commands.length >= mostCommands) this.#fail(`holds more than ${mostCommands} commands`, place);
    if (parts.words.length > mostWords) this.#fail(`has a command of more than ${mostWords} words`, place);
    if (parts.words.some(({ pieces }) => pieces.length > mostPieces))
      this.#fail(`has a word of more than ${mostPieces} parts`, place);
    // What has failed is not looked at; its commands need not be kept.
    if (this.problem !== undefined) return;
    this.commands.push({ ...parts, scope, at: node.pos, late, ...place });
  }

  #redirections(nodes: readonly Redirection[], around: Around): { files: FileRedirect[]; input: Input } {
    const files: FileRedirect[] = [];
    let input = around.input;
    for (const node of nodes) {
      const place = placeOf(node, around);
      if (node.type === "HereDoc") {
        if (node.closing === undefined) this.#fail("has a here-document without an end", place);
        input = { kind: "text", word: { pieces: this.#hereDocument(node, around), ...place } };
        continue;
      }
      if (node.target === undefined) {
        this.#fail("has a redirection without a file", place);
        continue;
      }
      const target = this.#word(node.target, around);
      if (node.type === "HereString") input = { kind: "text", word: target };
      else if ((node.operator === ">&" || node.operator === "<&") && /^\d*-?$/.test(node.target.value)) continue;
      else {
        files.push({ writes: node.operator !== "<" && node.operator !== "<&", target, ...place });
        if (node.operator === "<" || node.operator === "<>") input = processInput(target) ?? { kind: "file" };
      }
    }
    return { files, input };
  }

  #hereDocument({ body, delimiter }: Extract<Redirection, { type: "HereDoc" }>, around: Around): readonly Piece[] {
    if (body.parts === undefined || delimiter?.quoted) return [{ kind: "text", text: body.text }];
    return readQuotedParts(body.parts, this.#inside(around));
  }

  #word(word: Word, around: Around): ShellWord {
    return { pieces: readPieces(word, this.#inside(around)), ...placeOf(word, around) };
  }

  /** `name=value` as an argument, as of `export`. */
  #assignmentWord(node: Assignment, around: Around): ShellWord {
    const name: Piece = { kind: "text", text: `${node.name}=` };
    const value = node.append || node.index ? this.#unfollowed(node, around) : this.#value(node, around);
    return {
      pieces: [name, ...(value?.pieces ?? [{ kind: "opaque", open: false } as const])],
      ...placeOf(node, around),
    };
  }

  #value(node: Assignment, around: Around): ShellWord | undefined {
    return node.value.type === "Word" ? this.#word(node.value, around) : this.#unfollowed(node, around);
  }

  #unfollowed(node: Assignment, around: Around): undefined {
    readHidden(node, this.#inside(around));
  }

  /** Reads the words and substitutions in what is no list of commands; `body` is read elsewhere. */
  #hidden(node: SyntaxNode, around: Around, body?: SyntaxNode): readonly ShellWord[] {
    const words: ShellWord[] = [];
    forEachChild(node, (child) => {
      if (child === body) return;
      if (isMisread(child)) this.#inside(around).misread(child);
      if (child.type === "Word") words.push(this.#word(child, around));
      else if (
        child.type === "ArithmeticCommandExpansion" ||
        child.type === "CommandExpansion" ||
        child.type === "ProcessSubstitution"
      ) {
        this.#substitution(child.script, child, around);
      } else words.push(...this.#hidden(child, around));
    });
    return words;
  }

  #inside(around: Around): Inside {
    return {
      commands: (script, within) => this.#substitution(script, within, around),
      misread: (part) => this.#fail("has a part that cannot be read for certain", placeOf(part, around)),
      assigned: (name, pieces) =>
        assign(around.scope, { name, value: { pieces, start: 0, end: 0 }, list: false, at: 0, holds: undefined }),
    };
  }

  #substitution(script: ParsedScript | undefined, within: Positioned, around: Around): readonly SimpleCommand[] {
    if (script === undefined) {
      this.#fail("has a substitution that cannot be read", placeOf(within, around));
      return [];
    }
    if (this.problem !== undefined) return [];
    if (this.#depth >= deepestSubstitution) {
      this.#fail("holds substitutions within substitutions, too deep to follow", placeOf(within, around));
      return [];
    }
    this.#depth += 1;
    const first = this.commands.length;
    const place = script.source === undefined ? around.place : placeOf(within, around);
    this.#script(script, {
      ...around,
      certain: true,
      scope: newScope(around.scope, within.pos, around.inFunction),
      place,
    });
    this.#depth -= 1;
    return this.commands.slice(first);
  }
}

interface Positioned {
  readonly pos: number;
  readonly end: number;
}

function placeOf({ pos, end }: Positioned, { place }: Around): Place {
  return place === undefined ? { start: pos, end } : { start: place.start, end: place.end };
}

function processInput({ pieces }: ShellWord): Input | undefined {
  const [piece] = pieces;
  return piece?.kind === "process" ? { kind: "pipe", from: piece.commands } : undefined;
}
