import type { Command } from "commander";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** One command of the tree, as completion needs it. */
interface Node {
  /** The words that call it, without the program's name. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly children: readonly Node[];
  readonly options: readonly { readonly flag: string; readonly summary: string }[];
  /** Words that an argument may be. */
  readonly choices: readonly string[];
}

/** A script that completes commands, options and fixed arguments; everything else completes as a file name. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = flatten(readTree(program, []));
  return { bash, zsh, fish }[shell](nodes);
}

function readTree(command: Command, path: readonly string[]): Node {
  const help = command.createHelp();
  return {
    path,
    summary: command.description(),
    children: help
      .visibleCommands(command)
      .filter((child) => child.name() !== "help")
      .map((child) => readTree(child, [...path, child.name()])),
    options: help
      .visibleOptions(command)
      .flatMap(({ long, description }) => (long ? [{ flag: long, summary: description }] : [])),
    choices: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  };
}

function flatten(node: Node): Node[] {
  return [node, ...node.children.flatMap(flatten)];
}

function nameOf(node: Node): string {
  return node.path.at(-1) ?? "";
}

function bash(nodes: readonly Node[]): string {
  const cases = nodes.map((node) => {
    const words = [...node.children.map(nameOf), ...node.choices, ...node.options.map(({ flag }) => flag)];
    return `    "${node.path.join(" ")}") words="${words.join(" ")}" ;;`;
  });
  const groups = nodes.filter((node) => node.path.length === 1 && node.children.length > 0).map(nameOf);
  return `# memomesh completion for bash
_memomesh() {
  local current=\${COMP_WORDS[COMP_CWORD]} path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && continue
    case "$path" in
      "") path=$word ;;
      ${groups.join("|")}) path="$path $word" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -o bashdefault -F _memomesh memomesh`;
}

function zsh(nodes: readonly Node[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const pair = (word: string, summary: string) => quote(`${word.replaceAll(":", "\\:")}:${summary}`);
  const cases = nodes.map((node) => {
    const words = [
      ...node.children.map((child) => pair(nameOf(child), child.summary)),
      ...node.choices.map((choice) => pair(choice, "")),
      ...node.options.map(({ flag, summary }) => pair(flag, summary)),
    ];
    return `    ${quote(node.path.join(" "))}) candidates=(${words.join(" ")}) ;;`;
  });
  const groups = nodes.filter((node) => node.path.length === 1 && node.children.length > 0).map(nameOf);
  return `#compdef memomesh
_memomesh() {
  local place="" word
  local -a candidates
  for word in "\${words[@]:1:CURRENT-2}"; do
    [[ $word == -* ]] && continue
    case "$place" in
      "") place=$word ;;
      ${groups.join("|")}) place="$place $word" ;;
    esac
  done
  case "$place" in
${cases.join("\n")}
  esac
  _describe -o memomesh candidates
  _files
}
if [[ $funcstack[1] == _memomesh ]]; then _memomesh "$@"; else compdef _memomesh memomesh; fi`;
}

function fish(nodes: readonly Node[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = nodes.flatMap((node) => {
    const condition =
      node.path.length === 0
        ? "__fish_use_subcommand"
        : node.path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    const rest = node.children.map(nameOf).join(" ");
    const here =
      rest === "" || node.path.length === 0 ? condition : `${condition}; and not __fish_seen_subcommand_from ${rest}`;
    return [
      ...node.children.map(
        (child) => `complete -c memomesh -f -n ${quote(here)} -a ${nameOf(child)} -d ${quote(child.summary)}`,
      ),
      ...node.choices.map((choice) => `complete -c memomesh -f -n ${quote(here)} -a ${choice}`),
      ...node.options.map(
        ({ flag, summary }) => `complete -c memomesh -n ${quote(here)} -l ${flag.slice(2)} -d ${quote(summary)}`,
      ),
    ];
  });
  return `# memomesh completion for fish\n${lines.join("\n")}`;
}
