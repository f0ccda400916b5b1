import type { Risk } from "@memomesh/core";
import type { Effect, Finding, Place } from "./classification.ts";
import type { Touch, Touched } from "./rules/touch.ts";
import { type Argument, shown } from "./shell/argument.ts";
import type { Input, SimpleCommand } from "./shell/command.ts";
import { inside } from "./shell/folders.ts";

/** One program with its arguments, as the rules see it. */
export interface Call extends Place {
  /** For the sentences: the name as far as it is known, with the subcommand. */
  readonly name: string;
  /** Without the name. */
  readonly args: readonly Argument[];
  readonly command: SimpleCommand;
  readonly input: Input;
  /** Whether it runs as root. */
  readonly privileged: boolean;
  /** Whether it was given variables that its shell text may see, other than those that the text around it sets. */
  readonly unsettled: boolean;
  /** The folders in which it may run. */
  readonly folders: readonly Argument["parts"][];
  /** How to look into what this call starts. */
  readonly into: Into;
}

/** The way back to the classifier, for programs that run what their arguments say. */
export interface Into {
  /** A program with its arguments. */
  program(words: readonly Argument[], call: Call): readonly Finding[];
  /** Programs that may hide anywhere among the arguments of one that is not known well enough. */
  hidden(words: readonly Argument[], call: Call): readonly Finding[];
  /** Shell text. When it is only guessed to be one, text that cannot be read says nothing. */
  text(text: Argument, call: Call, guessed?: boolean): readonly Finding[];
  /** What is read from standard input and run as shell text. */
  input(call: Call): readonly Finding[];
  /** What another command's output is made of: whether it comes from the network, or cannot be read by a person. */
  origin(commands: readonly SimpleCommand[]): "network" | "encoded" | "other";
  /** The fixed text of standard input, when it is known. */
  inputText(call: Call): string | undefined;
  /** How bad it is to do this to a path. @param path seen from the folder in which the text starts; `shown`: as written */
  touch(what: Touch, path: Argument["parts"], shown: string): Touched | undefined;
}

/** A finding about a part of a call; the sentence begins with the program's name. */
export function finding(
  call: Call,
  risk: Risk,
  effects: readonly Effect[],
  does: string,
  { start, end }: Place = call,
): Finding {
  return { text: `${call.name} ${does}`, risk, effects, start, end };
}

/** What it means that this call touches the path that an argument names. */
export function touches(call: Call, what: Touch, path: Argument): readonly Finding[] {
  return call.folders.flatMap((folder) => {
    const found = call.into.touch(what, inside(folder, path.parts), shown(path));
    return found === undefined ? [] : [finding(call, found.risk, found.effects, found.text, path)];
  });
}
