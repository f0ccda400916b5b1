import { finding, touches } from "../call.ts";
import { given, has } from "../options.ts";
import type { Rule } from "../program.ts";
import { type Argument, after, leadOf, shown, textArgument, textOf } from "../shell/argument.ts";

/** `tar`: packs, lists or unpacks. The first argument may be a bundle of options without a dash. */
export const packs: Rule = (call, parsed) => {
  const bundle = /^[A-Za-z]+$/.exec(textOf(call.args[0] ?? textArgument("", call)) ?? "")?.[0] ?? "";
  const mode = (letter: string, names: string) => bundle.includes(letter) || has(parsed, names);
  const operands = parsed.operands.slice(bundle === "" ? 0 : 1);
  const taking = /[bCFgHIKLNTVX]/.test(bundle)
    ? [finding(call, "high", ["unknown"], "has options in one word that take the words behind it")]
    : [];
  const bundled = bundle.includes("f") ? operands.slice(0, 1) : [];
  const archives = [...bundled, ...given(parsed, "-f --file").flatMap(({ value }) => value ?? [])];
  const paths = operands.slice(bundled.length);
  const remote = archives.filter((archive) => /^[^/]+:/.test(leadOf(archive)));
  const actions = given(parsed, "--checkpoint-action")
    .flatMap(({ value }) => value ?? [])
    .filter((action) => leadOf(action).startsWith("exec="));
  const doubtful = [
    ...taking,
    ...actions.flatMap((action) => call.into.text(after(action, "exec=".length), call, true)),
    ...remote.map((archive) =>
      finding(call, "high", ["network", "live-infrastructure"], `uses ${shown(archive)} on another machine`, archive),
    ),
  ];
  if (mode("t", "-t --list")) return [...doubtful, ...archives.flatMap((archive) => touches(call, "read", archive))];
  if (!mode("x", "-x --extract --get")) {
    const written = archives.filter((archive) => textOf(archive) !== "-");
    return [
      ...doubtful,
      ...written.flatMap((archive) => touches(call, "write", archive)),
      ...paths.flatMap((path) => touches(call, "read", path)),
    ];
  }
  const folders = given(parsed, "-C --directory").flatMap(({ value }) => value ?? []);
  const into = folders.length > 0 ? folders : [textArgument(".", call)];
  return [
    ...doubtful,
    ...(bundle.includes("P") ? [finding(call, "high", ["write"], "writes to any place that the archive names")] : []),
    finding(call, "medium", ["write"], "unpacks files of which the names are not known here"),
    ...archives.flatMap((archive) => touches(call, "read", archive)),
    ...into.flatMap((folder) => touches(call, "write", folder)),
  ];
};

const systemFolder = /^\/+(?:bin|boot|dev|etc|home|lib\d*|opt|proc|root|run|sbin|srv|sys|usr|var)?\/*$/;

/** `mv`: what holds secrets is read under its new name by whoever finds it there. */
export const carries: Rule = (call, { operands }) =>
  operands
    .slice(0, -1)
    .flatMap((operand) => [
      ...touches(call, "read", operand),
      ...(systemFolder.test(textOf(operand) ?? "")
        ? [finding(call, "critical", ["delete"], "takes a folder away that the machine needs", operand)]
        : []),
    ]);

/** `rsync`: with `-n` it compares, also what it would delete. */
export const synchronizes: Rule = (call, parsed) => {
  const { operands, unsure } = parsed;
  const dry = has(parsed, "-n --dry-run") && !unsure;
  if (!dry) return [finding(call, "low", ["write"], "copies files"), ...copiesOver(call, parsed)];
  return operands.flatMap((operand) =>
    isRemote(operand)
      ? [
          finding(
            call,
            "medium",
            ["live-infrastructure"],
            `compares files with ${shown(operand)}, another machine`,
            operand,
          ),
        ]
      : touches(call, "look", operand),
  );
};

/** `rsync`, `scp`: a path with a colon lies on another machine. */
export const copiesOver: Rule = (call, { operands, ...parsed }) => {
  const far = operands.filter(isRemote);
  const [target] = operands.slice(-1);
  const deletes = has(
    parsed,
    "--delete --delete-before --delete-during --delete-after --delete-excluded --del --remove-source-files",
  );
  return [
    ...far.map((operand) =>
      finding(
        call,
        "high",
        ["network", "live-infrastructure"],
        `copies from or to ${shown(operand)}, another machine`,
        operand,
      ),
    ),
    ...operands
      .slice(0, -1)
      .filter((operand) => !isRemote(operand))
      .flatMap((operand) => touches(call, "read", operand)),
    ...(target === undefined || isRemote(target) ? [] : touches(call, "write", target)),
    ...(deletes && target !== undefined
      ? [
          finding(
            call,
            far.length > 0 ? "critical" : "high",
            ["delete"],
            `deletes in ${shown(target)} what the source does not have`,
            target,
          ),
        ]
      : []),
  ];
};

function isRemote(path: Argument): boolean {
  return /^[^/]*:/.test(leadOf(path)) || (path.parts[0]?.kind === "unknown" && /^[^/]*:/.test(textAfterUnknown(path)));
}

function textAfterUnknown({ parts }: Argument): string {
  return parts
    .slice(1)
    .map((part) => ("text" in part ? part.text : ""))
    .join("");
}
