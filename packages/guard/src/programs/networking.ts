import type { Program, ProgramTable } from "../program.ts";
import { every } from "../rules/every.ts";
import { mentions } from "../rules/mention.ts";
import { looksUnlessWithMore, onlyLooksWith } from "../rules/only-looks.ts";
import { elsewhere, tells } from "./machine.ts";
import { runsProgram, writesFile } from "./usual-options.ts";

const firewall: Program = {
  risk: "critical",
  effects: ["network", "privilege"],
  does: "changes the firewall",
};
const networks: Program = {
  risk: "critical",
  effects: ["network", "privilege"],
  does: "changes the network or the machine's name and time",
};

const looksOnly = looksUnlessWithMore(
  "-a -s -p -H -M --host --machine --all --pretty --static --transient --json --no-pager --property --peers --self",
  networks,
);

const shows: Program = {
  ...tells,
  options: { "-s --show-secrets": { risk: "high", effects: ["secret"], does: "tells keys" } },
};

/** The firewall, the network of the machine, and its name there. */
export const networking: ProgramTable = {
  "iptables ip6tables": {
    ...tells,
    rule: onlyLooksWith("-L -S -n -v --list --list-rules", firewall),
    examples: {
      "iptables -F": "critical",
      "iptables -L -n": "low",
      "iptables -nL -F": "critical",
      "iptables -t nat -L": "critical",
    },
  },
  "iptables-save ip6tables-save": {
    ...tells,
    valued: "-t -f -M --table --file --modprobe",
    allowed: "-c --counters",
    options: { "-f --file": writesFile, "-M --modprobe": runsProgram },
    examples: { "iptables-save > firewall.txt": "low", "iptables-save -M ./x": "high" },
  },
  "firewall-cmd": {
    ...tells,
    rule: onlyLooksWith(
      "--state --list-all --list-all-zones --list-services --list-ports --get-active-zones --get-default-zone --get-zones",
      firewall,
    ),
    examples: { "firewall-cmd --list-all": "low", "firewall-cmd --permanent --add-port=22/tcp": "critical" },
  },
  "iptables-restore ip6tables-restore nft ufw pfctl ebtables arptables ipset fail2ban-client": {
    ...firewall,
    commands: { "status version list": tells },
    rule: looksUnlessWithMore("-a -j -n -s --json --numeric", firewall),
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
  arp: {
    ...tells,
    rule: looksUnlessWithMore("-a -e -n -v", networks),
    examples: { "arp -n": "low", "arp -d 10.0.0.1": "critical" },
  },
  ethtool: {
    ...tells,
    rule: looksUnlessWithMore("-a -c -g -i -k -l -m -S -T", networks),
    examples: { "ethtool eth0": "low", "ethtool -i eth0": "low", "ethtool -s eth0 speed 10": "critical" },
  },
  hostname: {
    risk: "low",
    effects: ["read"],
    does: "tells the machine's name",
    options: { "-b -F --boot --file": { risk: "critical", effects: ["service"], does: "sets the machine's name" } },
    rule: mentions(/^[^-]/, "critical", ["service"], "sets the machine's name"),
    examples: { hostname: "low", "hostname -f": "low", "hostname x": "critical" },
  },
  "named-checkconf named-checkzone": {
    ...tells,
    options: { "-t": { risk: "high", effects: ["privilege"], does: "works in another root" } },
    examples: { "named-checkconf": "low", "named-checkzone -t /x a b": "high" },
  },
};
