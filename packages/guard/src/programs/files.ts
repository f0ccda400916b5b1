import type { Program, ProgramTable } from "../program.ts";
import { carries } from "../rules/archive.ts";
import { removes } from "../rules/delete.ts";
import { every } from "../rules/every.ts";
import { makesFolders } from "../rules/folder.ts";
import { changesOwnership, givesRights } from "../rules/mode.ts";
import { runsProgram } from "./usual-options.ts";

const target = {
  "-t --target-directory": { does: "puts files into a folder", value: "write" },
} as const satisfies Program["options"];

const writes = { risk: "low", effects: ["write"] } as const;

const copies = { risk: "low", effects: ["read", "write"] } as const;

/** Programs that change files. How bad that is depends on where they lie. */
export const files: ProgramTable = {
  "mkdir touch mkfifo": {
    ...writes,
    does: "makes files and folders",
    valued: "-m -d -r -t --mode --date --reference",
    operands: { each: "write" },
    examples: {
      "mkdir -p releases": "low",
      'mkdir -p "$SITE/releases/2"': "low",
      "mkdir -p /etc/x": "high",
      "touch ~/.bashrc": "high",
      'touch "$MESH/x"': "medium",
      "mkdir ../other": "medium",
    },
  },
  cp: {
    ...copies,
    does: "copies files",
    valued: "-t -S --target-directory --suffix",
    options: target,
    operands: { each: "read", last: "write" },
    examples: {
      'cp -R "$MESH/projects/developer/site/dist/." "releases/1.4.2"': "low",
      'cp -a "$SITE/current" "$SITE/backup-1.4.1"': "low",
      "cp a /usr/local/bin/a": "high",
      "cp a /srv/www/a": "medium",
      "cp -t /etc a b": "high",
      "cp --target=/etc a b": "high",
      "cp evil /etc/cron.d/x": "critical",
      "cp ~/.ssh/id_rsa public/key": "high",
      'cp a "$SITE/../../etc/passwd"': "critical",
      "cp a ../other/b": "medium",
      'cp a "$DEST"': "medium",
      "cp x .git/hooks/post-commit": "high",
    },
  },
  mv: {
    ...writes,
    does: "moves files",
    valued: "-t -S --target-directory --suffix",
    options: target,
    operands: { each: "write" },
    rule: carries,
    examples: {
      "mv ~/.ssh/id_rsa public/key": "high",
      "mv -fT current.next current 2>/dev/null || mv -fh current.next current": "low",
      "mv /etc/nginx a": "high",
      "mv /etc /tmp/etc": "critical",
      "mv a /dev/null": "low",
      "mv x /etc/passwd": "critical",
    },
  },
  ln: {
    ...writes,
    does: "makes links",
    valued: "-t -S --target-directory --suffix",
    options: target,
    operands: { each: "point", last: "write" },
    examples: {
      "ln -s releases/1.4.2 current.next": "low",
      'ln -sfn "$(readlink app/previous)" app/older': "low",
      "ln -s /etc/passwd x": "medium",
      "ln -sf a /usr/bin/a": "high",
      "ln -s ~/.ssh/id_rsa public": "high",
    },
  },
  install: {
    ...writes,
    does: "copies files with an owner and a mode",
    valued: "-m -o -g -t -S --mode --owner --group --target-directory --suffix --strip-program",
    options: {
      ...target,
      "--strip-program": runsProgram,
      "-o --owner -g --group": { risk: "high", effects: ["privilege"], does: "gives files to another user" },
    },
    operands: { each: "read", last: "write" },
    rule: makesFolders,
    examples: {
      "install -m 644 a b": "low",
      "install -d /etc/x": "high",
      "install -m 755 a /usr/local/bin/a": "high",
      "install --strip-prog=./x -s a b": "high",
    },
  },
  tee: {
    ...writes,
    does: "writes what it reads",
    operands: { each: "write" },
    examples: {
      "ls | tee list.txt": "low",
      "tee /etc/passwd": "critical",
      "tee -a ~/.ssh/authorized_keys": "critical",
      "ls | tee /dev/null": "low",
    },
  },
  rm: {
    risk: "low",
    effects: ["delete"],
    does: "deletes",
    valued: "--interactive",
    rule: removes,
    examples: {
      "rm -r releases/1.4.1": "medium",
      'rm -r "$SITE/backup-1.4.1"': "medium",
      "rm a": "medium",
      "rm -rf /": "critical",
      "rm -rf /*": "critical",
      "rm -rf ~": "critical",
      "rm -rf ..": "critical",
      "rm -rf .": "high",
      "rm -rf *": "high",
      'rm -rf "$X"': "high",
      'rm -rf "$X/"*': "critical",
      "rm -rf $X/*": "critical",
      "rm -rf /srv/app": "high",
      "rm -rf /etc/nginx": "critical",
      "rm -fr -- '/'": "critical",
      "rm --recur /var/lib": "critical",
      'rm -rf "$SITE"': "high",
      'rm -rf "$MESH"': "critical",
      "rm -rf releases/../..": "critical",
      "rm $X": "high",
      "{rm,-rf,/}": "critical",
      "rm -r{f,} /": "critical",
      "rm -rf .git": "high",
      "rm -rf //": "critical",
      "rm -rf /./../": "critical",
      'for d in releases/*/; do rm -r "$d"; done': "medium",
    },
  },
  "rmdir unlink": {
    risk: "medium",
    effects: ["delete"],
    does: "deletes",
    operands: { each: "delete" },
    examples: { "rmdir old": "medium", "unlink /etc/passwd": "critical" },
  },
  "shred srm wipe trash": {
    risk: "high",
    effects: ["delete"],
    does: "deletes for good",
    operands: { each: "delete" },
    examples: { "shred -u a": "high", "shred /dev/sda": "critical" },
  },
  "truncate fallocate": {
    risk: "medium",
    effects: ["write", "delete"],
    does: "changes how much a file holds",
    valued: "-s -r -l -o --size --reference --length --offset",
    operands: { each: "write" },
    examples: { "truncate -s 0 app.log": "medium", "truncate -s 0 /etc/passwd": "critical" },
  },
  "chmod chgrp": {
    risk: "medium",
    effects: ["write"],
    does: "changes who may use files",
    options: { "--reference": { does: "takes the mode of another file" } },
    rule: every(changesOwnership, givesRights),
    examples: {
      "chmod +x deploy.sh": "medium",
      "chmod -R 777 /": "critical",
      "chmod 4755 x": "critical",
      "chmod u+s x": "critical",
      "chmod 777 x": "high",
      "chmod 600 /etc/shadow": "critical",
      "chmod 0644 x": "medium",
    },
  },
  chown: {
    risk: "high",
    effects: ["write", "privilege"],
    does: "gives files to another user",
    options: { "--reference": { does: "takes the owner of another file" } },
    rule: changesOwnership,
    examples: {
      "chown www-data a": "high",
      "chown -R root /": "critical",
      "chown -R me /etc": "critical",
      "chown --recurs me /usr": "critical",
    },
  },
  setcap: {
    risk: "critical",
    effects: ["privilege"],
    does: "makes a program run with rights of root",
    operands: { last: "write" },
    examples: { "setcap cap_setuid+ep x": "critical", "setcap cap_net_bind_service=+ep /usr/bin/node": "critical" },
  },
  "setfacl chattr chflags xattr chcon": {
    risk: "high",
    effects: ["privilege"],
    does: "changes who may do what",
    operands: { each: "write" },
    examples: {
      "setfacl -m u:x:rw a": "high",
      "chattr -i /etc/passwd": "critical",
    },
  },
  "split csplit": {
    ...copies,
    does: "cuts a file into several",
    valued: "-a -b -C -l -n -f -t --filter --additional-suffix",
    options: {
      "-f --prefix": { does: "writes files with that beginning", value: "write" },
      "--filter": { risk: "high", effects: ["unknown"], does: "runs shell text", value: "shell" },
    },
    operands: { first: "read", last: "write" },
    examples: { "csplit -f /etc/x x 1": "high", "split -l 10 a part-": "low", "split --filter='reboot' a": "critical" },
  },
};
