import type { Risk } from "@memomesh/core";
import type { Effect } from "../classification.ts";
import type { Spot } from "../spot.ts";
import { steersPrograms } from "../steering.ts";
import { mayEndLike, patternRisk, secretRisk } from "./secret-file.ts";

/** What is done to a path. "look": only whether and what kind it is. "point": a link is made to it. */
export type Touch = "look" | "read" | "point" | "write" | "delete" | "erase";

/** How bad it is, and the end of the sentence "it …". */
export interface Touched {
  readonly risk: Risk;
  readonly effects: readonly Effect[];
  readonly text: string;
}

/** The risk of doing this to what lies at that spot. `erase` is the removal of a folder with all that is in it. */
export function touch(what: Touch, spot: Spot, path: string): Touched | undefined {
  switch (what) {
    case "look":
      return { risk: "low", effects: ["read"], text: `looks at ${path}` };
    case "read":
      return readOf(spot, path);
    case "point":
      return pointOf(spot, path);
    case "write":
      return writeOf(spot, path);
    case "delete":
      return deleteOf(spot, path);
    case "erase":
      return eraseOf(spot, path);
  }
}

function readOf(spot: Spot, path: string): Touched {
  const secret = secretsOf(spot);
  if (secret !== undefined)
    return { risk: secret, effects: ["read", "secret"], text: `reads ${path}, which holds secrets` };
  if (holdsEverything(spot))
    return { risk: "high", effects: ["read", "secret"], text: `reads ${path}, and the secrets that lie in it` };
  if (spot.zone === "device") return { risk: "high", effects: ["read", "data"], text: `reads the device ${path}` };
  if (spot.zone === "socket") return { risk: "high", effects: ["network"], text: `opens a connection to ${path}` };
  return { risk: "low", effects: ["read"], text: `reads ${path}` };
}

function pointOf(spot: Spot, path: string): Touched | undefined {
  const secret = secretsOf(spot);
  if (secret !== undefined)
    return { risk: secret, effects: ["secret"], text: `points a link at ${path}, which holds secrets` };
  const far = !["work", "temporary", "unknown"].includes(spot.zone);
  return far
    ? { risk: "medium", effects: ["write"], text: `points a link at ${path}, outside of the working folder` }
    : undefined;
}

function writeOf(spot: Spot, path: string): Touched | undefined {
  const { zone, names, vague } = spot;
  const wrote = (risk: Risk, text: string): Touched => ({ risk, effects: ["write"], text });
  if (zone === "sink") return undefined;
  if (zone === "socket") return { risk: "high", effects: ["network"], text: `opens a connection to ${path}` };
  if (zone === "device") return { risk: "critical", effects: ["write", "data"], text: `writes to the device ${path}` };
  if (zone === "kernel") return wrote("critical", `changes the running kernel through ${path}`);
  if (isKeyFile(spot))
    return { risk: "critical", effects: ["write", "privilege"], text: `changes who may do what, in ${path}` };
  if (isDatabase(spot))
    return { risk: "critical", effects: ["write", "data"], text: `writes to ${path}, where a database keeps its data` };
  if (zone === "system")
    return wrote(spot.whole ? "critical" : "high", `writes to ${path}, which belongs to the system`);
  if (names.some(steersPrograms))
    return wrote("high", `writes to ${path}, which steers what shells, git or agents do later`);
  const hidden = names.some((name) => name.startsWith(".") && name !== ".well-known");
  if (zone === "home") return wrote(hidden ? "high" : "medium", `writes to ${path}, in a home folder`);
  if (zone === "mesh") return wrote("medium", `writes to ${path}, in the mesh`);
  if (zone === "unknown") return wrote("medium", `writes to ${path}, and where that is cannot be known before it runs`);
  if (zone === "outside" || zone === "shared")
    return wrote("medium", `writes to ${path}, outside of the working folder`);
  if (vague) return wrote("medium", `writes to ${path}, of which a part cannot be known before it runs`);
  return hidden ? wrote("medium", `writes to the hidden file ${path}`) : wrote("low", `writes to ${path}`);
}

function deleteOf(spot: Spot, path: string): Touched | undefined {
  const { zone, names } = spot;
  const text = `deletes ${path}`;
  if (isDatabase(spot)) return { risk: "critical", effects: ["delete", "data"], text };
  if (zone === "device" || zone === "kernel" || isKeyFile(spot)) return { risk: "critical", effects: ["delete"], text };
  if (zone === "system") return { risk: spot.whole ? "critical" : "high", effects: ["delete"], text };
  if (names.includes(".git")) return { risk: "high", effects: ["delete", "git-history"], text };
  return { risk: names.some(steersPrograms) ? "high" : "medium", effects: ["delete"], text };
}

function eraseOf(spot: Spot, path: string): Touched | undefined {
  const { zone, names, whole } = spot;
  const erases = (risk: Risk, why: string): Touched => ({
    risk,
    effects: names.includes(".git") ? ["delete", "git-history"] : ["delete"],
    text: `deletes ${path} with all that is in it${why}`,
  });
  switch (zone) {
    case "work":
    case "temporary":
    case "shared":
      if (whole) return erases("high", ": the whole folder");
      if (spot.vague) return erases("high", ", of which a part cannot be known before it runs");
      return erases(names.some(steersPrograms) ? "high" : "medium", "");
    case "mesh":
      return erases(whole ? "critical" : "high", ", in the mesh");
    case "home":
      return erases(whole ? "critical" : "high", ", in a home folder");
    case "outside":
      return erases(
        whole || (path.startsWith("/") && names.length < 2) ? "critical" : "high",
        ", outside of the working folder",
      );
    case "unknown":
      if (whole && spot.rooted) return erases("critical", ": the whole machine when the beginning is empty");
      return erases("high", ", and where that is cannot be known before it runs");
    default:
      return erases("critical", ", which belongs to the system");
  }
}

/** Files of the machine that hold secrets; elsewhere the names say it. */
function secretsOf({ zone, names }: Spot): Risk | undefined {
  const path = names.join("/").replace(/^private\//, "");
  if (zone === "kernel") return /^proc\/[^/]+\/(?:environ|mem|maps)$/.test(path) ? "high" : undefined;
  const system = /^etc\/(?:shadow|gshadow|sudoers|ssl\/private|ssh\/ssh_host_\w+_key$|krb5\.keytab)|^run\/secrets\//;
  const mayBe = zone === "system" && systemSecrets.some((secret) => mayEndLike(names, secret));
  return mayBe || (zone === "system" && system.test(path)) ? "high" : (secretRisk(names) ?? patternRisk(names));
}

/** What a pattern in a system folder may find. */
const systemSecrets = [
  ["etc", "shadow"],
  ["etc", "gshadow"],
  ["etc", "ssh", "ssh_host_rsa_key"],
];

/** Where databases and what is like them keep their data. */
function isDatabase({ zone, names }: Spot): boolean {
  return (
    zone === "system" &&
    /^(?:private\/)?var\/lib\/(?:mysql|mariadb|postgres\w*|pgsql|mongo\w*|redis|valkey|etcd|cassandra|couchdb|elasticsearch|opensearch|influxdb|clickhouse|neo4j|rabbitmq|kafka|zookeeper|minio|prometheus|grafana|docker\/volumes)(?:\/|$)/.test(
      names.join("/"),
    )
  );
}

/** Whole folders in which secrets lie: the machine, a home folder, /etc, /root; also when all that is in them is meant. */
function holdsEverything({ zone, names, whole }: Spot): boolean {
  if (zone === "home") return whole;
  if (zone !== "system") return false;
  const [top = "", ...rest] = names;
  return whole || (["etc", "root", "run", "var"].includes(top) && rest.every((name) => /^\.?\*+$/.test(name)));
}

/** Files that say who may log in, become root or start things as root, who gets through the firewall, and which machine a name means. */
function isKeyFile({ zone, names }: Spot): boolean {
  if (names.some((name) => name === "authorized_keys" || name === "authorized_keys2")) return true;
  if (zone !== "system") return false;
  const path = names.join("/").replace(/^private\//, "");
  return (
    /^etc\/(?:passwd|shadow|group|gshadow|sudoers|doas\.conf|fstab|crypttab|ld\.so|pam|security|ssh|cron|anacrontab|init|profile|environment|bash\.|bashrc|zsh|rc\.|polkit|udev|default\/grub|grub)/.test(
      path,
    ) ||
    /^etc\/(?:iptables|nftables|ufw|firewalld|fail2ban|hosts|resolv|nsswitch|systemd\/(?:resolved|network)|bind|named|unbound|dnsmasq|powerdns|netplan|network|sysctl|modules|modprobe)/.test(
      path,
    ) ||
    /^(?:boot|efi|root\/\.ssh|var\/spool\/cron)(?:\/|$)/.test(path)
  );
}
