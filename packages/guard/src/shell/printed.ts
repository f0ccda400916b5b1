import { type Argument, type Part, textOf } from "./argument.ts";
import { fixedText, type ShellWord, type SimpleCommand } from "./command.ts";

/** How a word is expanded where the command stands. */
type Expand = (word: ShellWord) => readonly (readonly Argument[])[];

/**
 * What commands print, where that is plain: `echo` and `printf` of fixed text, `pwd`, `mktemp`. Line ends at the end
 * are left out, as `$(…)` does.
 *
 * @returns undefined when only running them would tell
 */
export function printedText(commands: readonly SimpleCommand[], expand: Expand): readonly Part[] | undefined {
  const [command, ...others] = commands;
  if (command === undefined || others.length > 0 || command.redirects.some((redirect) => redirect.writes))
    return undefined;
  const [first, ...rest] = command.words;
  const name = fixedText(first);
  if (name === "pwd" && rest.length === 0 && command.scope.entered.length === 0) return [{ kind: "text", text: "." }];
  if (name === "mktemp" && rest.every((word) => /^-[dqu]+$/.test(fixedText(word) ?? ""))) {
    return [
      { kind: "root", name: "TMPDIR" },
      { kind: "text", text: "/tmp.XXXXXXXXXX" },
    ];
  }
  if (name === "cat" && rest.length === 0 && command.input.kind === "text")
    return textParts(textOfWord(command.input.word, expand));
  if (name !== "echo" && name !== "printf") return undefined;
  const words: string[] = [];
  for (const word of rest) {
    const text = argumentsOfWord(word, expand);
    if (text === undefined) return undefined;
    words.push(...text);
  }
  return textParts(name === "echo" ? echoed(words) : formatted(words));
}

/** The one text that a word can be, when it is sure. */
export function textOfWord(word: ShellWord, expand: Expand): string | undefined {
  const texts = argumentsOfWord(word, expand);
  return texts?.length === 1 ? texts[0] : undefined;
}

function argumentsOfWord(word: ShellWord, expand: Expand): readonly string[] | undefined {
  const [only, ...others] = expand(word);
  if (only === undefined || others.length > 0) return undefined;
  const texts = only.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function textParts(text: string | undefined): readonly Part[] | undefined {
  return text === undefined ? undefined : [{ kind: "text", text: text.replace(/\n+$/, "") }];
}

function echoed(words: readonly string[]): string | undefined {
  const [first] = words;
  const rest = first === "-n" || first === "-E" ? words.slice(1) : words;
  // With -e, and in some shells without it, a backslash means something.
  return rest[0]?.startsWith("-") || rest.some((word) => word.includes("\\")) ? undefined : rest.join(" ");
}

function formatted(words: readonly string[]): string | undefined {
  const [format = "", ...values] = words;
  const template = format.replace(/\\n/g, "\n");
  if (/\\/.test(template) || format.startsWith("-") || /%(?![s%])/.test(template)) return undefined;
  const slots = template.match(/%s/g)?.length ?? 0;
  if (slots === 0) return template.replaceAll("%%", "%");
  let text = "";
  for (let next = 0; next === 0 || next < values.length; next += slots) {
    let slot = next;
    text += template.replace(/%[s%]/g, (found) => (found === "%%" ? "%" : (values[slot++] ?? "")));
  }
  return text;
}
