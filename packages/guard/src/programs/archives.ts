import type { ProgramTable } from "../program.ts";
import { packs, synchronizes } from "../rules/archive.ts";
import { onlyLooksWith } from "../rules/only-looks.ts";
import { readsFile, runsProgram, writesThere } from "./usual-options.ts";

const copies = { risk: "low", effects: ["read", "write"] } as const;

/** Programs that pack, unpack, compare and copy many files at once. */
export const archives: ProgramTable = {
  "gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd": {
    ...copies,
    does: "packs or unpacks a file",
    valued: "-S -o -T -b --suffix --threads --files --files0 --output-dir-flat --output-dir-mirror --patch-from -D",
    operands: { each: "write" },
    options: {
      "-o --output-dir-flat --output-dir-mirror": writesThere,
      "--files --files0 --patch-from -D": readsFile,
    },
    allowed:
      "-0 -1 -2 -3 -4 -5 -6 -7 -8 -9 -c -d -e -f -h -k -l -L -n -N -q -r -s -t -v -V -z --stdout --to-stdout --decompress --uncompress --compress --fast --best --keep --force --list --test --quiet --verbose --name --no-name --recursive --rsyncable --extreme --long --ultra --rm --version --help --no-progress --adapt",
    examples: {
      "gzip -9 app.log": "low",
      "gunzip /etc/x.gz": "high",
      "zstd a -o/etc/x": "high",
      "gzip --frob a": "high",
    },
  },
  "zcat bzcat xzcat zstdcat": {
    risk: "low",
    effects: ["read"],
    does: "prints packed files",
    operands: { each: "read" },
    examples: { "zcat /var/log/app.log.1.gz": "low", "zcat ~/.ssh/x.gz": "high" },
  },
  tar: {
    risk: "low",
    effects: ["read"],
    does: "packs or unpacks files",
    valued:
      "-f -C -b -T -X -I -F -H -V -K -N -g --listed-incremental --file --directory --exclude --files-from --exclude-from --use-compress-program --format --info-script --new-volume-script --to-command --checkpoint-action --rsh-command --rmt-command --transform --owner --group --mode --mtime --strip-components",
    options: {
      "-T --files-from": { risk: "high", effects: ["unknown"], does: "takes names, and options too, from a file" },
      "-g --listed-incremental": { does: "writes what it has packed", value: "write" },
      "-X --exclude-from": readsFile,
      "-I --use-compress-program -F --info-script --new-volume-script --to-command --rsh-command --rmt-command": {
        risk: "high",
        effects: ["unknown"],
        does: "runs another program",
        value: "shell",
      },
      "--checkpoint-action": { risk: "high", effects: ["unknown"], does: "runs another program" },
      "-P --absolute-names": { risk: "high", effects: ["write"], does: "writes to any place that the archive names" },
      "--remove-files": { risk: "high", effects: ["delete"], does: "deletes what it has packed" },
    },
    allowed:
      "-c -x -t -r -u -A -d -z -j -J -Z -a -v -p -k -O -h -l -m -o -n -S -w -1 --create --extract --get --list --append --update --concatenate --diff --compare --gzip --gunzip --bzip2 --xz --zstd --lzma --auto-compress --verbose --verify --same-owner --no-same-owner --same-permissions --preserve-permissions --no-same-permissions --numeric-owner --same-order --sort --wildcards --no-wildcards --anchored --no-anchored --warning --totals --one-file-system --dereference --hard-dereference --keep-old-files --keep-newer-files --skip-old-files --overwrite --no-overwrite-dir --unlink-first --exclude-vcs --exclude-vcs-ignores --exclude-caches --exclude-backups --exclude-hidden --checkpoint --null --no-recursion --recursion --to-stdout --show-transformed-names --sparse --acls --xattrs --selinux --no-acls --no-xattrs --no-selinux --delay-directory-restore --touch --full-time --utc --block-number --ignore-zeros --ignore-failed-read --no-auto-compress --posix --no-xattrs --no-mac-metadata --disable-copyfile --version --help",
    rule: packs,
    examples: {
      "tar cIf 'sh -c reboot' a.tar a": "high",
      "tar -T list -cf a.tar": "high",
      "tar --index-file=/etc/x -cf a.tar a": "high",
      "tar --exclude=node_modules -czf src.tgz .": "low",
      "tar -czf site.tgz dist": "low",
      "tar tf site.tgz": "low",
      "tar -xzf site.tgz -C releases/2": "medium",
      "tar -xf site.tgz -C /": "critical",
      "tar xPf site.tgz": "high",
      "tar -cf /dev/sda dist": "critical",
      "tar -cf a.tar a --checkpoint=1 --checkpoint-action=exec=reboot": "critical",
      "tar -I 'sh -c reboot' -cf a.tar a": "critical",
      "tar --to-comm=reboot -xf a.tar": "critical",
      "tar cf host:/x.tar a": "high",
    },
  },
  zip: {
    ...copies,
    does: "packs files",
    valued:
      "-b -i -x -n -t -tt -O --out -TT --unzip-command -P --password --exclude --include --temp-path --compression-method",
    options: {
      "-T -TT --test --unzip-command": runsProgram,
      "-O --out -b --temp-path": writesThere,
      "-m --move": { risk: "high", effects: ["delete"], does: "deletes what it has packed" },
    },
    allowed:
      "-0 -1 -2 -3 -4 -5 -6 -7 -8 -9 -r -j -y -q -v -u -f -d -e -l -g -k -o -D -F -X -@ -S --recurse-paths --junk-paths --symlinks --quiet --update --freshen --delete --encrypt --no-extra --filesync",
    operands: { first: "write", each: "read" },
    examples: {
      "zip -r site.zip dist": "low",
      "zip a.zip a -T -TT 'sh #'": "high",
      "zip x.zip ~/.ssh/id_rsa": "high",
      "zip /etc/x.zip a": "high",
    },
  },
  unzip: {
    risk: "low",
    effects: ["read"],
    does: "lists or unpacks files",
    valued: "-d -x -P",
    options: {
      "-d": { does: "unpacks into a folder", value: "write" },
      "-: -^": { risk: "high", effects: ["write"], does: "writes to any place that the archive names" },
    },
    operands: { each: "read" },
    rule: onlyLooksWith(
      "-l -v -Z -t -z",
      { risk: "medium", effects: ["write"], does: "unpacks files of which the names are not known here" },
      "-q -x",
    ),
    examples: {
      "unzip -l a.zip": "low",
      "unzip a.zip -d /etc": "high",
      "unzip -q a.zip": "medium",
      "unzip -: a.zip": "high",
    },
  },
  "7z 7za 7zr": {
    risk: "medium",
    effects: ["read", "write"],
    does: "packs or unpacks files",
    valued: "-o -w -x",
    options: {
      "-o -w": { does: "unpacks into a folder", value: "write" },
    },
    operands: { each: "read" },
    examples: {
      "7z x a.7z": "medium",
      "7z x a.7z -o/etc": "high",
      "7z a -so a /etc/shadow": "high",
    },
  },
  patch: {
    risk: "medium",
    effects: ["write"],
    does: "changes files of which the names are not known here",
    valued:
      "-p -i -d -o -r -B -z -V -F -D --strip --input --directory --output --reject-file --prefix --suffix --fuzz --ifdef",
    options: {
      "-i --input": readsFile,
      "-d --directory -o --output -r --reject-file -B --prefix": writesThere,
      "-e --ed": { risk: "high", effects: ["unknown"], does: "takes its input for a script of an editor" },
    },
    allowed:
      "-N -R -b -f -l -n -c -u -s -t -v -E -T -Z --forward --reverse --backup --force --batch --silent --quiet --verbose --dry-run --ignore-whitespace --unified --context --normal --merge --binary --remove-empty-files --help",
    operands: { first: "write", each: "read" },
    examples: {
      "patch -p1 < fix.patch": "medium",
      "patch -p0 -d / -i x.patch": "critical",
      "patch /etc/passwd x.patch": "critical",
      "patch --ed x < y": "high",
    },
  },
  rsync: {
    risk: "low",
    effects: ["read"],
    does: "compares files",
    valued:
      "-e --rsh --rsync-path -f --filter --exclude --include --exclude-from --include-from --files-from -T --temp-dir --partial-dir --backup-dir --link-dest --compare-dest --copy-dest --log-file --password-file --port --timeout --bwlimit -B -M --chmod --chown",
    options: {
      "-e --rsh": { risk: "high", effects: ["unknown"], does: "starts another program to connect", value: "shell" },
      "--rsync-path --daemon -M --config": runsProgram,
      "--backup-dir --log-file --write-batch --partial-dir --temp-dir -T": writesThere,
      "--files-from --exclude-from --include-from --password-file": readsFile,
      "--chown --super --fake-super --devices": {
        risk: "high",
        effects: ["privilege"],
        does: "gives files to another user",
      },
    },
    allowed:
      "-a -v -q -c -r -R -b -u -d -l -L -k -K -H -p -E -A -X -o -g -D -t -O -J -S -n -W -x -m -z -C -0 -h -P -i -I -y -s --archive --verbose --quiet --checksum --recursive --relative --backup --update --inplace --append --append-verify --dirs --links --copy-links --copy-unsafe-links --safe-links --munge-links --copy-dirlinks --keep-dirlinks --hard-links --perms --executability --acls --xattrs --owner --group --specials --times --atimes --crtimes --omit-dir-times --omit-link-times --sparse --preallocate --dry-run --whole-file --one-file-system --existing --ignore-existing --prune-empty-dirs --numeric-ids --size-only --ignore-times --modify-window --fuzzy --compress --compress-level --cvs-exclude --from0 --stats --human-readable --progress --itemize-changes --out-format --list-only --info --debug --delete --delete-before --delete-during --delete-delay --delete-after --delete-excluded --del --remove-source-files --max-delete --max-size --min-size --partial --delay-updates --force --ignore-errors --no-perms --no-owner --no-group --no-times --no-relative --mkpath --suffix --protect-args --secluded-args --ipv4 --ipv6 --version --help --blocking-io --outbuf --no-o --no-g --no-p",
    rule: synchronizes,
    examples: {
      "rsync --read-batch=x a": "high",
      "rsync --password-file=/etc/shadow a b": "high",
      "rsync -a dist/ releases/2/": "low",
      "rsync -a dist/ web@host:/srv/": "high",
      "rsync -a --delete dist/ releases/2/": "high",
      "rsync -a --delete dist/ web@host:/srv/": "critical",
      "rsync -e 'sh -c reboot' a b": "critical",
      "rsync -a a rsync://host/x": "high",
      "rsync -an --delete dist/ releases/2/": "low",
      "rsync -avn --delete dist/ web@host:/srv/": "medium",
      "rsync --dry-run --log-file=/etc/x a b": "high",
      "rsync -n -e ./x a host:b": "high",
      "rsync -n --no-dry-run a host:b": "high",
      "rsync -n $MORE a host:b": "high",
    },
  },
};
