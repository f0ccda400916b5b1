import { higherRisk, type Risk } from "@memomesh/core";
import { isSecretPath, placeOf, removalRisk, writeRisk } from "./place.ts";
import type { Effect } from "./programs.ts";
import type { ResolvedWord } from "./word.ts";

/** Something that an argument adds to what its program does. */
export interface Finding {
  readonly risk: Risk;
  readonly effects: readonly Effect[];
  readonly text: string;
  readonly word: ResolvedWord;
}

type Rule = (args: readonly ResolvedWord[], program: ResolvedWord) => readonly Finding[];

/** What the arguments of a known program add. */
export function argumentFindings(name: string, words: readonly ResolvedWord[]): readonly Finding[] {
  const [program, ...args] = words;
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (program === undefined) return [];
  const secrets = args.filter(isSecretPath).map((word): Finding => ({ risk: "high", effects: ["secret"], text: `${name} touches ${word.text}, where secrets are kept`, word }));
  return [...secrets, ...(rule === undefined ? [] : rule(args, program))];
}

function operands(args: readonly ResolvedWord[], valued = ""): ResolvedWord[] {
  const takesValue = new Set(valued.split(" "));
  const found: ResolvedWord[] = [];
  let onlyOperands = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] as ResolvedWord;
    if (onlyOperands || !word.text.startsWith("-") || word.text === "-") found.push(word);
    else if (word.text === "--") onlyOperands = true;
    else if (takesValue.has(word.text)) at += 1;
  }
  return found;
}

function has(args: readonly ResolvedWord[], option: RegExp): ResolvedWord | undefined {
  return args.find(({ text }) => option.test(text));
}

function valueOf(args: readonly ResolvedWord[], option: RegExp): ResolvedWord[] {
  return args.flatMap((word, index) => {
    if (!option.test(word.text)) return [];
    const equals = /^--[\w-]+=(.*)$/s.exec(word.text);
    const next = args[index + 1];
    return equals ? [{ ...word, text: equals[1] ?? "" }] : next === undefined ? [] : [next];
  });
}

function writes(words: readonly ResolvedWord[], does: string): Finding[] {
  return words
    .filter((word) => placeOf(word) !== "sink")
    .map((word) => ({ risk: writeRisk(word), effects: ["write"], text: `${does} ${word.text}`, word }));
}

function one(risk: Risk, effects: readonly Effect[], text: string, word: ResolvedWord | undefined): Finding[] {
  return word === undefined ? [] : [{ risk, effects, text, word }];
}

/** The last operand is written, the others are read; with `-t` it is the other way round. */
function destination(name: string): Rule {
  return (args) => {
    const target = valueOf(args, /^(?:-t|--target-directory(?:=|$))/);
    const given = operands(args, "-t --target-directory -S --suffix -m --mode -o --owner -g --group");
    const sources = target.length > 0 ? given : given.slice(0, -1);
    const moved = name === "mv" ? sources.filter((word) => placeOf(word) !== "inside") : [];
    return [
      ...writes(target.length > 0 ? target : given.slice(-1), `${name} writes`),
      ...moved.map((word): Finding => ({ risk: higherRisk("medium", writeRisk(word)), effects: ["delete"], text: `mv takes ${word.text} away`, word })),
      ...(name === "ln" ? sources.filter((word) => word.known && ["system", "device", "home", "outside"].includes(placeOf(word))).map((word): Finding => ({ risk: "medium", effects: ["write"], text: `the link leads to ${word.text}, outside of the target's folder`, word })) : []),
    ];
  };
}

const remove: Rule = (args) => {
  const recursive = has(args, /^-[a-zA-Z]*[rR]|^--recursive$/) !== undefined;
  return operands(args).map((word) => {
    const risk = recursive ? removalRisk(word) : higherRisk("medium", writeRisk(word));
    return { risk, effects: ["delete"], text: `it deletes ${word.text}${recursive ? " and everything in it" : ""}`, word };
  });
};

const download: Rule = (args, program) => {
  const addresses = operands(args, "-o --output -O -m --max-time --connect-timeout -w --write-out -H --header -A -e -u -x -X --request -d --data --data-raw --data-binary -F --form -T --upload-file --retry --retry-delay -t --timeout --tries");
  const isLocal = addresses.length > 0 && addresses.every(({ text, known }) => known && /^(?:https?:\/\/)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?(?:[/?#]|$)/i.test(text));
  const sends = has(args, /^(?:-d|--data.*|-F|--form.*|-T|--upload-file|--post-.*|--body-.*|--method.*)$/) ?? valueOf(args, /^(?:-X|--request)$/).find(({ text }) => !/^(?:GET|HEAD)$/i.test(text));
  const files = valueOf(args, program.text.endsWith("wget") ? /^(?:-O|--output-document)(?:=|$)/ : /^(?:-[a-zA-Z]*o|--output)(?:=|$)/).filter(({ text }) => text !== "-");
  const named = program.text.endsWith("wget") ? files.length === 0 && has(args, /^-[a-zA-Z]*q?O-$|^--spider$/) === undefined : has(args, /^(?:-[a-zA-Z]*O|--remote-name.*)$/) !== undefined;
  return [
    ...one(isLocal && sends === undefined && !named ? "low" : "medium", ["network"], isLocal ? "it asks a service of this machine" : "it talks to the network", program),
    ...one(isLocal ? "medium" : "high", ["network"], "it sends data", sends),
    ...writes(files, "it saves what it gets to"),
    ...one("high", ["unknown"], "its options come from a file", has(args, /^(?:-K|--config.*|--execute.*|-e|--use-askpass.*|--engine.*)$/)),
  ];
};

const find: Rule = (args) => [
  ...one("high", ["delete"], "find deletes what it finds", has(args, /^-delete$/)),
  ...writes(valueOf(args, /^-f(?:ls|print0?|printf)$/), "find writes"),
];

const gitLooks = /^(?:status|log|diff|show|rev-parse|ls-files|ls-tree|cat-file|blame|describe|shortlog|rev-list|merge-base|name-rev|var|version|help|check-ignore|for-each-ref|grep|whatchanged|show-ref|count-objects|fsck)$/;
const gitRewrites = /^(?:push|reset|clean|rebase|filter-branch|filter-repo|checkout|switch|restore|reflog|gc|prune|update-ref|replace|stash|rm|branch|tag|notes|fetch|pull|clone|remote|submodule|worktree|am|apply|cherry-pick|revert|bisect|config|daemon|send-email|p4|svn)$/;

const git: Rule = (args, program) => {
  const runs = has(args, /^(?:-c|--config-env(?:=.*)?|--exec-path=.*|-[a-z]*u|--upload-pack.*|--receive-pack.*|--exec.*|-O.*|--open-files-in-pager.*|--ext-diff|--textconv|--output.*|-x|-p|--paginate)$/);
  const command = operands(args, "-C -c --git-dir --work-tree --namespace")[0];
  const findings = one("high", ["unknown"], "an option of git that can run programs or write files", runs);
  if (command !== undefined && gitLooks.test(command.text)) return [...findings, { risk: "low", effects: ["read"], text: "git only looks", word: command }];
  if (command !== undefined && gitRewrites.test(command.text)) return [...findings, { risk: "high", effects: ["git-history"], text: `git ${command.text} can change history, branches or other repositories`, word: command }];
  if (command !== undefined && /^(?:add|commit|init|mv|merge)$/.test(command.text)) return [...findings, { risk: "medium", effects: ["git-history"], text: `git ${command.text} changes the repository, and runs its hooks`, word: command }];
  return [...findings, ...one("high", ["unknown"], "a command of git that is not known", command ?? program)];
};

/** Programs of which some commands only look. What is not named here keeps the program's own risk. */
function looks(pattern: RegExp, risk: Risk = "low"): Rule {
  return (args, program) => {
    const said = args.map(({ text }) => text).join(" ");
    return pattern.test(said) && args.every(({ known }) => known) ? [{ risk, effects: ["read"], text: `${program.text} only looks`, word: program }] : [{ risk: "high", effects: [], text: `${program.text} changes something here, or what it does is not known`, word: program }];
  };
}

/** Programs whose own entry is too high for what these arguments do; the rule alone decides. */
export const decidedByArguments = new Set(["curl", "wget", "git", "docker", "docker-compose", "kubectl", "systemctl", "service", "nginx", "caddy", "crontab"]);

const rules: Readonly<Record<string, Rule>> = {
  rm: remove,
  rmdir: remove,
  unlink: remove,
  cp: destination("cp"),
  mv: destination("mv"),
  ln: destination("ln"),
  install: destination("install"),
  rsync: (args) => [
    ...destination("rsync")(args, args[0] as ResolvedWord),
    ...one("medium", ["delete"], "rsync deletes what the source does not have", has(args, /^--del(?:ete.*)?$/)),
    ...one("high", ["live-infrastructure", "network"], "rsync works with another machine, or runs a program", has(args, /^(?:-[a-zA-Z]*e|--rsh.*|--rsync-path.*|rsync:\/\/.*|[^/$]*:.*)$/)),
  ],
  mkdir: (args) => writes(operands(args, "-m --mode"), "mkdir makes"),
  touch: (args) => writes(operands(args, "-d -t -r --date --reference"), "touch writes"),
  tee: (args) => writes(operands(args), "tee writes"),
  truncate: (args) => writes(operands(args, "-s --size -r"), "truncate empties"),
  mktemp: () => [],
  sort: (args) => [...writes(valueOf(args, /^(?:-o|--output)(?:=|$)/), "sort writes"), ...one("high", ["unknown"], "sort runs a program", has(args, /^--compress-program/))],
  split: (args) => one("high", ["unknown"], "split runs a program", has(args, /^--filter/)),
  sed: (args, program) => {
    const scripts = has(args, /^-(?:e|f|-expression|-file)/) === undefined ? operands(args).slice(0, 1) : valueOf(args, /^(?:-[a-z]*e|--expression)(?:=|$)/);
    const runs = scripts.find(({ text, known }) => !known || /(?:^|[;{}\n/\d$!]|\s)[ewW](?:\s|$|\w)|[/|,#][gpiImM\d]*[ew][gpiImM\d]*\s*(?:\S|$)/.test(text.replace(/^s(.)(?:\\.|(?!\1).)*\1(?:\\.|(?!\1).)*\1[gpiImM\d]*$/s, "")));
    const inPlace = has(args, /^(?:-[a-zA-Z]*i|--in-place)/);
    return [
      ...one("high", ["unknown"], "a sed script that may run commands or write files", runs ?? (has(args, /^(?:-f|--file)/) && program)),
      ...(inPlace === undefined ? [] : writes(operands(args, "-e -f").slice(1), "sed changes")),
    ];
  },
  tar: (args, program) => [
    ...one("high", ["unknown"], "an option of tar that runs a program", has(args, /^(?:--checkpoint-action.*|--to-command.*|--use-compress-program.*|-[a-zA-Z]*[IF]|--info-script.*|--new-volume-script.*|--rsh-command.*|--rmt-command.*)$/)),
    ...one("high", ["write"], "tar writes outside of its folder", has(args, /^-[a-zA-Z]*P|^--absolute-names$/)),
    ...writes(valueOf(args, /^(?:-C|--directory)(?:=|$)/), "tar works in"),
    ...(/^-?[a-zA-Z]*c[a-zA-Z]*f/.test(args[0]?.text ?? "") ? writes(args.slice(1, 2), "tar writes") : []),
    ...one("low", ["write"], "tar packs or unpacks files", program),
  ],
  unzip: (args) => writes(valueOf(args, /^-d$/), "unzip writes"),
  zip: (args) => one("high", ["unknown"], "an option of zip that runs a program", has(args, /^(?:-T.*|--unzip-command.*|-TT)$/)),
  chmod: (args) => [
    ...writes(operands(args).slice(1), "chmod changes"),
    ...one("high", ["privilege"], "it lets everyone write, or gives a program its owner's rights", has(args, /^(?:[0-7]?[0-7]{2}[2367]|[4-7][0-7]{3}|[ugoa]*\+[rwx]*s|[ao]+\+[rwx]*w.*|\+s)$/)),
    ...one("medium", ["write"], "for everything below", has(args, /^(?:-[a-zA-Z]*R|--recursive)$/)),
  ],
  find,
  fd: (args) => one("high", ["unknown"], "fd runs a program", has(args, /^(?:-x|-X|--exec.*)$/)),
  curl: download,
  wget: download,
  git,
  cat: () => [],
  env: (args, program) => (args.length === 0 ? one("medium", ["secret"], "it prints every variable, secrets included", program) : []),
  printenv: (args, program) => (args.length === 0 ? one("medium", ["secret"], "it prints every variable, secrets included", program) : []),
  date: (args) => one("high", ["privilege"], "it sets the clock", has(args, /^(?:-s|--set.*)$/)),
  hostname: (args) => one("high", ["privilege"], "it names the machine", operands(args)[0]),
  ps: (args) => one("medium", ["secret"], "it shows the variables of processes", has(args, /^-?[a-z]*e[a-z]*ww?$/)),
  docker: looks(/^(?:compose (?:(?:-f|--file|--env-file|-p|--project-name) \S+ )*(?:config|ps|ls|images|version|port|top)|ps|images|version|info|inspect|port|top|stats --no-stream|network ls|volume ls)\b/),
  "docker-compose": looks(/^(?:(?:-f|--file|--env-file|-p|--project-name) \S+ )*(?:config|ps|images|version|port|top)\b/),
  kubectl: looks(/^(?:(?:-n|--namespace|--context) \S+ )?(?:get (?!.*\bsecrets?\b)|describe (?!.*\bsecrets?\b)|top |version|cluster-info|api-resources|explain )/, "medium"),
  systemctl: looks(/^(?:--user )?(?:status|is-active|is-enabled|is-failed|show|list-\S+|cat)\b/),
  service: looks(/^\S+ status$/),
  nginx: looks(/^(?:-[tTvV]|-t -c \S+)$/),
  caddy: looks(/^(?:validate|adapt|version|fmt (?!.*--overwrite))\b/),
  crontab: looks(/^-l$/),
  psql: (args, program) => dropsData(args, program),
  mysql: (args, program) => dropsData(args, program),
  mariadb: (args, program) => dropsData(args, program),
  sqlite3: (args, program) => dropsData(args, program),
  "redis-cli": (args) => one("critical", ["data", "delete"], "it deletes all data", has(args, /^flush(?:all|db)$/i)),
  terraform: (args) => one("critical", ["live-infrastructure", "delete"], "it destroys infrastructure", has(args, /^-?-?destroy$/)),
  tofu: (args) => one("critical", ["live-infrastructure", "delete"], "it destroys infrastructure", has(args, /^-?-?destroy$/)),
  chown: (args) => recursiveOwner(args),
  chgrp: (args) => recursiveOwner(args),
};

function dropsData(args: readonly ResolvedWord[], program: ResolvedWord): Finding[] {
  const drops = has(args, /\b(?:drop|truncate|delete\s+from|alter\s+(?:user|role)|grant|revoke)\b/i);
  const reads = has(args, /^(?:-[a-zA-Z]*f|--file.*|-i)$/);
  return [...one("critical", ["data", "delete"], "it deletes data, or changes who may reach it", drops), ...one("high", ["data"], "what it does stands in a file", reads && program)];
}

function recursiveOwner(args: readonly ResolvedWord[]): Finding[] {
  const recursive = has(args, /^-[a-zA-Z]*R|^--recursive$/);
  const wide = operands(args).slice(1).find((word) => ["system", "outside", "unknown", "home"].includes(placeOf(word)));
  return recursive === undefined ? [] : one("critical", ["privilege"], "it changes the owner of everything below", wide);
}
