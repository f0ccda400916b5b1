import { finding } from "../call.ts";
import type { Program, ProgramTable, Rule } from "../program.ts";
import { every } from "../rules/every.ts";
import { mentions } from "../rules/mention.ts";
import { looksUnlessWithMore, onlyLooksFor, onlyLooksWith } from "../rules/only-looks.ts";
import { textOf } from "../shell/argument.ts";
import { runsProgram, writesFile } from "./usual-options.ts";

const elsewhere: NonNullable<Program["options"]> = {
  "-H --host -M --machine": { risk: "high", effects: ["live-infrastructure"], does: "works on another machine" },
};
const tells: Program = { risk: "low", effects: ["read"], does: "tells about services", options: elsewhere };
/** `kill -9 -1`: every process that may be ended. */
const endsAll: Rule = (call) => {
  const last = call.args.at(-1);
  const all = call.args.length > 1 && last !== undefined && textOf(last) === "-1";
  return all ? [finding(call, "critical", ["service"], "ends every process", last)] : [];
};

/** What keeps strangers out, and lets the operator in. */
const guardsMachine = mentions(
  /^(?:ufw|firewalld|nftables|iptables|ip6tables|netfilter-persistent|shorewall|fail2ban|crowdsec|apparmor|auditd|sshd?|systemd-resolved|systemd-networkd|networking|NetworkManager|network|named|bind9|dnsmasq|unbound)(?:\.(?:service|socket))?$/,
  "critical",
  ["network", "privilege"],
  "works on what guards the machine and its network",
);
/** `service ufw stop`; to ask for its state is harmless. */
const guardsService: Rule = (call, parsed) => {
  const [, wanted] = parsed.operands;
  return wanted !== undefined && textOf(wanted) === "status" ? [] : guardsMachine(call, parsed);
};
const halts: Program = { risk: "critical", effects: ["service"], does: "stops the machine" };

const networks: Program = {
  risk: "critical",
  effects: ["network", "privilege"],
  does: "changes the network or the machine's name and time",
};
const looksOnly = looksUnlessWithMore(
  "-a -s -p -H -M --host --machine --all --pretty --static --transient --json --no-pager --property --peers --self",
  networks.risk,
  networks.effects,
  networks.does,
);
const shows: Program = {
  ...tells,
  options: { "-s --show-secrets": { risk: "high", effects: ["secret"], does: "tells keys" } },
};

/** Services, users and the rules of the machine. */
export const system: ProgramTable = {
  systemctl: {
    risk: "high",
    effects: ["service"],
    does: "starts, stops or changes services",
    valued: "-H -M -t -p -n -o --host --machine --root --type --property --state",
    options: elsewhere,
    commands: {
      "": {
        ...tells,
        rule: looksUnlessWithMore(
          "-t -a -l -n -q --failed --type --state --all --full --no-pager --no-legend --plain --user --system",
          "high",
          ["service"],
          "does what is not known",
        ),
      },
      "status is-active is-enabled is-failed is-system-running get-default list-units list-unit-files list-timers list-sockets list-jobs list-dependencies show cat":
        tells,
      "poweroff reboot halt kexec soft-reboot rescue emergency suspend hibernate": halts,
      "start restart reload try-restart reload-or-restart stop kill enable disable reenable mask unmask isolate edit set-property revert":
        {
          risk: "high",
          effects: ["service"],
          does: "starts, stops or changes services",
          options: elsewhere,
          rule: guardsMachine,
        },
    },
    examples: {
      "systemctl restart nginx": "high",
      "systemctl status nginx": "low",
      "systemctl list-jobs": "low",
      "systemctl --failed": "low",
      "systemctl --force --force": "high",
      "systemctl set-default rescue.target": "high",
      "systemctl enable --now x": "high",
      "systemctl reboot": "critical",
      "systemctl daemon-reload": "high",
      "systemctl -H prod status x": "high",
      "systemctl status x -H prod": "high",
      "systemctl disable --now ufw": "critical",
      "systemctl stop firewalld.service": "critical",
      "systemctl status ufw": "low",
    },
  },
  "service rc-service": {
    ...tells,
    rule: every(onlyLooksFor("status", "high", ["service"], "starts, stops or changes services"), guardsService),
    examples: {
      "service nginx status": "low",
      "service nginx restart": "high",
      "service ufw stop": "critical",
      "service ufw status": "low",
      "service --status-all": "high",
    },
  },
  "loginctl systemd-analyze": {
    risk: "high",
    effects: ["service"],
    does: "changes services or sessions",
    options: elsewhere,
    commands: {
      "": tells,
      "list-sessions list-users list-seats session-status user-status seat-status show-session show-user show-seat":
        tells,
      "time blame critical-chain verify security calendar timestamp timespan dump unit-files cat-config": tells,
    },
    examples: {
      "loginctl list-sessions": "low",
      "loginctl terminate-user x": "high",
      "systemd-analyze blame": "low",
      "systemd-analyze log-level debug": "high",
      "systemd-analyze -H web blame": "high",
    },
  },
  "rc-update initctl launchctl supervisorctl pm2 sv s6-rc monit update-rc.d chkconfig": {
    risk: "high",
    effects: ["service"],
    does: "starts, stops or changes services",
    commands: { "status list ls summary": tells },
    rule: guardsMachine,
    examples: { "pm2 restart all": "high", "pm2 ls": "low", "supervisorctl status": "low", "sv stop sshd": "critical" },
  },
  "journalctl dmesg": {
    risk: "low",
    effects: ["read"],
    does: "reads the machine's journal",
    valued:
      "-u -n -o -p -S -U -t -g -F -D -M -i --unit --lines --output --priority --since --until --identifier --grep --field --directory --machine --file --root --image --cursor --after-cursor --cursor-file --output-fields --facility --user-unit --level --namespace",
    allowed:
      "-a -b -c -e -f -k -l -m -q -r -x -N -H -L -P -T -w -h --all --boot --list-boots --pager-end --follow --dmesg --full --no-full --merge --quiet --reverse --catalog --fields --human --color --nopager --no-pager --ctime --kernel --userspace --utc --no-hostname --no-tail --disk-usage --header --version --help --system --user --reltime --time-format --decode --show-delta --case-sensitive",
    options: {
      "--cursor-file": writesFile,
      "--vacuum-size --vacuum-time --vacuum-files --rotate --flush -C --clear --read-clear --setup-keys": {
        risk: "high",
        effects: ["delete"],
        does: "deletes from the journal",
      },
    },
    examples: {
      "journalctl -u nginx -n 50": "low",
      "journalctl --vacuum-size=1M": "high",
      "dmesg -C": "high",
      "dmesg -T": "low",
      "dmesg -n 1": "low",
      "dmesg --console-off": "high",
      "journalctl --cursor-file=/etc/cron.d/x": "critical",
      "journalctl --relinquish-var": "high",
    },
  },
  kill: {
    risk: "low",
    effects: ["read"],
    does: "asks whether a process runs",
    rule: every(onlyLooksWith("-0 -l -L", "high", ["service"], "ends processes"), endsAll),
    examples: {
      "kill 123": "high",
      "kill -9 -1": "critical",
      "kill -1 123": "high",
      "kill -0 123": "low",
      "kill -l": "low",
      "kill -0 -9 1": "high",
    },
  },
  "killall pkill xkill skill": {
    risk: "high",
    effects: ["service"],
    does: "ends processes",
    examples: { "pkill node": "high" },
  },
  "shutdown reboot halt poweroff init telinit kexec": {
    ...halts,
    examples: { reboot: "critical", "shutdown -h now": "critical", "/sbin/reboot": "critical" },
  },
  "iptables ip6tables": {
    risk: "low",
    effects: ["read"],
    does: "lists the firewall",
    rule: onlyLooksWith(
      "-L -S -n -v --list --list-rules",
      "critical",
      ["network", "privilege"],
      "changes the firewall",
    ),
    examples: {
      "iptables -F": "critical",
      "iptables -L -n": "low",
      "iptables -nL -F": "critical",
      "iptables -t nat -L": "critical",
    },
  },
  "iptables-save ip6tables-save": {
    risk: "low",
    effects: ["read"],
    does: "lists the firewall",
    valued: "-t -f -M --table --file --modprobe",
    allowed: "-c --counters",
    options: { "-f --file": writesFile, "-M --modprobe": runsProgram },
    examples: { "iptables-save > firewall.txt": "low", "iptables-save -M ./x": "high" },
  },
  "firewall-cmd": {
    risk: "low",
    effects: ["read"],
    does: "lists the firewall",
    rule: onlyLooksWith(
      "--state --list-all --list-all-zones --list-services --list-ports --get-active-zones --get-default-zone --get-zones",
      "critical",
      ["network", "privilege"],
      "changes the firewall",
    ),
    examples: { "firewall-cmd --list-all": "low", "firewall-cmd --permanent --add-port=22/tcp": "critical" },
  },
  "iptables-restore ip6tables-restore nft ufw pfctl ebtables arptables ipset fail2ban-client": {
    risk: "critical",
    effects: ["network", "privilege"],
    does: "changes the firewall",
    commands: { "status version list": { risk: "low", effects: ["read"], does: "tells about the firewall" } },
    rule: looksUnlessWithMore(
      "-a -j -n -s --json --numeric",
      "critical",
      ["network", "privilege"],
      "changes the firewall",
    ),
    examples: {
      "ufw disable": "critical",
      "ufw status verbose": "low",
      "nft -a list ruleset": "low",
      "nft --file=x list": "critical",
      "nft flush ruleset": "critical",
    },
  },
  ip: {
    risk: "critical",
    effects: ["network", "privilege"],
    does: "changes the network of the machine",
    dashWords: true,
    valued: "-f -family -n -netns -b -batch",
    options: { "-b -batch": { risk: "critical", effects: ["network"], does: "takes its commands from a file" } },
    commands: {
      "a addr address r route link l neigh n rule": {
        risk: "low",
        effects: ["read"],
        does: "tells about the network",
        rule: mentions(
          /^(?:a|add|c|ch|chan\w*|replace|append|prepend|del\w*|d|set|s|se|f|fl\w*|flush|restore|save|exec)$/,
          "critical",
          ["network", "privilege"],
          "changes the network of the machine",
        ),
      },
    },
    examples: {
      "ip addr show": "low",
      "ip -br a": "low",
      "ip link set eth0 down": "critical",
      "ip route add default via 10.0.0.1": "critical",
      "ip netns exec x sh": "critical",
      "ip -b x": "critical",
    },
  },
  "route tc brctl iwconfig wg-quick netplan networksetup dhclient scutil nsupdate rndc dnscontrol octodns": {
    ...networks,
    examples: { "nsupdate x": "critical", "route add default gw 10.0.0.1": "critical" },
  },
  "hostnamectl timedatectl localectl networkctl resolvectl ifconfig wg tailscale zerotier-cli": {
    ...networks,
    options: elsewhere,
    rule: looksOnly,
    commands: {
      "": tells,
      "status show list list-timezones list-locales list-keymaps timesync-status statistics netcheck": {
        ...tells,
        rule: every(looksOnly, mentions(/key|^dump$/, "high", ["secret"], "tells keys")),
      },
    },
    examples: {
      hostnamectl: "low",
      "timedatectl status": "low",
      "ifconfig -a": "low",
      "resolvectl --set-dns=10.0.0.1": "critical",
      "ifconfig eth0 down": "critical",
      "hostnamectl set-hostname x": "critical",
      "wg show": "low",
      "wg show wg0 private-key": "high",
      "tailscale status": "low",
      "tailscale up --ssh": "critical",
    },
  },
  nmcli: {
    ...networks,
    valued: "-f -g -m -t --fields --get-values --mode",
    options: { "-s --show-secrets": { risk: "high", effects: ["secret"], does: "tells keys" } },
    commands: {
      "": tells,
      "general g device dev d connection con c": { ...networks, commands: { "": tells, "status show": shows } },
    },
    examples: {
      "nmcli device status": "low",
      "nmcli con show": "low",
      "nmcli con show x -s": "high",
      "nmcli con down eth0": "critical",
    },
  },
  sysctl: {
    risk: "low",
    effects: ["read"],
    does: "tells the kernel's settings",
    rule: every(
      mentions(/=/, "critical", ["privilege"], "changes the kernel's settings"),
      (call, { options, operands, unsure }) =>
        !unsure &&
        options.every(({ name }) => /^-[aAnNeb]$|^--(?:all|values|names)$/.test(name)) &&
        (options.length > 0 || operands.length > 0) &&
        operands.every((operand) => textOf(operand) !== undefined)
          ? []
          : [finding(call, "critical", ["privilege"], "may change the kernel's settings")],
    ),
    examples: {
      "sysctl net.ipv4.ip_forward": "low",
      "sysctl -a": "low",
      "sysctl -w net.ipv4.ip_forward=1": "critical",
      "sysctl net.ipv4.ip_forward=1": "critical",
      "sysctl -p": "critical",
      'sysctl "$X"': "critical",
    },
  },
  "useradd usermod userdel adduser deluser groupadd groupmod groupdel passwd chpasswd gpasswd chage vipw vigr newusers chsh chfn newgrp sg dscl dseditgroup htpasswd realm kinit kadmin":
    {
      risk: "critical",
      effects: ["privilege"],
      does: "changes users and what they may do",
      examples: {
        "useradd x": "critical",
        "passwd root": "critical",
        "echo a:b | chpasswd": "critical",
        "usermod -aG sudo x": "critical",
      },
    },
  "modprobe insmod rmmod depmod setenforce semanage setsebool aa-disable aa-complain auditctl update-grub grub-install grub-mkconfig efibootmgr update-initramfs dracut nvram csrutil bless":
    {
      risk: "critical",
      effects: ["privilege", "service"],
      does: "changes the kernel or how the machine starts",
      examples: { "modprobe x": "critical", "insmod x.ko": "critical", "setenforce 0": "critical" },
    },
  hostname: {
    risk: "low",
    effects: ["read"],
    does: "tells the machine's name",
    options: { "-b -F --boot --file": { risk: "critical", effects: ["service"], does: "sets the machine's name" } },
    rule: mentions(/^[^-]/, "critical", ["service"], "sets the machine's name"),
    examples: { hostname: "low", "hostname -f": "low", "hostname x": "critical" },
  },
  visudo: {
    ...tells,
    valued: "-f --file",
    rule: onlyLooksWith(
      "-c --check",
      "critical",
      ["privilege"],
      "changes who may become root",
      "-q -s -f --file --quiet",
    ),
    examples: {
      "visudo -c": "low",
      "visudo -cf sudoers.next": "low",
      visudo: "critical",
      "visudo -f /etc/sudoers.d/x": "critical",
    },
  },
  sshd: {
    ...tells,
    valued: "-f",
    rule: onlyLooksWith("-t -T", "critical", ["network", "privilege"], "lets others log in", "-f -q"),
    examples: { "sshd -t": "low", "/usr/sbin/sshd -D": "critical", "sshd -T -o PermitRootLogin=yes": "critical" },
  },
  "php-fpm haproxy": {
    ...tells,
    valued: "-f -y",
    rule: onlyLooksWith("-t -c -v", "high", ["service"], "starts a service", "-f -y -q -V"),
    examples: { "php-fpm -t": "low", "haproxy -c -f haproxy.cfg": "low", "haproxy -f x.cfg": "high" },
  },
  "named-checkconf named-checkzone": {
    ...tells,
    options: { "-t": { risk: "high", effects: ["privilege"], does: "works in another root" } },
    examples: { "named-checkconf": "low", "named-checkzone -t /x a b": "high" },
  },
  "mailq postqueue": {
    ...tells,
    rule: looksUnlessWithMore("-p -j", "high", ["network"], "sends what waits"),
    examples: { mailq: "low", "postqueue -p": "low", "postqueue -f": "high" },
  },
  "chronyc ntpq": {
    risk: "high",
    effects: ["service"],
    does: "may set the clock",
    commands: {
      "tracking sources sourcestats activity": tells,
      "": { ...tells, rule: onlyLooksWith("-p -n", "high", ["service"], "may set the clock") },
    },
    examples: { "chronyc tracking": "low", "ntpq -p": "low", "chronyc makestep": "high", ntpq: "high" },
  },
  arp: {
    ...tells,
    rule: looksUnlessWithMore(
      "-a -e -n -v",
      "critical",
      ["network", "privilege"],
      "changes the network of the machine",
    ),
    examples: { "arp -n": "low", "arp -d 10.0.0.1": "critical" },
  },
  ethtool: {
    ...tells,
    rule: looksUnlessWithMore(
      "-a -c -g -i -k -l -m -S -T",
      "critical",
      ["network", "privilege"],
      "changes the network of the machine",
    ),
    examples: { "ethtool eth0": "low", "ethtool -i eth0": "low", "ethtool -s eth0 speed 10": "critical" },
  },
  nginx: {
    risk: "low",
    effects: ["read"],
    does: "checks its configuration",
    rule: onlyLooksWith("-t -T -q -v -V", "high", ["service"], "starts or changes a web server"),
    examples: { "nginx -t": "low", "nginx -s reload": "high", nginx: "high", "nginx -t -c x.conf": "high" },
  },
  "caddy apachectl apache2ctl httpd traefik": {
    risk: "high",
    effects: ["service"],
    does: "starts or changes a web server",
    commands: {
      "validate adapt version configtest": { risk: "low", effects: ["read"], does: "checks its configuration" },
    },
    examples: {
      "caddy reload": "high",
      "caddy validate --config Caddyfile": "low",
      "caddy adapt --config Caddyfile --pretty": "low",
    },
  },
  "certbot acme.sh update-ca-certificates update-ca-trust keytool": {
    risk: "critical",
    effects: ["secret", "network"],
    does: "changes keys and certificates",
    examples: { "certbot renew": "critical" },
  },
};
