import type { ShellCommand } from "./read-commands.ts";

/** A program and its arguments, without what only starts it. */
export interface Called {
  readonly program: string;
  readonly args: readonly string[];
}

/** What a command calls in the end: `sudo -n timeout 30 docker compose ps` calls docker. */
export function calledBy({ words }: Pick<ShellCommand, "words">): Called {
  let rest = words;
  for (;;) {
    const [first = "", ...args] = rest;
    const program = first.slice(first.lastIndexOf("/") + 1);
    if (!["sudo", "env", "exec", "command", "nice", "nohup", "time", "timeout"].includes(program)) {
      return { program, args };
    }
    const start = args.findIndex((arg) => !/^-|^[A-Za-z_]\w*=|^\d+(?:\.\d+)?[smhd]?$/.test(arg));
    if (start === -1) return { program, args };
    rest = args.slice(start);
  }
}

/** The first arguments that are no options, nor values of the options named: the subcommand and what it is given. */
export function operandsOf({ args }: Called, valued: readonly string[] = []): readonly string[] {
  return args.filter((arg, index) => !arg.startsWith("-") && !valued.includes(args[index - 1] ?? ""));
}
