import type { ProgramTable } from "../program.ts";
import { printsSecret, printsVariables } from "../rules/builtin.ts";
import { every } from "../rules/every.ts";
import { mentions } from "../rules/mention.ts";
import { onlyLooksWith } from "../rules/only-looks.ts";
import { readsFile, writesFile } from "./usual-options.ts";

const looks = { risk: "low", effects: ["read"] } as const;

/** Programs that tell about the machine. */
export const facts: ProgramTable = {
  "whoami id groups uname uptime arch nproc tty locale lscpu lsblk lsusb lspci lsmod free ps pgrep pidof who w users last vmstat iostat top which whereis whatis apropos getent getconf lsof logname hostid sw_vers findmnt mpstat lvs vgs pvs lvdisplay vgdisplay pvdisplay xfs_info blkid ipcs lsns lsattr pmap getfacl pg_isready varnishstat":
    {
      ...looks,
      does: "tells about the machine",
      examples: { whoami: "low", "ps aux": "low", "uname -a": "low", "which node": "low", "getent shadow": "high" },
      rule: mentions(/^g?shadow$/, "high", ["secret"], "prints the passwords' digests"),
    },
  date: {
    risk: "low",
    effects: [],
    does: "tells the time",
    valued: "-d -f -r -s --date --file --reference --set",
    options: {
      "-s --set": { risk: "critical", effects: ["service", "privilege"], does: "sets the clock" },
      "-f --file -r --reference": readsFile,
    },
    rule: mentions(/^\d{4,}(?:\.\d\d)?$/, "critical", ["service"], "sets the clock"),
    examples: {
      "date -u +%FT%TZ": "low",
      "date -s 12:00": "critical",
      "date --se=12:00": "critical",
      "date 11210700": "critical",
    },
  },
  "dmidecode numactl": {
    ...looks,
    does: "tells about the machine",
    rule: onlyLooksWith("-t -s -q -H -s --type --string --hardware --show", {
      risk: "high",
      effects: ["unknown"],
      does: "may do more than tell",
    }),
    examples: { "dmidecode -t memory": "low", "numactl --hardware": "low", "numactl -N 0 ./x": "high" },
    valued: "--type --string",
  },
  sar: {
    ...looks,
    does: "tells about the machine",
    valued: "-o -f -s -e -i -I -n -P",
    options: { "-o": writesFile, "-f": readsFile },
    examples: { "sar -u 1 3": "low", "sar -o /etc/x 1": "high" },
  },
  "nvidia-smi": {
    ...looks,
    does: "tells about the GPUs",
    valued: "--query-gpu --query-compute-apps --format -i --id -d --display",
    allowed: "-L --list-gpus -q --query -h --help",
    examples: {
      "nvidia-smi": "low",
      "nvidia-smi --query-gpu=index,name,memory.total,memory.used --format=csv": "low",
      "nvidia-smi -L": "low",
      "nvidia-smi -r": "high",
      "nvidia-smi --persistence-mode=1": "high",
    },
  },
  "ss netstat": {
    ...looks,
    does: "lists connections",
    options: {
      "-K --kill": { risk: "high", effects: ["service"], does: "closes connections" },
      "-D --diag": { risk: "medium", effects: ["write"], does: "writes a file" },
    },
    examples: { "ss -tlnp": "low", "ss -K dst 10.0.0.1": "high" },
  },
  printenv: {
    ...looks,
    does: "prints variables",
    rule: every(printsVariables, printsSecret),
    examples: {
      printenv: "medium",
      "printenv HOME": "low",
      "printenv DB_PASSWORD": "medium",
      "printenv AWS_SECRET_ACCESS_KEY": "medium",
      "printenv DATABASE_URL": "medium",
    },
  },
};
