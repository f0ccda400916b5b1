import type { ProgramTable } from "../program.ts";
import { printsSecret } from "../rules/builtin.ts";
import { every } from "../rules/every.ts";
import { edits, queriesJson, queriesYaml, scansLines } from "../rules/script-text.ts";
import { searches } from "../rules/search.ts";
import { readsFile, runsProgram, writesFile } from "./usual-options.ts";

const looks = { risk: "low", effects: ["read"] } as const;

/** Programs that look for text, change it on its way, and print it. */
export const text: ProgramTable = {
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
};
