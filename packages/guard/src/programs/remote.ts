import type { ProgramTable } from "../program.ts";
import { copiesOver } from "../rules/archive.ts";
import { every } from "../rules/every.ts";
import { remoteText } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";
import { live } from "./live.ts";

const sshValued = "-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B";

/** Other machines. */
export const remote: ProgramTable = {
  "ssh slogin autossh": {
    ...live,
    effects: ["network", "live-infrastructure"],
    does: "works on another machine",
    strict: true,
    valued: sshValued,
    options: {
      "-o": { risk: "high", effects: ["unknown"], does: "has options that can run programs" },
      "-F": { risk: "high", effects: ["unknown"], does: "takes its options from a file" },
      "-A -X -Y -R -D -L -w": { risk: "high", effects: ["network", "secret"], does: "opens ways between the machines" },
    },
    rule: every(
      remoteText(1),
      mentions(
        /(?:ProxyCommand|LocalCommand|KnownHostsCommand|RemoteCommand)/i,
        "critical",
        ["unknown"],
        "is told to run another program",
      ),
    ),
    examples: {
      "ssh web uptime": "high",
      "ssh web 'rm -rf /'": "critical",
      "ssh -o ProxyCommand='sh -c reboot' x": "critical",
      "ssh -p 22 web sudo frobnicate": "critical",
      "ssh -tt web -- reboot": "critical",
      "ssh web <<'E'\nrm -rf /\nE": "critical",
    },
  },
  "scp sftp sshfs": {
    ...live,
    effects: ["network", "live-infrastructure"],
    does: "copies files over the network",
    valued: sshValued,
    options: {
      "-o -S -F -D -J": { risk: "high", effects: ["unknown"], does: "has options that can run programs" },
    },
    rule: copiesOver,
    examples: { "scp a web:/srv/": "high", "scp web:/etc/passwd ~/.bashrc": "high" },
  },
};
