import type { Place } from "./classification.ts";
import type { Program } from "./program.ts";
import { type Argument, after, isOpen, leadOf, textOf } from "./shell/argument.ts";

/** The arguments of a program, taken apart. */
export interface Parsed {
  readonly options: readonly GivenOption[];
  readonly operands: readonly Argument[];
  /** Whether an argument that is not known stands where an option may stand. */
  readonly unsure: boolean;
}

export interface GivenOption extends Place {
  /** With its dashes, as it is written: it may be an abbreviation of the option's name. */
  readonly name: string;
  readonly value: Argument | undefined;
}

/**
 * Takes the arguments of a program apart as getopt does: `-abc`, `-ovalue`, `--name=value`, `--`.
 *
 * @param args without the program's name
 */
export function parseOptions(
  args: readonly Argument[],
  { valued = "", strict, dashWords }: Pick<Program, "valued" | "strict" | "dashWords">,
): Parsed {
  const takesValue = new Set(valued.split(" "));
  const options: GivenOption[] = [];
  const operands: Argument[] = [];
  let unsure = false;
  const rest = [...args];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const lead = leadOf(argument);
    if (textOf(argument) === "--") {
      operands.push(...rest);
      break;
    }
    if (isOpen(argument) || (lead === "-" && argument.parts.length > 1)) unsure = true;
    if (!/^-./.test(lead) || /^-[1-9]\d*$/.test(lead)) {
      operands.push(argument);
      if (!strict) continue;
      operands.push(...rest);
      break;
    }
    const found =
      lead.startsWith("--") || dashWords ? longOption(argument, lead) : shortOptions(argument, lead, takesValue);
    const last = found.at(-1)!;
    const wants = last.value === undefined && matches(last.name, takesValue);
    options.push(...found.slice(0, -1), wants ? { ...last, value: rest.shift() } : last);
  }
  return { options, operands, unsure };
}

function longOption(argument: Argument, lead: string): GivenOption[] {
  const equals = lead.indexOf("=");
  const { start, end } = argument;
  if (equals < 0) return [{ name: lead, value: undefined, start, end }];
  return [{ name: lead.slice(0, equals), value: after(argument, equals + 1), start, end }];
}

function shortOptions(argument: Argument, lead: string, takesValue: ReadonlySet<string>): GivenOption[] {
  const { start, end } = argument;
  const options: GivenOption[] = [];
  for (let index = 1; index < lead.length; index += 1) {
    const name = `-${lead[index]}`;
    const more = index + 1 < lead.length || argument.parts.length > 1;
    if (takesValue.has(name) && more) return [...options, { name, value: after(argument, index + 1), start, end }];
    options.push({ name, value: undefined, start, end });
  }
  return options;
}

function matches(name: string, names: ReadonlySet<string>): boolean {
  return (
    names.has(name) || (name.length > 3 && name.startsWith("--") && [...names].some((each) => each.startsWith(name)))
  );
}

/** The options of these names, separated by spaces. GNU programs take any beginning of a long name for it. */
export function given({ options }: Pick<Parsed, "options">, names: string): readonly GivenOption[] {
  const wanted = names.split(" ");
  return options.filter(({ name }) =>
    wanted.some((each) => each === name || (name.length > 3 && name.startsWith("--") && each.startsWith(name))),
  );
}

export function has(parsed: Pick<Parsed, "options">, names: string): boolean {
  return given(parsed, names).length > 0;
}
