import { finding } from "../call.ts";
import type { ProgramTable } from "../program.ts";
import { every } from "../rules/every.ts";
import { mentions } from "../rules/mention.ts";
import { looksUnlessWithMore, onlyLooksWith } from "../rules/only-looks.ts";
import { textOf } from "../shell/argument.ts";
import { tells } from "./machine.ts";

/** Users, the kernel, the clock and keys of the machine. */
export const system: ProgramTable = {
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
  visudo: {
    ...tells,
    valued: "-f --file",
    rule: onlyLooksWith(
      "-c --check",
      { risk: "critical", effects: ["privilege"], does: "changes who may become root" },
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
    rule: onlyLooksWith(
      "-t -T",
      { risk: "critical", effects: ["network", "privilege"], does: "lets others log in" },
      "-f -q",
    ),
    examples: { "sshd -t": "low", "/usr/sbin/sshd -D": "critical", "sshd -T -o PermitRootLogin=yes": "critical" },
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
  "modprobe insmod rmmod depmod setenforce semanage setsebool aa-disable aa-complain auditctl update-grub grub-install grub-mkconfig efibootmgr update-initramfs dracut nvram csrutil bless":
    {
      risk: "critical",
      effects: ["privilege", "service"],
      does: "changes the kernel or how the machine starts",
      examples: { "modprobe x": "critical", "insmod x.ko": "critical", "setenforce 0": "critical" },
    },
  "chronyc ntpq": {
    risk: "high",
    effects: ["service"],
    does: "may set the clock",
    commands: {
      "tracking sources sourcestats activity": tells,
      "": { ...tells, rule: onlyLooksWith("-p -n", { risk: "high", effects: ["service"], does: "may set the clock" }) },
    },
    rule: looksUnlessWithMore("-c -n -p", { risk: "high", effects: ["service"], does: "may set the clock" }),
    examples: {
      "chronyc -m tracking makestep": "high",
      "chronyc tracking": "low",
      "ntpq -p": "low",
      "chronyc makestep": "high",
      ntpq: "high",
    },
  },
  "certbot acme.sh update-ca-certificates update-ca-trust keytool": {
    risk: "critical",
    effects: ["secret", "network"],
    does: "changes keys and certificates",
    examples: { "certbot renew": "critical" },
  },
};
