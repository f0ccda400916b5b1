import { Command } from "commander";
import { type CommandEntry, commands, type Frame, groups } from "./commands.ts";
import { withExamples } from "./help.ts";
import { version } from "./version.ts";

/**
 * The tree of commands.
 *
 * @param called the command that is going to run: then it is the only one in the tree, which saves the others' time;
 * undefined: every command with its name and summary, to show help or to say which one was probably meant
 */
export async function createProgram(frame: Frame, called?: CommandEntry): Promise<Command> {
  return called === undefined ? plant(frame, commands, () => false) : plant(frame, [called], () => true);
}

/** Every command with all that it takes: for completion and the reference. */
export async function createWholeProgram(frame: Frame): Promise<Command> {
  return plant(frame, commands, () => true);
}

async function plant(
  frame: Frame,
  entries: readonly CommandEntry[],
  isWanted: (entry: CommandEntry) => boolean,
): Promise<Command> {
  const program = new Command("memomesh")
    .description("Coordinates AI agents with Markdown memos: agents prepare, people decide, git remembers.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .showHelpAfterError("(--help shows how it is used)")
    .configureHelp({ showGlobalOptions: false, styleTitle: (title) => title })
    .exitOverride();
  withExamples(program, [
    ["memomesh init studio", "make a mesh"],
    ["memomesh status", "see what waits where"],
    ["memomesh review", "decide on what an agent has prepared"],
  ]);
  for (const entry of entries) {
    const [first = "", second] = entry.name.split(" ");
    const parent = second === undefined ? program : groupCommand(program, first);
    const command = parent
      .command(second ?? first, { isDefault: second !== undefined && groups[first]?.meant === second })
      .description(entry.summary)
      .helpOption("-h, --help", "show help");
    if (second === undefined) command.helpGroup(entry.section);
    if (!isWanted(entry)) continue;
    const { define } = await entry.load();
    define(command, frame);
    command.option("--json", "print JSON for a program instead of text for a person");
  }
  return program;
}

/** The entry that these arguments call, if they call one. */
export function calledEntry(args: readonly string[]): CommandEntry | undefined {
  const [first = "", second] = args.filter((arg) => !arg.startsWith("-"));
  const named = commands.find(({ name }) => name === first || name === `${first} ${second}`);
  // Help on a group is about all of its commands.
  if (named !== undefined || args.includes("--help") || args.includes("-h")) return named;
  return commands.find(({ name }) => name === `${first} ${groups[first]?.meant}`);
}

function groupCommand(program: Command, name: string): Command {
  const existing = program.commands.find((command) => command.name() === name);
  if (existing !== undefined) return existing;
  const group = groups[name];
  if (group === undefined) throw new Error(`commands.ts has no group "${name}"`);
  return program
    .command(name)
    .description(group.summary)
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .helpGroup(group.section);
}
