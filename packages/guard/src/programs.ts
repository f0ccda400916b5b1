import type { Risk } from "@memomesh/core";

/** What a command does to the world. */
export type Effect =
  | "read"
  | "write"
  | "delete"
  | "network"
  | "service"
  | "privilege"
  | "live-infrastructure"
  | "secret"
  | "data"
  | "git-history"
  | "unknown";

/** A program as it is known without looking at its arguments. Rules for arguments can only raise the risk. */
export interface Program {
  readonly risk: Risk;
  readonly effects: readonly Effect[];
  /** What it does, as it is told to a reviewer. */
  readonly does: string;
}

function group(risk: Risk, effects: readonly Effect[], does: string, names: string): [string, Program][] {
  return names.split(" ").map((name) => [name, { risk, effects, does }]);
}

/** Programs by their name. What is not here is unknown, and unknown is high. */
export const programs: ReadonlyMap<string, Program> = new Map([
  ...group("low", [], "does nothing by itself", "true false : exit return break continue shift wait set shopt local declare typeset readonly export unset times hash type getopts umask"),
  ...group("low", ["read"], "only looks", "test [ [[ ls cat head tail grep egrep fgrep diff cmp comm wc sort uniq cut tr nl tac rev stat file du df readlink realpath basename dirname pwd cd pushd popd date sleep id whoami hostname uname uptime free nproc which printf echo seq expr sha256sum sha1sum md5sum shasum cksum b2sum base32 base64 od hexdump strings column fold paste join tsort jq yq ps pgrep lsof printenv env locale tty read mapfile readarray yes timeout nice command builtin nohup stdbuf ionice setsid flock time getent find fd xargs watch"),
  ...group("low", ["write"], "writes files", "mkdir touch cp ln mv install tee mktemp mkfifo chmod gzip gunzip zcat bzip2 bunzip2 xz unxz zstd unzip zip tar split patch truncate rsync sed dos2unix"),
  ...group("medium", ["delete"], "deletes files", "rm rmdir unlink"),
  ...group("medium", ["network"], "talks to the network", "curl wget ping host dig nslookup nc ncat netcat telnet ftp sftp openssl traceroute whois"),
  ...group("medium", ["write", "network"], "installs or builds software, which runs code of others", "npm npx pnpm yarn node bun deno pip pip3 pipx uv poetry bundle gem composer cargo go make cmake ninja gradle mvn"),
  ...group("high", ["unknown"], "runs a program text that this tool does not read", "python python2 python3 perl ruby php lua tclsh awk gawk mawk osascript vim vi ex ed emacs less more man"),
  ...group("medium", ["git-history", "write"], "works on a git repository", "git"),
  ...group("high", ["service"], "controls services", "systemctl service rc-service launchctl supervisorctl pm2 initctl nginx caddy apachectl apache2ctl httpd"),
  ...group("high", ["live-infrastructure"], "changes live infrastructure", "kubectl helm oc terraform tofu pulumi ansible ansible-playbook ansible-pull docker docker-compose podman nerdctl ctr crictl nomad consul vault aws gcloud az doctl hcloud flyctl fly heroku vercel netlify wrangler salt puppet chef-client kustomize argocd flux skaffold virsh qm pct lxc incus"),
  ...group("high", ["live-infrastructure", "network"], "works on another machine", "ssh scp mosh rclone s3cmd"),
  ...group("high", ["data"], "works on a database", "psql mysql mariadb sqlite3 mongosh mongo redis-cli pg_dump pg_restore pg_dumpall mysqldump createdb createuser influx clickhouse-client cockroach"),
  ...group("high", ["write", "privilege"], "installs or removes system packages", "apt apt-get dpkg yum dnf rpm apk pacman zypper brew snap flatpak"),
  ...group("high", ["privilege"], "changes ownership or permissions for others", "chown chgrp setfacl setcap chattr xattr"),
  ...group("high", ["service"], "plans commands for later, or ends processes", "crontab at batch kill pkill killall systemd-run"),
  ...group("high", ["privilege"], "runs with the rights of another user", "sudo doas su runuser pkexec gosu setpriv chroot nsenter unshare"),
  ...group("high", ["unknown"], "runs commands from a text", "eval source . sh bash dash zsh ksh fish ash busybox exec trap alias enable bind script expect"),
  ...group("medium", ["unknown"], "runs commands for many arguments", "parallel entr"),
  ...group("critical", ["delete", "data"], "overwrites or formats a disk", "dd mkfs mkfs.ext4 mkfs.xfs mkfs.btrfs fdisk sfdisk parted gdisk sgdisk wipefs blkdiscard shred mkswap lvremove vgremove pvremove lvcreate zpool zfs mdadm cryptsetup hdparm mount umount swapoff losetup"),
  ...group("critical", ["network", "privilege"], "changes the firewall or the network", "iptables ip6tables nft ufw firewall-cmd pfctl ip ifconfig route netplan nmcli tc brctl"),
  ...group("critical", ["privilege"], "manages users and keys", "useradd usermod userdel adduser deluser groupadd groupmod groupdel passwd chpasswd visudo gpg ssh-keygen ssh-copy-id ssh-add update-ca-certificates"),
  ...group("critical", ["data", "delete"], "deletes a database", "dropdb dropuser"),
  ...group("critical", ["service"], "stops or restarts the machine", "reboot shutdown halt poweroff init telinit kexec modprobe insmod rmmod sysctl"),
  ...group("critical", ["live-infrastructure", "network"], "changes DNS", "nsupdate rndc"),
]);
