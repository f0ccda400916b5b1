import { type Confinement, type Mount, mountsOf } from "./confinement.ts";

/** Where a sandbox finds the proxy's socket, whatever its folder is called outside. */
export const bridgeFolder = "/run/memomesh";

/** The system, as far as programs need it. Nothing of `/etc` that holds keys or passwords, and nothing of `/run` or `/var`. */
const system = [
  ...["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/home/linuxbrew/.linuxbrew"],
  ...[
    ...[
      "alternatives",
      "bash.bashrc",
      "ca-certificates",
      "ca-certificates.conf",
      "claude-code",
      "codex",
      "crypto-policies",
    ],
    ...["debian_version", "environment", "fonts", "gai.conf", "gemini-cli", "gitconfig", "group", "host.conf", "hosts"],
    ...["inputrc", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias", "locale.conf", "localtime", "magic"],
    ...["mime.types", "nsswitch.conf", "os-release", "passwd", "perl", "pki", "profile", "protocols", "python3"],
    ...["resolv.conf", "services", "shells", "ssl/certs", "ssl/openssl.cnf", "terminfo", "timezone"],
  ].map((name) => `/etc/${name}`),
];

/**
 * The arguments of `bwrap` before the command line that it is to start.
 *
 * It gets no terminal from a session of its own: whoever starts `bwrap` has made one, so that all processes stay in one
 * group and can be ended as one. When `bwrap` ends, whatever the reason, the kernel ends everything in it.
 *
 * @param user the number of the user in the sandbox; never 0
 */
export function bubblewrapArguments(confinement: Confinement, user: number): readonly string[] {
  const { network, cwd, read } = confinement;
  return [
    ...["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"],
    ...(network.kind === "open" ? [] : ["--unshare-net"]),
    ...["--die-with-parent", "--cap-drop", "ALL", "--uid", `${user}`, "--gid", `${user}`, "--hostname", "sandbox"],
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
    // What root has started may write these otherwise, without any right but its number: `core_pattern` is a way out.
    ...["sys", "sysrq-trigger", "irq", "bus"].flatMap((name) => ["--ro-bind-try", `/proc/${name}`, `/proc/${name}`]),
    ...mountsOf({ ...confinement, read: [...system, ...read] }).flatMap(argumentsOf),
    ...(network.kind === "open" ? [] : ["--ro-bind", network.folder, bridgeFolder]),
    ...["--chdir", cwd, "--"],
  ];
}

function argumentsOf({ path, kind }: Mount): readonly string[] {
  switch (kind) {
    case "hidden":
      return ["--tmpfs", path];
    case "read":
      return ["--ro-bind-try", path, path];
    case "write":
      return ["--bind", path, path];
    case "fixed":
      return ["--ro-bind", path, path];
  }
}
