import { has } from "../options.ts";
import type { Program, ProgramTable } from "../program.ts";
import { printsSecret, printsVariables } from "../rules/builtin.ts";
import { every } from "../rules/every.ts";
import { startsAnything } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";
import { onlyLooksWith } from "../rules/only-looks.ts";
import { edits, queriesJson, queriesYaml, scansLines } from "../rules/script-text.ts";
import { searches } from "../rules/search.ts";
import { printsLines, readsFile, runsProgram, writesFile, writesThere } from "./usual-options.ts";

const readsLists = {
  "--files0-from": printsLines,
} as const satisfies Program["options"];

const looks = { risk: "low", effects: ["read"] } as const;

/** Programs that look and print. */
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
  "grep egrep fgrep": {
    ...looks,
    does: "looks for text in files",
    valued: "-e -f -m -A -B -C -d -D --regexp --file --max-count --include --exclude --exclude-dir",
    options: { "-f --file --exclude-from": { does: "reads its patterns", value: "read" } },
    rule: searches("-e -f --regexp --file"),
    examples: {
      "grep -e root /etc/shadow": "high",
      "grep -f patterns.txt ~/.ssh/id_rsa": "high",
      'grep -q "1.4.2" current/version.txt': "low",
      "grep rm notes.txt": "low",
      "grep -r x /etc/shadow": "high",
    },
  },
  "rg ag ack": {
    ...looks,
    does: "looks for text in files",
    valued:
      "-e -f -g -t -T -A -B -C -m -M -j -r -d -E --regexp --file --glob --iglob --type --type-not --after-context --before-context --context --max-count --max-columns --max-depth --max-filesize --threads --replace --encoding --sort --sortr --color --colors --ignore-file --type-add",
    allowed:
      "-F -P -S -U -a -b -c -h -H -i -l -L -n -N -o -p -q -s -u -v -V -w -x -0 -1 -. --files --files-with-matches --files-without-match --hidden --no-ignore --no-ignore-vcs --no-ignore-parent --no-messages --no-heading --heading --no-filename --with-filename --line-number --no-line-number --count --count-matches --fixed-strings --pcre2 --smart-case --ignore-case --case-sensitive --word-regexp --line-regexp --invert-match --only-matching --multiline --multiline-dotall --text --follow --json --vimgrep --stats --trim --pretty --quiet --null --column --type-list --unrestricted --passthru --no-config --crlf --one-file-system --nocolor --ts --js --py --md",
    options: {
      "-f --file": { does: "reads its patterns", value: "read" },
      "--pre --hostname-bin --pager --search-zip -z": runsProgram,
    },
    rule: searches("-e -f --regexp --file --files"),
    examples: {
      "rg needle src": "low",
      "rg --pre ./x needle": "high",
      "rg -e x /etc/shadow": "high",
      "rg --hostname-bin=./x needle": "high",
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
  yq: {
    ...looks,
    does: "reads YAML",
    valued: "-p -o -I --input-format --output-format --indent --expression",
    allowed:
      "-r -e -n -N -P -C -M -j -0 -y -Y --raw-output --unwrapScalar --exit-status --null-input --no-doc --prettyPrint --colors --no-colors --tojson",
    options: { "-i --inplace": { does: "writes what it reads" } },
    rule: queriesYaml,
    examples: {
      "yq '.services | keys' compose.yml": "low",
      "yq -i '.version = 2' compose.yml": "low",
      "yq -i '.x = 1' /etc/netplan/a.yaml": "critical",
      "yq 'load(\"/etc/shadow\")' a.yml": "high",
      "yq -n 'strenv(TOKEN)'": "high",
      "yq eval '.services.web.env' compose.yml": "low",
      "yq -s .name a.yml": "high",
      "yq . ~/.kube/config": "high",
    },
  },
  sort: {
    ...looks,
    does: "sorts lines",
    valued:
      "-k -t -o -S -T --key --field-separator --output --buffer-size --temporary-directory --compress-program --files0-from --random-source --parallel --batch-size",
    options: {
      "-o --output": writesFile,
      "--compress-program": runsProgram,
      "--files0-from --random-source": readsFile,
    },
    allowed:
      "-b -c -C -d -f -g -h -i -M -m -n -R -r -s -u -V -z --unique --reverse --numeric-sort --human-numeric-sort --version-sort --general-numeric-sort --month-sort --random-sort --stable --check --merge --ignore-case --ignore-leading-blanks --dictionary-order --ignore-nonprinting --zero-terminated --sort --debug",
    operands: { each: "read" },
    examples: {
      "sort --files0-from=/etc/shadow": "high",
      "sort -u a.txt": "low",
      "sort -o /etc/hosts a": "critical",
      "sort --compress-prog=sh a": "high",
      "sort -t, -k2 a": "low",
    },
  },
  "uniq tsort": {
    ...looks,
    does: "compares lines",
    valued: "-f -s -w",
    operands: { first: "read", last: "write" },
    examples: { "uniq -c": "low", "uniq a /etc/hosts": "critical" },
  },
  "tr seq expr factor numfmt bc sleep yes cksum sum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum shasum md5 uuidgen cal tput clear sync":
    {
      risk: "low",
      effects: [],
      does: "calculates",
      operands: { each: "look" },
      examples: { "sha256sum -c SUMS": "low", "tr a b": "low", "sleep 2": "low" },
    },
  envsubst: {
    risk: "low",
    effects: [],
    does: "puts the values of variables into text",
    rule: printsSecret,
    examples: { "envsubst < page.html": "low", "envsubst '$DB_PASSWORD'": "medium" },
  },
  "base64 base32 basenc": {
    ...looks,
    does: "encodes or decodes text",
    operands: { each: "read" },
    examples: { "base64 logo.png": "low", "base64 ~/.ssh/id_rsa": "high" },
  },
  "jq gron": {
    ...looks,
    does: "reads JSON",
    valued: "-f -L --from-file --indent --arg --argjson --slurpfile --rawfile --library-path",
    options: {
      "-f --from-file": { does: "takes its program from a file", value: "read" },
      "-L --library-path": { does: "takes its modules from a folder", value: "read" },
    },
    allowed:
      "-a -c -C -e -j -M -n -r -R -s -S -h --ascii-output --compact-output --color-output --exit-status --join-output --monochrome-output --null-input --raw-output --raw-output0 --raw-input --slurp --sort-keys --tab --unbuffered --stream --seq --args --jsonargs --ascii --ungron --values --version",
    rule: every(queriesJson, searches("-f --from-file")),
    examples: {
      "jq .version package.json": "low",
      "jq --arg v 1 '.version = $v' package.json": "low",
      "jq -n --rawfile x /etc/shadow '$x'": "high",
      "jq -n env": "medium",
      "jq -Rr . /etc/shadow": "high",
      "gron https://x.example": "medium",
    },
  },
  sed: {
    ...looks,
    does: "edits text",
    valued: "-e -f -l --expression --file --line-length",
    rule: edits,
    examples: {
      "sed -n '1,5p' a.txt": "low",
      "sed 's/a/b/g' a.txt": "low",
      "sed -i 's/a/b/' conf.txt": "low",
      "sed -i 's/a/b/' /etc/hosts": "critical",
      "sed 's/.*/reboot/e' a": "high",
      "sed '1e reboot' a": "high",
      "sed 'w /etc/passwd' a": "high",
      "sed -f script.sed a": "high",
      "sed -e 's/a/b/' -e 's/;/,/' a": "low",
      "sed --in-pl 's/a/b/' /etc/passwd": "critical",
    },
  },
  "awk gawk mawk nawk": {
    ...looks,
    does: "reads lines of text",
    strict: true,
    valued: "-F -v -f -i -l -e -E --field-separator --assign --file --include --load --source --exec",
    allowed:
      "-t -n -V -P -c -C --traditional --posix --characters-as-bytes --re-interval --non-decimal-data --sandbox --csv --version",
    options: {
      "-f -i -l -e -E --file --include --load --source --exec -d -o -p --dump-variables --pretty-print --profile -D --debug":
        { risk: "high", effects: ["unknown"], does: "takes its program from elsewhere or writes a file" },
    },
    rule: scansLines,
    examples: {
      "awk '{print $1}' a": "low",
      "awk -F: '$3 == 5 {print $1}' a": "low",
      "awk 'NR > 1 && $2 >= 3' a": "low",
      "awk 'BEGIN{system(\"reboot\")}'": "critical",
      "awk '{print > \"/etc/passwd\"}' a": "critical",
      "awk -f x.awk": "high",
      "mawk -W exec=x": "high",
    },
  },
  "xxd hexyl": {
    ...looks,
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
      "-f --file -r --reference": readsFile,
    },
    rule: mentions(/^\d{4,}(?:\.\d\d)?$/, "critical", ["service"], "sets the clock"),
    examples: {
      "date -u +%FT%TZ": "low",
      "date -s 12:00": "critical",
      "date --se=12:00": "critical",
      "date 11210700": "critical",
    },
  },
  "whoami id groups uname uptime arch nproc tty locale lscpu lsblk lsusb lspci lsmod free ps pgrep pidof who w users last vmstat iostat top which whereis whatis apropos getent getconf lsof logname hostid sw_vers findmnt mpstat lvs vgs pvs lvdisplay vgdisplay pvdisplay xfs_info blkid ipcs lsns lsattr pmap getfacl pg_isready varnishstat":
    {
      ...looks,
      does: "tells about the machine",
      examples: { whoami: "low", "ps aux": "low", "uname -a": "low", "which node": "low", "getent shadow": "high" },
      rule: mentions(/^g?shadow$/, "high", ["secret"], "prints the passwords' digests"),
    },
  "dmidecode numactl": {
    ...looks,
    does: "tells about the machine",
    rule: onlyLooksWith(
      "-t -s -q -H -s --type --string --hardware --show",
      "high",
      ["unknown"],
      "may do more than tell",
    ),
    examples: { "dmidecode -t memory": "low", "numactl --hardware": "low", "numactl -N 0 ./x": "high" },
    valued: "--type --string",
  },
  sar: {
    ...looks,
    does: "tells about the machine",
    valued: "-o -f -s -e -i -I -n -P",
    options: { "-o": writesFile, "-f": readsFile },
    examples: { "sar -u 1 3": "low", "sar -o /etc/x 1": "high" },
  },
  "nvidia-smi": {
    ...looks,
    does: "tells about the GPUs",
    valued: "--query-gpu --query-compute-apps --format -i --id -d --display",
    allowed: "-L --list-gpus -q --query -h --help",
    examples: {
      "nvidia-smi": "low",
      "nvidia-smi --query-gpu=index,name,memory.total,memory.used --format=csv": "low",
      "nvidia-smi -L": "low",
      "nvidia-smi -r": "high",
      "nvidia-smi --persistence-mode=1": "high",
    },
  },
  "ss netstat": {
    ...looks,
    does: "lists connections",
    options: {
      "-K --kill": { risk: "high", effects: ["service"], does: "closes connections" },
      "-D --diag": { risk: "medium", effects: ["write"], does: "writes a file" },
    },
    examples: { "ss -tlnp": "low", "ss -K dst 10.0.0.1": "high" },
  },
  printenv: {
    ...looks,
    does: "prints variables",
    rule: every(printsVariables, printsSecret),
    examples: {
      printenv: "medium",
      "printenv HOME": "low",
      "printenv DB_PASSWORD": "medium",
      "printenv AWS_SECRET_ACCESS_KEY": "medium",
      "printenv DATABASE_URL": "medium",
    },
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
  "less more most man view": {
    risk: "high",
    effects: ["read", "unknown"],
    does: "waits for keys, and runs programs when told so by them",
    operands: { each: "read" },
    rule: startsAnything,
    examples: { "less a.txt": "high", "man ls": "high", "less '+!rm -rf /' a": "critical" },
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
