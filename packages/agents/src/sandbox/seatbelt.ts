import { type Confinement, mountsOf } from "./confinement.ts";

/** Where people keep what is theirs on macOS. */
const personal = ["/Users", "/Volumes", "/private/var/root"];
/** Devices to which programs write. */
const devices = ["/dev/null", "/dev/zero", "/dev/tty", "/dev/dtracehelper"];

/**
 * The profile for macOS's `sandbox-exec -p`. Of two rules that fit, the later one counts. The system may be read; of people's
 * folders only what is named.
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
    `(allow file-write* ${devices.map((path) => `(literal ${quoted(path)})`).join(" ")})`,
    ...mounts.flatMap(({ path, kind }) => {
      const place = `(subpath ${quoted(path)})`;
      if (kind === "hidden") return [`(deny file-read* ${place})`];
      if (kind === "read") return [`(allow file-read* ${place})`];
      return kind === "write" ? [`(allow file-read* file-write* ${place})`] : [`(deny file-write* ${place})`];
    }),
    // Programs look at the folders above their own, and find nothing in them but names.
    "(allow file-read-metadata)",
    ...(write.length > 0 ? ["(deny signal)", "(allow signal (target same-sandbox))"] : []),
    ...(network.kind === "open"
      ? []
      : ["(deny network*)", `(allow network-outbound (remote ip "localhost:${network.port}"))`]),
  ].join("\n");
}

function quoted(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
