import type { SshTarget } from "@memomesh/core";

/** The name by which the configuration below knows the target's host. */
export const hostAlias = "memomesh-target";

/** Seconds without an answer after which a connection counts as lost: three questions, one each 15 seconds. */
const alive = { interval: 15, questions: 3 };

/**
 * The whole configuration of ssh for one target. Nothing of the user's or the system's own is read; a host in between
 * obeys the same rules, because ssh hands its configuration file on.
 *
 * @see ssh_config(5)
 */
export function sshConfig({ host, user, port, identity, jump, knownHosts }: SshTarget): string {
  return [
    `Host ${hostAlias}`,
    `HostName ${host}`,
    `User ${user}`,
    `Port ${port}`,
    ...(jump === undefined ? [] : [`ProxyJump ${jump}`]),
    "Host *",
    `UserKnownHostsFile "${knownHosts}"`,
    "GlobalKnownHostsFile /dev/null",
    "StrictHostKeyChecking yes",
    "VerifyHostKeyDNS no",
    "UpdateHostKeys no",
    "CanonicalizeHostname no",
    ...(identity === undefined ? [] : [`IdentityFile "${identity}"`]),
    "IdentitiesOnly yes",
    "BatchMode yes",
    "PreferredAuthentications publickey",
    "ForwardAgent no",
    "ForwardX11 no",
    "ClearAllForwardings yes",
    "PermitLocalCommand no",
    "RequestTTY no",
    "ConnectTimeout 10",
    `ServerAliveInterval ${alive.interval}`,
    `ServerAliveCountMax ${alive.questions}`,
    "LogLevel ERROR",
    "",
  ].join("\n");
}
