import { type Call, finding, touches } from "../call.ts";
import type { Finding } from "../classification.ts";
import type { Rule } from "../program.ts";
import { type Argument, isOpen, leadOf, textArgument, textOf } from "../shell/argument.ts";
import { patternRisk, secretRisk } from "./secret-file.ts";

const starting = /^-(?:exec|execdir|ok|okdir)$/;
const writing = /^-(?:fprint|fprint0|fls|fprintf)$/;
const choosing =
  /^-(?:i?name|i?path|i?wholename|i?regex|[acm]time|[acm]min|newer\w*|size|empty|user|group|perm|inum|i?lname)$/;

/** Of these, those that look at names. */
const naming = /^-i?(?:name|path|wholename|regex)$/;

/** Words with a value behind them, which may begin with a dash: `-mtime -1`. */
const valued = new Set(
  "-name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -mtime -atime -ctime -mmin -amin -cmin -newer -anewer -cnewer -newermt -newerct -newerat -size -user -group -uid -gid -perm -inum -links -lname -ilname -samefile -type -xtype -fstype -maxdepth -mindepth -used -printf -fprint -fprint0 -fprintf -fls -context -depth -flags -newerXY".split(
    " ",
  ),
);
const harmless = new Set([
  ...valued,
  ..."-print -print0 -ls -prune -quit -delete -empty -true -false -a -o -and -or -not -depth -d -mount -xdev -x -follow -daystart -ignore_readdir_race -noignore_readdir_race -noleaf -warn -nowarn -readable -writable -executable -nouser -nogroup -help -version -L -H -P -E -X -s -f".split(
    " ",
  ),
]);

/** `find`: where it begins, and what it does to what it finds. */
export const finds: Rule = (call) => {
  const { args } = call;
  const first = args.findIndex(
    (argument) => /^(?:-[^HLPO]|[(!,])/.test(leadOf(argument)) && !/^-[HLP]$/.test(leadOf(argument)),
  );
  const starts = (first < 0 ? args : args.slice(0, first)).filter((argument) => !leadOf(argument).startsWith("-"));
  const expression = first < 0 ? [] : args.slice(first);
  const begins = starts.length > 0 ? starts : [textArgument(".", call)];
  const open = args
    .filter(isOpen)
    .map((argument) =>
      finding(
        call,
        "high",
        ["unknown"],
        "is given arguments that cannot be known before it runs; one may be -exec or -delete",
        argument,
      ),
    );
  return [...open, ...unknownWords(call, expression), ...actions(call, begins, expression)];
};

/** Words of an expression that begin with a dash and that nobody has looked at. */
function unknownWords(call: Call, expression: readonly Argument[]): readonly Finding[] {
  let started = false;
  return expression.flatMap((argument, index) => {
    const text = textOf(argument) ?? "";
    // Until its end, what is started has words of its own.
    if (started) started = !(text === ";" || text === "+");
    else if (starting.test(text)) started = true;
    else if (
      /^-[A-Za-z]/.test(text) &&
      !harmless.has(text) &&
      !valued.has(textOf(expression[index - 1] ?? argument) ?? "")
    )
      return [finding(call, "high", ["unknown"], `has the word ${text}, of which nothing is known`, argument)];
    return [];
  });
}

function actions(call: Call, begins: readonly Argument[], expression: readonly Argument[]): readonly Finding[] {
  const words = expression.map((argument) => textOf(argument) ?? "");
  const chosen = words.some((word) => choosing.test(word));
  // `-name '*'` chooses nothing, and neither does a size: what is found may be a secret.
  const named = words.some((word, index) => naming.test(word) && !/^[.*?/]*$/.test(words[index + 1] ?? ""));
  return expression.flatMap((argument, index): readonly Finding[] => {
    const action = textOf(argument) ?? "";
    const next = expression[index + 1];
    if (starting.test(action)) {
      return [
        ...begins.flatMap((begin) => started(call, begin, expression.slice(index + 1), chosen)),
        ...secretsChosen(call, expression),
        ...(chosen && !named ? begins.flatMap((begin) => secretsBelow(call, begin, expression.slice(index + 1))) : []),
      ];
    }
    if (writing.test(action)) return next === undefined ? [] : touches(call, "write", next);
    if (action !== "-delete") return [];
    return begins.flatMap((begin) => touches(call, "erase", chosen ? somethingIn(begin) : begin));
  });
}

/** What is read when nothing is known of the names of what is found. */
function secretsBelow(call: Call, begin: Argument, rest: readonly Argument[]): readonly Finding[] {
  return started(call, begin, rest, false).filter(({ effects }) => effects.includes("secret"));
}

/** Names of secrets by which files are chosen that a program is started for. */
function secretsChosen(call: Call, expression: readonly Argument[]): readonly Finding[] {
  return expression.flatMap((argument, index) => {
    const by = textOf(expression[index - 1] ?? argument) ?? "";
    // In a regular expression a dot that means itself stands behind a stroke.
    const names = (textOf(argument) ?? "").replaceAll("\\", "").split("/");
    const risk = naming.test(by) ? (secretRisk(names) ?? patternRisk(names) ?? systemSecret(names)) : undefined;
    return risk === undefined
      ? []
      : [finding(call, "high", ["secret"], "starts a program for files that hold secrets", argument)];
  });
}

function systemSecret(names: readonly string[]): "high" | undefined {
  return /^g?shadow/.test(names.at(-1) ?? "") ? "high" : undefined;
}

/** The program behind `-exec`, for what is found: the beginning itself too, unless something is chosen by its name. */
function started(call: Call, begin: Argument, rest: readonly Argument[], chosen: boolean): readonly Finding[] {
  const end = rest.findIndex((argument, index) => {
    const text = textOf(argument);
    return text === ";" || (text === "+" && textOf(rest[index - 1] ?? argument) === "{}");
  });
  const words = rest.slice(0, end < 0 ? rest.length : end);
  return (chosen ? [somethingIn(begin)] : [begin, somethingIn(begin)]).flatMap((found) =>
    call.into.program(
      words.map((word) => {
        const text = textOf(word);
        if (text === "{}") return { ...found, start: word.start, end: word.end };
        return text?.includes("{}") ? around(word, text) : word;
      }),
      { ...call, input: { kind: "terminal" } },
    ),
  );
}

/** A word with what is found somewhere in it, of which nothing is known. */
function around({ start, end }: Argument, text: string): Argument {
  const parts = text
    .split("{}")
    .flatMap((known, index): Argument["parts"] => [
      ...(index === 0 ? [] : [{ kind: "unknown", open: false } as const]),
      ...(known === "" ? [] : [{ kind: "text", text: known } as const]),
    ]);
  return { parts, start, end };
}

/** Stands for the name of what is found. */
export const foundName = "(found)";

/** A file or folder below: not all of them, and which one does not matter. */
function somethingIn(folder: Argument): Argument {
  return { ...folder, parts: [...folder.parts, { kind: "text", text: `/${foundName}` }] };
}
