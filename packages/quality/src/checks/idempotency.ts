import type { Check } from "../check.ts";
import { cost, type Flaw } from "../finding.ts";
import type { ReadFile, ShellText } from "../material.ts";
import { type Called, calledBy, operandsOf } from "../shell/called.ts";
import { readCommands, type ShellCommand } from "../shell/read-commands.ts";
import { at, entriesOf, isSet, itemsOf, textOf, type YamlNode } from "../yaml/node.ts";

export const idempotency: Check = {
  id: "idempotent",
  title: "Idempotent shell and Ansible",
  weight: 8,
  about:
    "What was interrupted can be run again: commands that fail or add something the second time are written so that they do not (`mkdir -p`, `ln -sfn`, `kubectl apply`), or stand behind a test; Ansible's command and shell say when they change something (`creates:`, `changed_when:`).",
  look(material) {
    const shell = material.shell.filter(({ origin }) => origin === "script" || origin === "run");
    const books = material.files.filter(({ kind }) => kind === "playbook" || kind === "ansible-tasks");
    if (shell.length === 0 && books.length === 0) return undefined;
    return [...shell.flatMap(shellFlaws), ...books.flatMap(ansibleFlaws)];
  },
};

function shellFlaws({ text, file, line, origin }: ShellText): Flaw[] {
  const commands = readCommands(text) ?? [];
  const repeated = commands.flatMap((command): Flaw[] => {
    if (command.guarded || command.forgiven) return [];
    const reason = onlyOnce(command);
    if (reason === undefined) return [];
    return [{ file, line: line + command.line - 1, text: reason.text, cost: cost.notable, fix: reason.fix }];
  });
  return [...repeated, ...(origin === "script" ? strictness(text, file) : [])];
}

interface Reason {
  readonly text: string;
  readonly fix: string;
}

/** Why a command cannot be run twice. */
function onlyOnce(command: ShellCommand): Reason | undefined {
  const called = calledBy(command);
  const appended = command.writes.find(
    ({ appends, file }) => appends && !file.startsWith("/dev/") && !/\.log$/.test(file),
  );
  if (appended !== undefined) {
    return {
      text: `${appended.file} grows each time this is run`,
      fix: "write the whole file, or test first whether the line is there",
    };
  }
  const rule = Object.hasOwn(onceOnly, called.program) ? onceOnly[called.program] : undefined;
  return rule?.(called);
}

const hasOption = (called: Called, letter: string, long: string): boolean =>
  called.args.some((arg) => arg === `--${long}` || (/^-[A-Za-z]+$/.test(arg) && arg.includes(letter)));

/** Programs that fail, or add something, when they are called a second time. */
const onceOnly: Readonly<Record<string, (called: Called) => Reason | undefined>> = {
  mkdir: (called) =>
    hasOption(called, "p", "parents")
      ? undefined
      : { text: "mkdir fails when the folder is there", fix: "use mkdir -p" },
  ln: (called) =>
    hasOption(called, "f", "force") ? undefined : { text: "ln fails when the link is there", fix: "use ln -sfn" },
  rm: (called) =>
    hasOption(called, "f", "force") || hasOption(called, "r", "recursive")
      ? undefined
      : { text: "rm fails when the file is gone", fix: "use rm -f" },
  useradd: () => ({ text: "useradd fails when the user is there", fix: "test with `id` first" }),
  adduser: () => ({ text: "adduser fails when the user is there", fix: "test with `id` first" }),
  groupadd: (called) =>
    hasOption(called, "f", "force")
      ? undefined
      : { text: "groupadd fails when the group is there", fix: "use groupadd -f" },
  createdb: () => ({ text: "createdb fails when the database is there", fix: "ask psql -l first" }),
  createuser: () => ({ text: "createuser fails when the user is there", fix: "ask psql first" }),
  iptables: (called) =>
    called.args.some((arg) => /^-[AI]$|^--(?:append|insert)$/.test(arg))
      ? { text: "iptables adds the same rule again", fix: "test with iptables -C first" }
      : undefined,
  git: (called) => {
    const [verb] = operandsOf(called, ["-C", "-c"]);
    return verb === "clone"
      ? { text: "git clone fails when the folder is there", fix: "test for the folder first" }
      : undefined;
  },
  docker: (called) => {
    const [noun = "", verb] = operandsOf(called, ["-H"]);
    if (verb === "create" && ["network", "container"].includes(noun)) {
      return { text: `docker ${noun} create fails when it is there`, fix: `ask docker ${noun} inspect first` };
    }
    const named = called.args.some((arg) => /^--name\b/.test(arg));
    const kept = !called.args.some((arg) => arg === "--rm");
    return noun === "run" && named && kept
      ? {
          text: "docker run --name fails when the container is there",
          fix: "describe it in a Compose file, or remove the old one first",
        }
      : undefined;
  },
  kubectl: (called) => {
    const dry = called.args.some((arg) => arg.startsWith("--dry-run"));
    const [verb] = operandsOf(called, ["-n", "--namespace", "-f", "--context"]);
    return verb === "create" && !dry
      ? { text: "kubectl create fails when the object is there", fix: "use kubectl apply" }
      : undefined;
  },
  helm: (called) =>
    operandsOf(called)[0] === "install"
      ? { text: "helm install fails when the release is there", fix: "use helm upgrade --install" }
      : undefined,
};

/** A script goes on after a failure unless it says otherwise; run again, it meets what the first run left half done. */
function strictness(text: string, file: string): Flaw[] {
  const commands = readCommands(text) ?? [];
  const strict = commands.some(
    ({ words }) => words[0] === "set" && words.slice(1).some((word) => /^-\w*e|^errexit$/.test(word)),
  );
  const byShebang = /^#!.*\s-\w*e/.test(text);
  if (strict || byShebang || commands.length < 3) return [];
  return [
    {
      file,
      line: 1,
      text: "the script goes on after a command has failed",
      cost: cost.notable,
      fix: "begin with set -eu",
    },
  ];
}

const runsCommands = /^(?:ansible\.builtin\.|ansible\.windows\.)?(?:command|shell|raw|script|win_shell|win_command)$/;

function ansibleFlaws({ path, documents }: ReadFile): Flaw[] {
  return documents.flatMap((document) => tasksOf(document).flatMap((task) => taskFlaws(path, task)));
}

function taskFlaws(file: string, task: YamlNode): Flaw[] {
  const module = [...entriesOf(task)].find(([name]) => runsCommands.test(name));
  if (module === undefined) return [];
  const [name, { line, value }] = module;
  const inline = /\b(?:creates|removes)=/.test(textOf(value) ?? "");
  const says = ["creates", "removes"].some((part) => isSet(at(value, part)) || isSet(at(task, "args", part)));
  const decides = ["changed_when", "when"].some((part) => at(task, part) !== undefined);
  if (inline || says || decides) return [];
  const text = `${name} runs every time and always counts as a change`;
  return [{ file, line, text, cost: cost.notable, fix: "use a module, or add creates:, removes: or changed_when:" }];
}

/** All tasks of plays, blocks and lists of tasks. */
function tasksOf(node: YamlNode | undefined): readonly YamlNode[] {
  const parts = ["tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always"];
  return itemsOf(node).flatMap((item) => [item, ...parts.flatMap((part) => tasksOf(at(item, part)))]);
}
