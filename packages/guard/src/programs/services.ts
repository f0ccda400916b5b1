import { finding } from "../call.ts";
import type { Program, ProgramTable, Rule } from "../program.ts";
import { every } from "../rules/every.ts";
import { mentions } from "../rules/mention.ts";
import { looksUnlessWithMore, onlyLooksFor, onlyLooksWith } from "../rules/only-looks.ts";
import { textOf } from "../shell/argument.ts";
import { elsewhere, tells } from "./machine.ts";
import { writesFile } from "./usual-options.ts";

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

/** Services, processes and the machine as a whole. */
export const services: ProgramTable = {
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
          { risk: "high", effects: ["service"], does: "does what is not known" },
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
    rule: every(
      onlyLooksFor("status", { risk: "high", effects: ["service"], does: "starts, stops or changes services" }),
      guardsService,
    ),
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
    rule: every(onlyLooksWith("-0 -l -L", { risk: "high", effects: ["service"], does: "ends processes" }), endsAll),
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
  nginx: {
    risk: "low",
    effects: ["read"],
    does: "checks its configuration",
    rule: onlyLooksWith("-t -T -q -v -V", {
      risk: "high",
      effects: ["service"],
      does: "starts or changes a web server",
    }),
    examples: { "nginx -t": "low", "nginx -s reload": "high", nginx: "high", "nginx -t -c x.conf": "high" },
  },
  "php-fpm haproxy": {
    ...tells,
    valued: "-f -y",
    rule: onlyLooksWith("-t -c -v", { risk: "high", effects: ["service"], does: "starts a service" }, "-f -y -q -V"),
    examples: { "php-fpm -t": "low", "haproxy -c -f haproxy.cfg": "low", "haproxy -f x.cfg": "high" },
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
  "mailq postqueue": {
    ...tells,
    rule: looksUnlessWithMore("-p -j", { risk: "high", effects: ["network"], does: "sends what waits" }),
    examples: { mailq: "low", "postqueue -p": "low", "postqueue -f": "high" },
  },
};
