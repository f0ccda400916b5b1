import { finding } from "../call.ts";
import type { Program, ProgramTable, Rule } from "../program.ts";
import { every } from "../rules/every.ts";
import { mentions } from "../rules/mention.ts";
import { onlyLooksWith } from "../rules/only-looks.ts";
import { textOf } from "../shell/argument.ts";
import { writesFile } from "./usual-options.ts";

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
const halts: Program = { risk: "critical", effects: ["service"], does: "stops the machine" };

/** Services, users and the rules of the machine. */
export const system: ProgramTable = {
  systemctl: {
    risk: "high",
    effects: ["service"],
    does: "starts, stops or changes services",
    valued: "-H -M -t -p -n -o --host --machine --root --type --property --state",
    options: elsewhere,
    commands: {
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
  "service rc-service rc-update initctl launchctl supervisorctl pm2 sv s6-rc monit update-rc.d chkconfig": {
    risk: "high",
    effects: ["service"],
    does: "starts, stops or changes services",
    rule: guardsMachine,
    examples: { "service nginx restart": "high", "pm2 restart all": "high", "service ufw stop": "critical" },
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
  "iptables-restore iptables-save nft ufw firewall-cmd pfctl ebtables arptables ipset fail2ban-client": {
    risk: "critical",
    effects: ["network", "privilege"],
    does: "changes the firewall",
    commands: { "status version": { risk: "low", effects: ["read"], does: "tells about the firewall" } },
    examples: { "ufw disable": "critical", "ufw status": "low", "nft flush ruleset": "critical" },
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
  "ifconfig route tc brctl ethtool iwconfig wg wg-quick nmcli netplan networksetup dhclient resolvectl scutil sysctl nsupdate rndc dnscontrol octodns hostnamectl timedatectl localectl":
    {
      risk: "critical",
      effects: ["network", "privilege"],
      does: "changes the network or the kernel's settings",
      examples: {
        "ifconfig eth0 down": "critical",
        "sysctl -w net.ipv4.ip_forward=1": "critical",
        "nsupdate x": "critical",
        "hostnamectl set-hostname x": "critical",
      },
    },
  "useradd usermod userdel adduser deluser groupadd groupmod groupdel passwd chpasswd gpasswd chage vipw vigr newusers visudo chsh chfn newgrp sg dscl dseditgroup htpasswd realm kinit kadmin":
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
  nginx: {
    risk: "low",
    effects: ["read"],
    does: "checks its configuration",
    rule: onlyLooksWith("-t -T -q -v -V", "high", ["service"], "starts or changes a web server"),
    examples: { "nginx -t": "low", "nginx -s reload": "high", nginx: "high", "nginx -t -c x.conf": "high" },
  },
  "caddy apachectl apache2ctl httpd haproxy traefik": {
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
