import { has } from "../options.ts";
import type { Program, ProgramTable } from "../program.ts";
import { startsAnything } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";
import { printsLines, readsFile, runsProgram, writesFile, writesThere } from "./usual-options.ts";

const readsLists = {
  "--files0-from": printsLines,
} as const satisfies Program["options"];

const looks = { risk: "low", effects: ["read"] } as const;

/** Programs that look at files and print them. */
export const reading: ProgramTable = {
  tree: {
    ...looks,
    does: "lists files",
    valued: "-o -L -P -I --filelimit --charset --sort --timefmt",
    allowed:
      "-a -d -f -x -l -i -q -N -Q -p -u -g -s -h -D -F -v -t -c -U -r -n -C -A -S -J -X --noreport --dirsfirst --prune --du --si --inodes --matchdirs --ignore-case --gitignore --help",
    options: { "-o": writesFile },
    operands: { each: "look" },
    examples: { "tree -L 2": "low", "tree -o /etc/hosts": "critical", "tree -R -H x": "high" },
  },
  "ls exa eza": {
    ...looks,
    does: "lists files",
    operands: { each: "look" },
    examples: {
      "ls -la": "low",
      'ls -A "$MESH/projects/developer/dist"': "low",
      "ls /etc": "low",
      "/bin/ls": "low",
      "./ls": "high",
      "l\\s": "low",
    },
  },
  "stat readlink realpath basename dirname du df pwd namei pathchk": {
    ...looks,
    does: "tells about files",
    valued: "--files0-from",
    options: readsLists,
    operands: { each: "look" },
    examples: {
      'readlink "$SITE/current"': "low",
      "du -sk dist": "low",
      "df -Pk .": "low",
      "du --files0-from=/etc/shadow": "high",
    },
  },
  file: {
    ...looks,
    does: "tells what files are",
    valued: "-f -m -F -P -e --files-from --magic-file --separator --parameter --exclude",
    options: {
      "-f --files-from -m --magic-file": printsLines,
      "-C --compile": { risk: "high", effects: ["write"], does: "writes a file" },
    },
    operands: { each: "look" },
    examples: { "file -b logo.png": "low", "file -f /etc/shadow": "high", "file -C -m x": "high" },
  },
  "cat head tail tac nl wc rev fold fmt pr expand unexpand column paste cut comm join od hexdump strings look": {
    ...looks,
    does: "prints files",
    valued: "--files0-from",
    options: readsLists,
    operands: { each: "read" },
    examples: {
      "wc --files0-from=/etc/shadow": "high",
      "cat notes.md": "low",
      "cat .env": "medium",
      "cat ~/.ssh/id_ed25519": "high",
      "cat /etc/shadow": "high",
      "tail -n 5 log.txt": "low",
      "cat /dev/sda": "high",
      "cat a > b": "low",
      "cat a > /dev/sda": "critical",
    },
  },
  "cmp diff sdiff": {
    ...looks,
    does: "compares files",
    valued:
      "--label -L -U -C -W -x -X -I -F --exclude --exclude-from --width --context --unified -o --output --diff-program",
    options: {
      "--diff-program -o --output": {
        risk: "high",
        effects: ["unknown"],
        does: "runs another program or writes a file",
      },
      "-X --exclude-from --from-file --to-file": readsFile,
    },
    allowed:
      "-a -b -B -c -d -e -E -i -l -n -N -p -q -r -s -t -T -u -w -y -Z --brief --recursive --report-identical-files --new-file --unidirectional-new-file --ignore-case --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-trailing-space --ignore-tab-expansion --ignore-matching-lines --strip-trailing-cr --text --side-by-side --suppress-common-lines --minimal --no-dereference --color --normal --expand-tabs --from-file --to-file --quiet --silent --verbose --print-bytes --bytes --ignore-initial",
    operands: { each: "read" },
    examples: {
      'diff -r "$MESH/projects/developer/dist" releases/1': "low",
      "cmp a b": "low",
      "diff --from-file a b": "low",
    },
  },
  "fd fdfind": {
    ...looks,
    does: "looks for files",
    valued:
      "-e -t -d -E -S -c -j --extension --type --max-depth --min-depth --exclude --size --color --changed-within --changed-before --max-results --threads",
    allowed:
      "-H -I -u -s -i -g -F -a -l -L -p -0 -1 -q --hidden --no-ignore --unrestricted --case-sensitive --ignore-case --glob --fixed-strings --absolute-path --list-details --follow --full-path --print0 --quiet --strip-cwd-prefix --show-errors --no-ignore-vcs --one-file-system --prune",
    options: { "-x -X --exec --exec-batch": runsProgram },
    rule: (call, parsed) => (has(parsed, "-x -X --exec --exec-batch") ? startsAnything(call, parsed) : []),
    examples: {
      "fd -e ts . src": "low",
      "fd -x rm -rf /": "critical",
      "fd x -X ./y": "high",
      "fd --base-directory / x": "high",
    },
  },
  "bat batcat": {
    ...looks,
    does: "prints files",
    valued:
      "-l -r -H --language --line-range --highlight-line --style --theme --paging --wrap --tabs --color --decorations --terminal-width",
    allowed: "-p -n -A -u --plain --number --show-all --list-languages --list-themes --no-pager",
    operands: { each: "read" },
    examples: { "bat --plain README.md": "low", "bat ~/.ssh/id_rsa": "high", "bat --pager=./x a": "high" },
  },
  "less more most man view": {
    risk: "high",
    effects: ["read", "unknown"],
    does: "waits for keys, and runs programs when told so by them",
    operands: { each: "read" },
    rule: startsAnything,
    examples: { "less a.txt": "high", "man ls": "high", "less '+!rm -rf /' a": "critical" },
  },
  mktemp: {
    risk: "low",
    effects: ["write"],
    does: "makes a temporary file",
    valued: "-p -t --tmpdir --suffix",
    options: { "-p --tmpdir": writesThere },
    operands: { each: "write" },
    examples: { "mktemp -d": "low", "mktemp /etc/x.XXXX": "high", 'D=$(mktemp -d); rm -rf "$D"': "medium" },
  },
  "shellcheck yamllint hadolint promtool ansible-lint htmlhint markdownlint": {
    ...looks,
    does: "checks files",
    valued: "-s -S -e -i -f -o -P -C -c -d --shell --severity --exclude --include --format --output --encode",
    options: { "--output --fix -w --write -o": { risk: "medium", effects: ["write"], does: "writes files" } },
    allowed:
      "-a -x -V -q --check-sourced --external-sources --norc --color --wiki-link-count --strict --no-warnings --list-files --no-fail --failure-threshold --version",
    rule: mentions(
      /^(?:https?|ftp|query|push|tsdb|debug)(?::|$)/,
      "medium",
      ["network", "write"],
      "does more than to check a file",
    ),
    operands: { each: "read" },
    examples: {
      "shellcheck deploy.sh": "low",
      "yamllint compose.yaml": "low",
      "markdownlint --rules ./x.js a.md": "high",
      "ansible-lint -r ./rules": "high",
      "promtool check config prometheus.yml": "low",
      "promtool query instant http://x.example up": "medium",
    },
  },
  xmllint: {
    ...looks,
    does: "checks files",
    valued: "-o --output --encode --xpath --schema --dtdvalid --relaxng --pattern",
    options: { "-o --output": writesFile },
    allowed: "--noout --nonet --valid --wellformed --format --version --html --timing --debug",
    rule: mentions(/^(?:https?|ftp):/, "medium", ["network"], "asks another machine"),
    operands: { each: "read" },
    examples: { "xmllint --noout a.xml": "low", "xmllint --shell x": "high", "xmllint --output /etc/x a.xml": "high" },
  },
};
