import type { OptionRule, Program, ProgramTable } from "../program.ts";
import { onlyAsks } from "../rules/cloud.ts";
import { every } from "../rules/every.ts";
import { comparesAny, gitConfigures, gitNames, gitReaches, gitSettings, showsFiles } from "../rules/git.ts";
import { startsElsewhere } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";
import { readsFile, runsProgram, writesFile } from "./usual-options.ts";

const running: NonNullable<Program["options"]> = {
  "--ext-diff --textconv --open-files-in-pager -O --exec -x --upload-pack -u --receive-pack --upload-archive --remote --template --config":
    runsProgram,
};
const looks: Program = {
  risk: "low",
  effects: ["read"],
  does: "reads the history",
  options: {
    "--ext-diff --textconv --filters --open-files-in-pager -O --upload-pack --exec --show-signature": runsProgram,
    "--output": writesFile,
    "--contents -X --exclude-from --git-path": readsFile,
  },
  rule: comparesAny,
  valued: "--output --contents -X --exclude-from -n --max-count --format --since --until --author --grep -S -G -L",
};
const records: Program = {
  risk: "medium",
  effects: ["write", "git-history"],
  does: "changes the history or the files",
  options: running,
};
const rewrites: Program = {
  risk: "high",
  effects: ["git-history", "delete", "unknown"],
  does: "rewrites history or loses changes, and can run programs",
};

const losesChanges: OptionRule = { risk: "high", effects: ["delete"], does: "overwrites changes" };

export const git: ProgramTable = {
  git: {
    risk: "high",
    effects: ["git-history", "unknown"],
    does: "is given a subcommand that is not known; it may be an alias for any program",
    valued: "-c -C --git-dir --work-tree --namespace --exec-path --config-env --super-prefix",
    options: {
      "--exec-path --config-env": { risk: "high", effects: ["unknown"], does: "finds its programs elsewhere" },
      "-C --git-dir --work-tree": {
        risk: "medium",
        effects: ["unknown"],
        does: "obeys the settings of another repository",
      },
      "-p --paginate": { risk: "medium", effects: ["unknown"], does: "runs a pager" },
    },
    rule: gitSettings,
    commands: {
      "diff show blame annotate cat-file whatchanged diff-tree diff-index diff-files": {
        ...looks,
        rule: every(comparesAny, showsFiles(0)),
      },
      grep: { ...looks, valued: `${looks.valued} -e -f -A -B -C -m`, rule: showsFiles(1) },
      "status log rev-parse rev-list ls-files ls-tree describe shortlog merge-base name-rev show-ref for-each-ref count-objects var version cherry range-diff check-ignore check-attr fsck verify-commit verify-tag":
        looks,
      "ls-remote": { ...looks, rule: gitReaches },
      "branch tag": {
        risk: "low",
        effects: ["read"],
        does: "lists or changes names",
        valued: "--sort --format --contains --merged --no-merged --points-at -m -u",
        rule: gitNames,
      },
      config: {
        risk: "low",
        effects: [],
        does: "reads or changes its settings",
        valued: "-f --file --blob --type --default",
        rule: gitConfigures,
      },
      "add commit merge cherry-pick revert mv switch notes init": records,
      "stash worktree": {
        ...records,
        commands: {
          "list show": looks,
          "drop clear": { ...rewrites, does: "loses changes that were laid aside" },
          remove: { ...records, options: { ...running, "-f --force": losesChanges } },
        },
      },
      "am apply": {
        ...records,
        options: {
          ...running,
          "--unsafe-paths --directory": { risk: "high", effects: ["write"], does: "writes outside of the repository" },
        },
      },
      "checkout restore rm": {
        ...records,
        risk: "medium",
        effects: ["write", "delete", "git-history"],
        options: { ...running, "-f --force": losesChanges },
      },
      "fetch pull clone submodule remote": {
        risk: "medium",
        effects: ["network", "write", "git-history"],
        does: "works with another repository",
        options: {
          ...running,
          "-c": { risk: "high", effects: ["unknown"], does: "has a setting for the other repository" },
        },
        rule: every(gitReaches, mentions(/^foreach$/, "high", ["unknown"], "runs text in every repository"), (call) =>
          call.into.hidden(call.args, call),
        ),
      },
      push: {
        risk: "high",
        effects: ["network", "git-history"],
        does: "changes another repository",
        options: {
          "-f --force --delete -d --mirror --prune": {
            risk: "critical",
            effects: ["git-history", "delete"],
            does: "removes what others may have built on",
          },
        },
        rule: gitReaches,
      },
      "reset clean rebase filter-branch filter-repo gc prune reflog update-ref replace symbolic-ref fast-import read-tree write-tree update-index":
        { ...rewrites, valued: "-x --exec --onto", options: running },
      "bisect difftool mergetool archive instaweb daemon credential send-email svn p4 hook maintenance": {
        risk: "high",
        effects: ["unknown"],
        does: "can run other programs",
        rule: every(startsElsewhere(1), (call) => call.into.hidden(call.args, call)),
      },
    },
    examples: {
      "git status": "low",
      "git log --oneline -5": "low",
      "git diff --output=/etc/hosts": "critical",
      "git diff --ext-diff": "high",
      "git -c alias.x='!reboot' x": "critical",
      "git -c core.pager=./x log": "high",
      "git -c color.ui=false log": "low",
      "git --exec-path=/tmp status": "high",
      "git -C ../other status": "medium",
      "git commit -m x": "medium",
      "git push": "high",
      "git push --force": "critical",
      "git push -f origin main": "critical",
      "git reset --hard HEAD~1": "high",
      "git clean -fdx": "high",
      "git rebase -x 'rm -rf /' main": "critical",
      "git bisect run reboot": "critical",
      "git submodule foreach 'rm -rf /'": "critical",
      "git clone ext::sh%20-c%20reboot": "critical",
      "git clone --upload-pack=./x y": "high",
      "git config core.hooksPath /tmp": "high",
      "git config --get user.name": "low",
      "git config --global user.name x": "high",
      "git branch": "low",
      "git branch -D main": "high",
      "git branch new": "medium",
      "git frobnicate": "high",
      "git ls-remote ext::sh%20-c%20reboot": "critical",
      "git ls-remote --upload-pack=./x .": "high",
      "git show HEAD:.env": "medium",
      "git show HEAD:config/server.key": "high",
      "git diff main..next -- src": "low",
      "git grep -h . -- .env": "medium",
      "git grep -n '\\.env' src": "low",
      "git diff --no-index /dev/null /etc/shadow": "high",
      "git clone -c core.fsmonitor=./x a b": "high",
      "git cat-file --filters HEAD:x": "high",
      "git help -w log": "high",
      "git apply --unsafe-paths x.patch": "high",
      "git stash": "medium",
      "git stash list": "low",
      "git stash drop": "high",
      "git worktree remove -f x": "high",
      "git fetch": "medium",
    },
  },
  "gh glab": {
    risk: "low",
    effects: ["network"],
    does: "works with repositories of others",
    valued: "-L -s -l -R -q -A -S --limit --state --label --repo --jq --author --search --json",
    rule: every(
      onlyAsks(
        "-L -s -l -R -q -A -S --limit --state --label --repo --jq --author --search --json --comments --log --log-failed --verbose",
        "repositories of others",
        "run",
      ),
      mentions(/^(?:delete|archive)$/, "critical", ["delete", "git-history"], "removes what others may have built on"),
      mentions(
        /^(?:secret|variable|ssh-key|gpg-key|deploy-key|ruleset|token)$/,
        "critical",
        ["secret", "privilege"],
        "changes keys or rights",
      ),
    ),
    examples: {
      "gh pr list --state open": "medium",
      "gh pr view 12 --comments": "medium",
      "gh pr view 12 --web": "high",
      "gh run view 12 --log-failed": "medium",
      'gh pr list --jq "$X"': "high",
      "gh pr merge 1": "high",
      "gh auth status": "high",
      "gh repo delete x": "critical",
      "gh secret set X": "critical",
    },
  },
  "hub svn hg jj": {
    risk: "high",
    effects: ["network", "git-history"],
    does: "works with repositories of others",
    examples: { "svn commit": "high", "hg pull": "high" },
  },
};
