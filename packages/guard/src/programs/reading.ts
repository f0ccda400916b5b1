import type { ProgramTable } from "../program.ts";
import { printsSecret, printsVariables } from "../rules/builtin.ts";
import { every } from "../rules/every.ts";
import { mentions } from "../rules/mention.ts";
import { edits, scansLines } from "../rules/script-text.ts";

/** Programs that look and print. */
export const reading: ProgramTable = {
  tree: {
    risk: "low",
    effects: ["read"],
    does: "lists files",
    valued: "-o -L -P -I",
    options: { "-o": { does: "writes a file", value: "write" } },
    operands: { each: "look" },
    examples: { "tree -L 2": "low", "tree -o /etc/hosts": "high" },
  },
  "ls exa eza": {
    risk: "low",
    effects: ["read"],
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
  "stat file readlink realpath basename dirname du df pwd namei pathchk": {
    risk: "low",
    effects: ["read"],
    does: "tells about files",
    operands: { each: "look" },
    examples: { 'readlink "$SITE/current"': "low", "du -sk dist": "low", "df -Pk .": "low" },
  },
  "cat head tail tac nl wc rev fold fmt pr expand unexpand column paste cut comm join od hexdump strings look": {
    risk: "low",
    effects: ["read"],
    does: "prints files",
    operands: { each: "read" },
    examples: {
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
    risk: "low",
    effects: ["read"],
    does: "compares files",
    valued:
      "--label -L -U -C -W -x -X -I -F --exclude --exclude-from --width --context --unified -o --output --diff-program",
    options: {
      "--diff-program -o --output": {
        risk: "high",
        effects: ["unknown"],
        does: "runs another program or writes a file",
      },
    },
    operands: { each: "read" },
    examples: {
      'diff -r "$MESH/projects/developer/dist" releases/1': "low",
      "cmp a b": "low",
      "diff --from-file a b": "low",
    },
  },
  "grep egrep fgrep": {
    risk: "low",
    effects: ["read"],
    does: "looks for text in files",
    valued: "-e -f -m -A -B -C -d -D --regexp --file --max-count --include --exclude --exclude-dir",
    options: { "-f --file": { does: "reads its patterns", value: "read" } },
    operands: { first: "look", each: "read" },
    examples: {
      'grep -q "1.4.2" current/version.txt': "low",
      "grep rm notes.txt": "low",
      "grep -r x /etc/shadow": "high",
    },
  },
  "rg ag ack": {
    risk: "low",
    effects: ["read"],
    does: "looks for text in files",
    options: {
      "--pre --hostname-bin --pager --search-zip -z": {
        risk: "high",
        effects: ["unknown"],
        does: "runs another program",
      },
    },
    operands: { first: "look", each: "read" },
    examples: { "rg needle src": "low", "rg --pre ./x needle": "high" },
  },
  sort: {
    risk: "low",
    effects: ["read"],
    does: "sorts lines",
    valued:
      "-k -t -o -S -T --key --field-separator --output --buffer-size --temporary-directory --compress-program --files0-from --random-source --parallel --batch-size",
    options: {
      "-o --output": { does: "writes a file", value: "write" },
      "--compress-program": { risk: "high", effects: ["unknown"], does: "runs another program" },
    },
    operands: { each: "read" },
    examples: {
      "sort -u a.txt": "low",
      "sort -o /etc/hosts a": "high",
      "sort --compress-prog=sh a": "high",
      "sort -t, -k2 a": "low",
    },
  },
  "uniq tsort": {
    risk: "low",
    effects: ["read"],
    does: "compares lines",
    valued: "-f -s -w",
    operands: { first: "read", last: "write" },
    examples: { "uniq -c": "low", "uniq a /etc/hosts": "high" },
  },
  "tr seq expr factor numfmt bc dc sleep yes cksum sum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum shasum md5 uuidgen cal envsubst tput clear sync":
    {
      risk: "low",
      effects: [],
      does: "calculates",
      operands: { each: "look" },
      examples: { "sha256sum -c SUMS": "low", "tr a b": "low", "sleep 2": "low" },
    },
  "base64 base32 basenc": {
    risk: "low",
    effects: ["read"],
    does: "encodes or decodes text",
    operands: { each: "read" },
    examples: { "base64 logo.png": "low", "base64 ~/.ssh/id_rsa": "high" },
  },
  "jq gron": {
    risk: "low",
    effects: ["read"],
    does: "reads JSON",
    operands: { first: "look", each: "read" },
    examples: { "jq .version package.json": "low" },
  },
  sed: {
    risk: "low",
    effects: ["read"],
    does: "edits text",
    valued: "-e -f -l --expression --file --line-length",
    rule: edits,
    examples: {
      "sed -n '1,5p' a.txt": "low",
      "sed 's/a/b/g' a.txt": "low",
      "sed -i 's/a/b/' conf.txt": "low",
      "sed -i 's/a/b/' /etc/hosts": "high",
      "sed 's/.*/reboot/e' a": "high",
      "sed '1e reboot' a": "high",
      "sed 'w /etc/passwd' a": "high",
      "sed -f script.sed a": "high",
      "sed -e 's/a/b/' -e 's/;/,/' a": "low",
      "sed --in-pl 's/a/b/' /etc/passwd": "critical",
    },
  },
  "awk gawk mawk nawk": {
    risk: "low",
    effects: ["read"],
    does: "reads lines of text",
    strict: true,
    valued: "-F -v -f -i -l -e -E --field-separator --assign --file --include --load --source --exec",
    options: {
      "-f -i -l -e -E --file --include --load --source --exec -d -o -p --dump-variables --pretty-print --profile -D --debug":
        { risk: "high", effects: ["unknown"], does: "takes its program from elsewhere or writes a file" },
    },
    rule: scansLines,
    examples: {
      "awk '{print $1}' a": "low",
      "awk -F: '$3 == 5 {print $1}' a": "low",
      "awk 'NR > 1 && $2 >= 3' a": "low",
      "awk 'BEGIN{system(\"reboot\")}'": "high",
      "awk '{print > \"/etc/passwd\"}' a": "high",
      "awk -f x.awk": "high",
    },
  },
  "xxd hexyl": {
    risk: "low",
    effects: ["read"],
    does: "prints bytes",
    valued: "-c -g -l -o -s -n",
    operands: { first: "read", last: "write" },
    examples: { "xxd a.bin": "low", "xxd -r dump /dev/sda": "critical" },
  },
  date: {
    risk: "low",
    effects: [],
    does: "tells the time",
    valued: "-d -f -r -s --date --file --reference --set",
    options: {
      "-s --set": { risk: "critical", effects: ["service", "privilege"], does: "sets the clock" },
      "-f --file": { does: "reads a file", value: "read" },
    },
    rule: mentions(/^\d{4,}(?:\.\d\d)?$/, "critical", ["service"], "sets the clock"),
    examples: {
      "date -u +%FT%TZ": "low",
      "date -s 12:00": "critical",
      "date --se=12:00": "critical",
      "date 11210700": "critical",
    },
  },
  "whoami id groups uname uptime arch nproc tty locale lscpu lsblk lsusb lspci lsmod free ps pgrep pidof who w users last vmstat iostat top which whereis whatis apropos getent getconf lsof logname hostid sw_vers":
    {
      risk: "low",
      effects: ["read"],
      does: "tells about the machine",
      examples: { whoami: "low", "ps aux": "low", "uname -a": "low", "which node": "low", "getent shadow": "high" },
      rule: mentions(/^g?shadow$/, "high", ["secret"], "prints the passwords' digests"),
    },
  "ss netstat": {
    risk: "low",
    effects: ["read"],
    does: "lists connections",
    options: {
      "-K --kill": { risk: "high", effects: ["service"], does: "closes connections" },
      "-D --diag": { risk: "medium", effects: ["write"], does: "writes a file" },
    },
    examples: { "ss -tlnp": "low", "ss -K dst 10.0.0.1": "high" },
  },
  printenv: {
    risk: "low",
    effects: ["read"],
    does: "prints variables",
    rule: every(printsVariables, printsSecret),
    examples: { printenv: "medium", "printenv HOME": "low", "printenv DB_PASSWORD": "medium" },
  },
  mktemp: {
    risk: "low",
    effects: ["write"],
    does: "makes a temporary file",
    valued: "-p -t --tmpdir --suffix",
    options: { "-p --tmpdir": { does: "writes there", value: "write" } },
    operands: { each: "write" },
    examples: { "mktemp -d": "low", "mktemp /etc/x.XXXX": "high", 'D=$(mktemp -d); rm -rf "$D"': "medium" },
  },
  "less more most man view": {
    risk: "high",
    effects: ["read", "unknown"],
    does: "waits for keys, and runs programs when told so by them",
    operands: { each: "read" },
    examples: { "less a.txt": "high", "man ls": "high" },
  },
  "shellcheck yamllint hadolint promtool ansible-lint xmllint htmlhint markdownlint": {
    risk: "low",
    effects: ["read"],
    does: "checks files",
    options: { "--output --fix -w --write -o": { risk: "medium", effects: ["write"], does: "writes files" } },
    operands: { each: "read" },
    examples: { "shellcheck deploy.sh": "low", "yamllint compose.yaml": "low" },
  },
};
