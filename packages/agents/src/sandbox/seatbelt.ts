import { type Confinement, isBelow, type Mount, mountsOf } from "./confinement.ts";

/** Where people keep what is theirs on macOS, and what programs leave for each other. */
const personal = [
  ...["/Users", "/Volumes", "/private/var/root"],
  ...["/private/tmp", "/private/var/tmp", "/private/var/folders"],
];
/** Devices to which programs write. */
const devices = ["null", "zero", "dtracehelper", "stdout", "stderr"].map((name) => `/dev/${name}`);
/** Services of the system that give away what they keep for a person: the keychain, the clipboard. */
const keepers = ["com.apple.SecurityServer", "com.apple.pasteboard.1", "com.apple.pboard"];

/**
 * The profile for macOS's `sandbox-exec -p`. Of two rules that fit, the later one counts. The system may be read; of people's
 * folders only what is named. What would do something outside of the sandbox for the program (another application, launchd,
 * the keychain) is not asked.
 *
 * @see https://reverse.put.as/wp-content/uploads/2011/09/Apple-Sandbox-Guide-v1.0.pdf for the language; the operations are
 *   those of Apple's own profiles
 */
export function seatbeltProfile(confinement: Confinement): string {
  const { network, hidden, write } = confinement;
  const mounts = mountsOf({
    ...confinement,
    read: [...personal, ...confinement.read],
    hidden: [...personal, ...hidden],
  });
  return [
    "(version 1)",
    "(allow default)",
    "(deny file-write*)",
    `(allow file-write* ${devices.map((path) => `(literal ${quoted(path)})`).join(" ")} (subpath "/dev/fd"))`,
    ...mounts.flatMap((mount) => ruleOf(mount, write)),
    // Programs look at the folders above their own, and find nothing in them but names.
    "(allow file-read-metadata)",
    "(deny signal)",
    "(allow signal (target same-sandbox))",
    // The environment of other processes has their keys in it.
    "(deny process-info*)",
    "(allow process-info* (target same-sandbox))",
    '(deny sysctl-read (sysctl-name "kern.procargs2"))',
    ...["job-creation", "lsopen", "appleevent-send", "user-preference-write"].map((deed) => `(deny ${deed})`),
    `(deny mach-lookup ${keepers.map((name) => `(global-name ${quoted(name)})`).join(" ")})`,
    ...(network.kind === "open"
      ? []
      : ["(deny network*)", `(allow network-outbound (remote ip "localhost:${network.port}"))`]),
  ].join("\n");
}

function ruleOf({ path, kind }: Mount, write: readonly string[]): string[] {
  const place = `(subpath ${quoted(path)})`;
  switch (kind) {
    case "hidden":
      return [`(deny file-read* file-write* ${place})`];
    case "read":
      return [`(allow file-read* ${place})`];
    case "write":
      return [`(allow file-read* file-write* ${place})`];
    case "fixed":
      // Moved with the folder around it, it would be gone from its place.
      return [
        `(deny file-write* ${place})`,
        ...foldersAround(path, write).map((folder) => `(deny file-write-unlink (literal ${quoted(folder)}))`),
      ];
  }
}

/** The folders that hold a path and lie in one that may be written. */
function foldersAround(path: string, write: readonly string[]): string[] {
  const above = path.slice(0, path.lastIndexOf("/"));
  const inside = write.some((folder) => above !== folder && isBelow(folder, above));
  return inside ? [above, ...foldersAround(above, write)] : [];
}

function quoted(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
